"""The registry of tools: schemas for models, and answers in words whatever happens."""

import json

import pytest

from prosa import open as open_desk
from prosa.exports.downloads import PendingDownloads, bound_downloads
from prosa.exports.markers import AgentResponseParser
from prosa.exports.store import Store
from prosa.identity import Principal
from prosa.tools import TOOLS

BAR = json.dumps(
    {"data": [{"type": "bar", "name": "Vendas", "x": ["São Paulo", "=1+1"], "y": [1.5, 2]}], "layout": {"title": "T"}}
)
CSV = "cidade,valor\n" + "".join(f"Cidade {number},{number * 10}\n" for number in range(1, 31))


@pytest.fixture
def session():
    return PendingDownloads(Store(), Principal("ana", session="one"))


@pytest.fixture
async def desk(tmp_path):
    (tmp_path / "vendas.csv").write_text(CSV, "utf-8")
    async with open_desk(tmp_path / "vendas.csv", cache_dir=str(tmp_path / "cache")) as desk:
        yield desk


def made(answer, session):
    marker = AgentResponseParser.parse_response(answer)["download"]
    data, mime = session.get(marker["filename"])
    assert (len(data), mime) == (marker["file_size"], marker["mime_type"])
    return data


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_every_tool_describes_itself_and_its_arguments(tool):
    schema = tool.schema
    assert tool.description
    assert schema["type"] == "object"
    assert all(described["description"] for described in schema["properties"].values())
    assert set(schema["required"]) <= set(schema["properties"])


async def test_a_chart_becomes_a_waiting_file_and_a_marker(session):
    answer = await TOOLS["export_chart"].call({"chart_json": BAR, "export_format": "csv"}, session)
    lines = answer.splitlines()
    assert lines[0] == "✅ **Chart exported to CSV**"
    assert lines[2].startswith("📊 **File:** `chart_export_")
    assert lines[3] == "📋 **Rows:** 2"
    assert lines[-1].startswith("DOWNLOAD_FILE:chart_export_")
    assert made(answer, session) == "\ufeffseries,x,y\r\nVendas,São Paulo,1.5\r\nVendas,'=1+1,2\r\n".encode()


@pytest.mark.parametrize(
    ("format", "line", "start"),
    [
        ("xml", "📈 **Séries:** 1", b"<?xml"), ("html", "📏 **Tamanho:** 5", b"<!DOCTYPE html>"),
        ("xlsx", "📋 **Linhas:** 2", b"PK"), ("json", "📏 **Tamanho:** 1", b'{"data":'),
        (".CSV ", "📋 **Linhas:** 2", b""), ("parquet", "📋 **Linhas:** 2", b"PAR1"),
    ],
)  # fmt: skip
async def test_formats_in_portuguese(format, line, start, session):
    session.locale = "pt-BR"
    answer = await TOOLS["export_chart"].call({"chart_json": BAR, "export_format": format}, session)
    assert answer.startswith(f"✅ **Gráfico Exportado para {format.strip(' .').upper()}**")
    assert line in answer
    assert made(answer, session).startswith(start)


async def test_a_brazilians_csv_has_brazilian_marks(session):
    session.locale = "pt-BR"
    answer = await TOOLS["export_chart"].call({"chart_json": BAR, "export_format": "csv"}, session)
    assert "Vendas;São Paulo;1,5\r\n".encode() in made(answer, session)


@pytest.mark.parametrize(
    ("wanted", "stem"),
    [
        ("Vendas 2024", "Vendas_2024"), ("vendas.csv", "vendas"), ("../../etc/passwd", "etc_passwd"),
        ("", "chart_export"), (" ", "chart_export"), ("a\nb:c", "a_b_c"),
    ],
)  # fmt: skip
async def test_a_name_of_ones_own_is_made_safe(wanted, stem, session):
    given = {"chart_json": BAR, "export_format": "csv", "filename": wanted}
    await TOOLS["export_chart"].call(given, session)
    (name,) = session.all()
    assert name.startswith(f"{stem}_2")
    assert name.endswith(".csv")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"chart_json": "{", "export_format": "csv"}, "not valid JSON"),
        ({"chart_json": '{"data": []}', "export_format": "csv"}, "no traces"),
        ({"chart_json": BAR, "export_format": "docx"}, "docx"),
        ({"export_format": "csv"}, "chart_json"),
        ({"chart_json": 5, "export_format": "csv"}, "chart_json"),
    ],
)
async def test_what_cannot_be_exported_is_said_and_leaves_no_file(given, said, session):
    answer = await TOOLS["export_chart"].call(given, session)
    assert answer.startswith("❌ ")
    assert said in answer
    assert session.all() == {}


async def test_a_statement_gives_a_short_table_and_a_handle(desk):
    session = PendingDownloads(desk.results, Principal("ana"), desk=desk)
    answer = await TOOLS["run_sql"].call({"sql": "select cidade, valor from vendas order by valor"}, session)
    assert answer.splitlines()[:3] == ["| cidade | valor |", "| --- | --- |", "| Cidade 1 | 10 |"]
    assert "30 rows." in answer
    assert "Cidade 21" not in answer
    assert len(answer) < 5_000


async def test_a_result_is_drawn_and_taken_away(desk):
    session = PendingDownloads(desk.results, Principal("ana"), desk=desk)
    answer = await TOOLS["run_sql"].call({"sql": "select cidade, valor from vendas where valor < 60"}, session)
    drawn = await TOOLS["make_chart"].call(
        {"result_id": answer.rpartition(" ")[2], "kind": "pie", "title": "V"}, session
    )
    figure = AgentResponseParser.parse_response(drawn)["chart"]
    assert figure["data"][0]["type"] == "pie"
    exported = await TOOLS["export_chart"].call({"chart_json": json.dumps(figure), "export_format": "csv"}, session)
    assert made(exported, session).count(b"\n") == 6


async def test_a_handle_of_somebody_else_is_not_there(desk):
    ana = PendingDownloads(desk.results, Principal("ana"), desk=desk)
    bob = PendingDownloads(desk.results, Principal("bob"), desk=desk)
    result_id = (await TOOLS["run_sql"].call({"sql": "select cidade, valor from vendas"}, ana)).rpartition(" ")[2]
    assert (await TOOLS["make_chart"].call({"result_id": result_id}, bob)).startswith("❌ There is nothing here")
    assert (await TOOLS["make_chart"].call({"result_id": result_id}, ana)).startswith("```json")


@pytest.mark.parametrize("sql", ["delete from vendas", "select * from nowhere", "select 1; drop table vendas", "sel"])
async def test_a_statement_that_is_refused_or_fails_is_said(sql, desk):
    session = PendingDownloads(desk.results, Principal("ana"), desk=desk)
    answer = await TOOLS["run_sql"].call({"sql": sql}, session)
    assert "Result id" not in answer
    assert answer


async def test_without_data_the_tools_say_so():
    with bound_downloads() as session:
        for tool, given in (("run_sql", {"sql": "select 1"}), ("make_chart", {"result_id": "x"})):
            assert "No data are connected" in await TOOLS[tool].call(given, session)
