"""The Model Context Protocol with its own client: over HTTP and as a child process, in both generations."""

import asyncio
import base64
import json
import sys
import threading
from contextlib import asynccontextmanager, suppress

import httpx2
import mcp_types as types
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from prosa.exports.store import StoredFile
from prosa.identity import Principal

TOKENS = {"ana": "ana-token-0123456789", "bia": "bia-token-0123456789"}
GENERATIONS = ("legacy", "auto")
AMBIGUOUS = "total amount by store"


@pytest.fixture(scope="module")
def sales(tmp_path_factory, recorder):
    file = tmp_path_factory.mktemp("sales") / "sales.csv"
    file.write_text(recorder.sales(), "utf-8")
    return file


@pytest.fixture(scope="module")
def real(serving, sales):
    """A server with the staged pipeline over the golden sales."""
    with serving(real=True, sources=[("sales", str(sales))]) as server:
        yield server


@asynccontextmanager
async def connected(server, user="ana", **options):
    """A client over HTTP, signed in as somebody."""
    headers = {"authorization": f"Bearer {TOKENS[user]}"} if user else {}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
        async with Client(transport, **options) as client:
            yield client


def words(result):
    return result.content[0].text


def links(result):
    return [part for part in result.content if part.type == "resource_link"]


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_the_tools_say_what_they_do_and_that_they_only_read(real, mode):
    async with connected(real, mode=mode) as client:
        assert (client.server_info.name, client.server_info.title) == ("prosa", "Prosa")
        tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == [
        "ask", "list_sources", "search_schema", "run_sql", "make_chart", "export",
    ]  # fmt: skip
    for tool in tools:
        assert tool.title
        assert tool.description
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert all(described["description"] for described in tool.input_schema["properties"].values())


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_an_answer_has_words_values_links_and_progress(real, mode):
    told = []

    async def progress(done, total, message):
        told.append((done, total, message))

    async with connected(real, mode=mode) as client:
        result = await client.call_tool(
            "ask", {"question": "gross amount by store in 2025"}, progress_callback=progress
        )
        (chart,) = links(result)
        figure = json.loads((await client.read_resource(chart.uri)).contents[0].text)
    assert not result.is_error
    assert words(result).startswith("Ipanema comes first with 6,310.00")
    assert "| Ipanema | 6310 |" in words(result)
    values = result.structured_content
    assert values["outcome"] == "answered"
    assert values["tables"][0]["rows"][0] == ["Ipanema", 6310]
    assert values["queries"][0]["sql"].startswith("SELECT")
    assert values["checked"] == {"confirmed": 5, "unconfirmed": 0}
    assert figure["data"][0]["x"][0] == "Ipanema"
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {total for _, total, _ in told} == {5}
    assert {0.0, 1.0, 2.0, 3.0, 4.0} <= {done for done, _, _ in told}


@pytest.mark.parametrize("mode", GENERATIONS)
@pytest.mark.parametrize("action", ["accept", "decline", "cancel"])
async def test_a_question_back_is_asked_of_the_person(real, mode, action):
    asked = []

    async def person(context, params):
        asked.append(params)
        content = {"option": "Net amount for each store"} if action == "accept" else None
        return types.ElicitResult(action=action, content=content)

    async with connected(real, mode=mode, elicitation_callback=person) as client:
        result = await client.call_tool("ask", {"question": AMBIGUOUS})
    (form,) = asked
    assert form.message == "Which of these do you mean?"
    assert form.requested_schema["properties"]["option"]["enum"][1] == "Net amount for each store"
    if action == "accept":
        assert result.structured_content["outcome"] == "answered"
        assert "net_amount" in result.structured_content["queries"][0]["sql"]
    else:
        assert result.structured_content["outcome"] == "clarify"
        assert "2. Net amount for each store" in words(result)


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_where_nobody_can_be_asked_the_model_gets_the_options(real, mode):
    async with connected(real, mode=mode) as client:
        asked = await client.call_tool("ask", {"question": AMBIGUOUS})
        assert asked.structured_content["outcome"] == "clarify"
        for reply in ("2", "Net amount for each store"):
            again = {"question": reply, "replies_to": asked.structured_content["run_id"]}
            result = await client.call_tool("ask", again)
            assert "net_amount" in result.structured_content["queries"][0]["sql"]


