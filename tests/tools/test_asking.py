"""The tools that ask: questions, the schema, exports of results, over a real desk."""

import pytest

from prosa import open as open_desk
from prosa.exports.downloads import PendingDownloads
from prosa.exports.markers import extract_download_markers
from prosa.identity import LOCAL, Principal
from prosa.tools import TOOLS
from prosa.tools.search_schema import nearest

SALES = "store,gross_amount,net_amount\nIpanema,10,9\nBelém,20,18\n"
STORES = "store,city\nIpanema,Rio de Janeiro\nBelém,Belém do Pará\n"


@pytest.fixture
async def desk(tmp_path):
    for name, text in (("sales", SALES), ("stores", STORES)):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    (tmp_path / "guide.md").write_text("# Guide\n\nGross amounts include tax.\n")
    places = {name: tmp_path / file for name, file in (("sales", "sales.csv"), ("stores", "stores.csv"))}
    sources = {**places, "guide": tmp_path / "guide.md"}
    async with open_desk(sources, cache_dir=str(tmp_path / "cache"), data_dir=str(tmp_path / "data")) as desk:
        yield desk


@pytest.fixture
def call(desk):
    """Calls a tool for somebody; its words and the entries that were told."""

    async def run(tool, principal=LOCAL, **given):
        told = []

        async def tell(entry):
            told.append(entry)

        session = PendingDownloads(desk.results, principal, desk=desk, told=tell)
        return await TOOLS[tool].call(given, session), told

    return run


def last_line(words, start):
    return next(line.removeprefix(start) for line in reversed(words.splitlines()) if line.startswith(start))


async def test_an_answer_has_words_rows_and_handles_and_every_entry_is_told(call):
    words, told = await call("ask", question="total net amount by store")
    assert words.startswith("Belém comes first with 18")
    assert "Read as: " in words
    assert "| Belém | 18 |" in words
    assert last_line(words, "Run id: ") == told[0].run_id
    assert last_line(words, "Result id: ")
    assert told[-1].terminal


async def test_a_question_goes_on_from_a_run_or_chooses_what_it_asked_back(call):
    asked, _ = await call("ask", question="total amount by store")
    assert "2. Net amount for each sale store" in asked
    run = last_line(asked, "Run id: ")
    for reply in ("2", "net amount for each sale store"):
        words, _ = await call("ask", question=reply, replies_to=run)
        assert "| Belém | 18 |" in words
    words, _ = await call("ask", Principal("eve"), question="2", replies_to=run)
    assert words.startswith("❌ There is nothing here by that name.")


async def test_all_rows_are_exported_by_their_handle(call, desk):
    words, _ = await call("run_sql", sql="SELECT store, net_amount FROM sales ORDER BY store")
    result_id = last_line(words, "Result id: ")
    words, _ = await call("export", result_id=result_id, format=".NDJSON", filename="net.ndjson")
    told, (file,) = extract_download_markers(words)
    assert "2" in told
    data, mime = PendingDownloads(desk.results, LOCAL, desk=desk).get(file["filename"])
    assert (file["filename"].startswith("net_"), mime) == (True, "application/x-ndjson")
    assert data.decode().splitlines()[0] == '{"store":"Belém","net_amount":18}'
    assert (await call("export", Principal("eve"), result_id=result_id))[0].startswith("❌")


async def test_a_file_that_the_store_could_not_hold_is_not_written_to_its_end(tmp_path):
    rows = "".join(f"{number},{'x' * 50}\n" for number in range(20_000))
    (tmp_path / "big.csv").write_text(f"n,t\n{rows}")
    settings = {"cache_dir": str(tmp_path / "cache"), "data_dir": str(tmp_path / "data"), "store_file": 100_000}
    async with open_desk(tmp_path / "big.csv", **settings) as desk:
        session = PendingDownloads(desk.results, LOCAL, desk=desk)
        words = await TOOLS["run_sql"].call({"sql": "SELECT * FROM big"}, session)
        result_id = last_line(words, "Result id: ")
        words = await TOOLS["export"].call({"result_id": result_id}, session)
    assert words.startswith("❌ query_results.csv is larger than the limit")


async def test_sources_are_listed_with_tables_and_documents(call):
    words, _ = await call("list_sources")
    assert words.splitlines() == [
        "- **sales** (csv, SQL: duckdb)", "  - sales: 2 rows.",
        "- **stores** (csv, SQL: duckdb)", "  - stores: 2 rows.",
        "- **guide.md** (md)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "tables"),
    [
        ("net amount", ["sales"]),
        ("city", ["stores"]),
        ("Rio de Janeiro", ["stores"]),
        ("grosss amonut", ["sales"]),
        ("", ["sales", "stores"]),
        ("xylophone", []),
    ],
)
async def test_the_schema_is_searched_by_names_and_values(desk, words, tables):
    catalog = (await desk.databases.open(LOCAL)).catalog
    assert [table.name for table in nearest(catalog, words)] == tables


async def test_what_is_found_is_told_with_types_and_values(call):
    words, _ = await call("search_schema", words="city", source="stores")
    assert words.splitlines()[0] == "**stores** (stores; 2 rows.)"
    assert "- city: text (Belém do Pará, Rio de Janeiro)" in words or "- city: text (Rio de Janeiro" in words
    words, _ = await call("search_schema", words="xylophone")
    assert words == "Nothing here is near to that. The tables are: sales, stores"


@pytest.mark.parametrize("tool", ["ask", "list_sources", "search_schema", "export", "run_sql", "make_chart"])
async def test_without_data_every_tool_says_so(tool, desk):
    given = {"ask": {"question": "x"}, "run_sql": {"sql": "x"}}.get(tool, {"result_id": "x"})
    words = await TOOLS[tool].call(given, PendingDownloads(desk.results, LOCAL))
    assert words.startswith("❌")
    assert words != await TOOLS[tool].call(given, PendingDownloads(desk.results, LOCAL, desk=desk))