async def test_a_result_is_drawn_and_exported_by_its_handle(real):
    async with connected(real) as client:
        sql = "SELECT store, sum(net_amount) AS net FROM sales GROUP BY store ORDER BY net DESC"
        result = await client.call_tool("run_sql", {"sql": sql})
        handle = {"result_id": result.structured_content["tables"][0]["result_id"]}
        figure = words(await client.call_tool("make_chart", {**handle, "kind": "bar"}))
        assert json.loads(figure.removeprefix("```json\n").removesuffix("\n```"))["data"][0]["type"] == "bar"
        csv = await client.call_tool("export", {**handle, "format": "csv", "filename": "net"})
        assert "DOWNLOAD_FILE" not in words(csv)
        (link,) = links(csv)
        text = (await client.read_resource(link.uri)).contents[0].text
        assert text.removeprefix("\ufeff").splitlines()[:2] == ["store,net", "Ipanema,5675.00"]
        (link,) = links(await client.call_tool("export", {**handle, "format": "xlsx"}))
        assert base64.b64decode((await client.read_resource(link.uri)).contents[0].blob).startswith(b"PK")


async def test_a_file_that_is_asked_for_in_words_is_linked_and_read(real):
    async with connected(real) as client:
        result = await client.call_tool("ask", {"question": "gross amount by store in 2025, as csv"})
        (file,) = [link for link in links(result) if link.uri.startswith("prosa://files/")]
        assert "Ipanema" in (await client.read_resource(file.uri)).contents[0].text


class Endless:
    """A file that is written while it is read, and never ends."""

    def __init__(self):
        self.closed = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        return b"x" * (1 << 20)

    async def aclose(self):
        self.closed = True


async def test_a_file_that_no_message_can_carry_is_refused(real):
    written = Endless()
    stored = StoredFile("all.csv", "text/csv", write=lambda: written)
    file_id = real.desk.results.put_file(Principal("ana"), stored)
    async with connected(real) as client:
        with pytest.raises(MCPError, match="larger than the limit of 32 MB"):
            await client.read_resource(f"prosa://files/{file_id}")
    assert written.closed


def test_without_the_extra_the_address_says_what_to_install(serving, monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp.server.streamable_http_manager", None)
    with serving() as server, server.client("ana") as client:
        reply = client.post("/mcp", json={})
    assert (reply.status_code, reply.json()["code"]) == (501, "extra_missing")
    assert 'pip install "prosa[mcp]"' in reply.json()["hint"]


async def test_sources_and_schema_are_found(real):
    async with connected(real) as client:
        assert (
            words(await client.call_tool("list_sources", {})) == "- **sales** (csv, SQL: duckdb)\n  - sales: 60 rows."
        )
        found = words(await client.call_tool("search_schema", {"words": "net amounts"}))
        assert "net_amount: decimal" in found
        assert "store: text (Belém, Ipanema, São Paulo)" in found
        nothing = words(await client.call_tool("search_schema", {"words": "xylophone"}))
        assert nothing.endswith("The tables are: sales")


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("ask", {}, "required field `question`"),
        ("ask", {"question": "  "}, "The question is empty."),
        ("ask", {"question": "x", "sources": ["nowhere"]}, "nowhere"),
        ("ask", {"question": "x", "replies_to": "nobody"}, "There is nothing here by that name."),
        ("run_sql", {"sql": "SELECT nothing FROM sales"}, "nothing"),
        ("run_sql", {"sql": "SELECT CAST(store AS INTEGER) FROM sales"}, "Could not convert"),
        ("export", {"result_id": "nobody's"}, "There is nothing here by that name."),
        ("export", {"result_id": "x", "format": "docx"}, "There is no export format docx."),
        ("make_chart", {"result_id": "nobody's"}, "There is nothing here by that name."),
    ],
)
async def test_what_can_not_be_done_is_an_error_in_words(real, tool, given, says):
    async with connected(real) as client:
        result = await client.call_tool(tool, given)
        assert says in words(result)
        assert result.is_error or result.structured_content["outcome"] in ("refused", "failed")
        assert not (await client.call_tool("list_sources", {})).is_error


async def test_a_statement_that_changes_data_is_refused(real):
    async with connected(real) as client:
        result = await client.call_tool("run_sql", {"sql": "DELETE FROM sales"})
        assert result.structured_content["outcome"] == "refused"
        kept = await client.call_tool("run_sql", {"sql": "SELECT count(*) AS n FROM sales"})
    assert kept.structured_content["tables"][0]["rows"] == [[60]]


async def test_unknown_tools_and_resources_are_errors_of_the_protocol(real):
    async with connected(real) as client:
        with pytest.raises(MCPError, match="Unknown tool: export_chart"):
            await client.call_tool("export_chart", {})
        for uri in ("prosa://files/none", "prosa://runs/a/charts/b", "file:///etc/passwd", "prosa://files/../x"):
            with pytest.raises(MCPError, match="nothing here"):
                await client.read_resource(uri)
        assert len((await client.list_resource_templates()).resource_templates) == 2


async def test_what_belongs_to_somebody_else_is_not_there(real):
    async with connected(real) as ana:
        asked = await ana.call_tool("ask", {"question": "gross amount by store in 2025"})
        result_id = asked.structured_content["tables"][0]["result_id"]
        file = links(await ana.call_tool("export", {"result_id": result_id}))[0].uri
        chart = links(asked)[0].uri
        assert (await ana.read_resource(file)).contents
        async with connected(real, "bia") as bia:
            for uri in (file, chart):
                with pytest.raises(MCPError, match="nothing here"):
                    await bia.read_resource(uri)
            for tool, given in (
                ("export", {"result_id": result_id}),
                ("ask", {"question": "1", "replies_to": asked.structured_content["run_id"]}),
            ):
                assert "nothing here" in words(await bia.call_tool(tool, given))


def test_nobody_gets_in_without_a_sign_in_and_no_session_changes_hands(real):
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }  # fmt: skip
    sent = {"accept": "application/json, text/event-stream"}
    with real.client(None) as nobody, real.client("ana") as ana, real.client("bia") as bia:
        refused = nobody.post("/mcp", json=hello, headers=sent)
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
        assert nobody.post("/mcp", json=hello, headers={**sent, "x-user-id": "ana"}).status_code == 401
        opened = ana.post("/mcp", json=hello, headers=sent)
        assert opened.status_code == 200
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-06-18"}
        ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        assert bia.post("/mcp", json=ready, headers={**sent, **session}).status_code == 404
        assert ana.post("/mcp", json=ready, headers={**sent, **session}).status_code == 202
        evil = {**sent, "origin": "https://evil.example"}
        assert ana.post("/mcp", json=hello, headers=evil).status_code == 403
        assert ana.post("/mcp", content=b"{", headers={**sent, "content-type": "application/json"}).status_code == 400


def test_a_page_of_an_allowed_origin_may_speak_the_protocol(serving):
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type, mcp-method, mcp-name, mcp-protocol-version",
    }
    with serving(allowed_origins=("https://app.example",)) as server, server.client(None) as browser:
        allowed = browser.options("/mcp", headers={**asked, "origin": "https://app.example"})
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://app.example")
        assert browser.options("/mcp", headers={**asked, "origin": "https://evil.example"}).status_code == 400


async def test_a_call_that_is_given_up_stops_its_run(playing):
    ended, runs = threading.Event(), []
    playing.desk.runs.watch(lambda run: (runs.append(run.answer.status), ended.set()))
    async with connected(playing, mode="legacy") as client:
        reached = asyncio.Event()

        async def progress(done, total, message):
            if done == 3:
                reached.set()

        calling = asyncio.create_task(client.call_tool("ask", {"question": "cancelled"}, progress_callback=progress))
        await reached.wait()
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        assert await asyncio.to_thread(ended.wait, 20)
    assert runs == ["cancelled"]


async def test_a_server_that_ends_lets_its_sessions_go(serving, sales):
    """The client has a stream open all the time; the end of the block waits for the server's."""
    context = None
    with serving(real=True, sources=[("sales", str(sales))]) as server:
        context = connected(server, mode="legacy")
        client = await context.__aenter__()
        assert (await client.list_tools()).tools
    with suppress(Exception):  # whatever the client makes of it
        await context.__aexit__(None, None, None)


async def test_prosa_mcp_serves_a_program_that_starts_it(sales, tmp_path):
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "prosa", "mcp", str(sales)],
        env={"PROSA_CACHE_DIR": str(tmp_path / "cache"), "PROSA_DATA_DIR": str(tmp_path / "data")},
    )
    for mode in GENERATIONS:
        async with Client(command, mode=mode) as client:
            result = await client.call_tool("ask", {"question": "gross amount by store in 2025"})
            assert words(result).startswith("Ipanema comes first with 6,310.00")
            (chart,) = links(result)
            assert (await client.read_resource(chart.uri)).contents


@pytest.mark.parametrize("place", ["http", "stdio"])
def test_the_inspector_finds_nothing_wrong_and_gets_an_answer(inspector, real, sales, tmp_path, place):
    """Strict: it ends with an error where a tool's schema would not suit some client."""
    target = {
        "http": [f"{real.url}/mcp", "--header", f"Authorization: Bearer {TOKENS['ana']}"],
        "stdio": [sys.executable, "-m", "prosa", "mcp", str(sales)],
    }[place]
    tools = json.loads(inspector(*target, "--method", "tools/list", "--strict"))["tools"]
    assert len(tools) == 6
    ask = ("--method", "tools/call", "--tool-name", "ask", "--tool-arg", "question=gross amount by store in 2025")
    assert "Ipanema comes first" in json.loads(inspector(*target, *ask))["content"][0]["text"]
