"""A real LangChain agent with its fake chat model: question, chart, export, marker, parser, bytes."""

import asyncio
import json
import re
import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of LangChain's own imports
    from langchain.agents import create_agent
    from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
    from langchain_core.messages import AIMessage, ToolMessage
    from langchain_core.tools import BaseTool

from prosa import open as open_desk
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads, bound, bound_downloads
from prosa.exports.markers import AgentResponseParser
from prosa.exports.store import Store
from prosa.identity import Principal
from prosa.integrations.langchain import ALL_TOOLS, ChartExportTool, chart_export_tool, session
from prosa.tools import TOOLS

BAR = json.dumps({"data": [{"type": "bar", "name": "Vendas", "x": ["São Paulo"], "y": [1.5]}]})


class Scripted(FakeMessagesListChatModel):
    """Calls tools with fixed arguments, or with what the last tool said, and repeats the last answer at the end."""

    def bind_tools(self, tools, **kwargs):
        return self

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        result = super()._generate(messages, stop, run_manager, **kwargs)
        said = [message.content for message in messages if isinstance(message, ToolMessage)]
        message = result.generations[0].message
        if said and message.tool_calls:
            message.tool_calls[0]["args"] = {
                name: _filled(value, said[-1]) for name, value in message.tool_calls[0]["args"].items()
            }
        elif said and not message.tool_calls:
            message.content = f"{message.content}\n{said[-1]}"
        return result


def _filled(value, said):
    if value == "{result}":
        return said.rpartition(" ")[2]
    if value == "{id}":
        return re.search(r"^Id do resultado: (.*)$", said, re.MULTILINE)[1]
    return json.dumps(AgentResponseParser.parse_response(said)["chart"]) if value == "{chart}" else value


def call(tool, **arguments):
    return AIMessage(content="", tool_calls=[{"name": tool, "args": arguments, "id": f"call-{tool}"}])


def agent(*calls):
    return create_agent(Scripted(responses=[*calls, AIMessage(content="Pronto.")]), ALL_TOOLS)


def asked(graph):
    return graph.invoke({"messages": [("user", "exporta o gráfico")]})["messages"][-1].content


async def asked_async(graph):
    return (await graph.ainvoke({"messages": [("user", "exporta o gráfico")]}))["messages"][-1].content


def fetched(text, downloads):
    found = AgentResponseParser.parse_response(text)
    assert found["download"] is not None, text
    return downloads.get(found["download"]["filename"])[0]


def test_the_tools_are_langchains_own_kind_with_the_documented_names():
    assert isinstance(chart_export_tool, ChartExportTool)
    assert all(isinstance(tool, BaseTool) for tool in ALL_TOOLS)
    assert [tool.name for tool in ALL_TOOLS] == [*TOOLS]
    assert set(chart_export_tool.args) == {"chart_json", "export_format", "filename"}


def test_an_agent_exports_a_chart_and_its_text_leads_to_the_bytes():
    with bound_downloads() as downloads:
        text = asked(agent(call("export_chart", chart_json=BAR, export_format="csv", filename="vendas")))
        assert "✅ **Chart exported to CSV**" in text
        assert fetched(text, downloads) == "\ufeffseries,x,y\r\nVendas,São Paulo,1.5\r\n".encode()
        assert downloads.clear(AgentResponseParser.parse_response(text)["download"]["filename"]) is True
        assert downloads.all() == {}


async def test_from_a_question_to_bytes(tmp_path):
    (tmp_path / "vendas.csv").write_text("cidade,valor\nSão Paulo,10\nRio,20\n", "utf-8")
    async with open_desk(tmp_path / "vendas.csv", cache_dir=str(tmp_path / "cache")) as desk:
        downloads = PendingDownloads(desk.results, Principal("ana", session="one"), desk=desk, locale="pt-BR")
        with bound_downloads(downloads):
            graph = agent(
                call("run_sql", sql="select cidade, valor from vendas order by valor"),
                call("make_chart", result_id="{result}", title="Vendas"),
                call("export_chart", chart_json="{chart}", export_format="csv"),
            )
            text = await asked_async(graph)
    assert "✅ **Gráfico Exportado para CSV**" in text
    assert fetched(text, downloads).decode("utf-8-sig").splitlines()[1:] == ["valor;São Paulo;10", "valor;Rio;20"]


async def test_an_agent_asks_in_words_and_exports_what_it_was_told(tmp_path):
    (tmp_path / "vendas.csv").write_text("cidade,valor\nSão Paulo,10\nRio,20\n", "utf-8")
    async with open_desk(tmp_path / "vendas.csv", cache_dir=str(tmp_path / "cache")) as desk:
        downloads = PendingDownloads(desk.results, Principal("ana", session="one"), desk=desk, locale="pt-BR")
        with bound_downloads(downloads):
            graph = agent(
                call("list_sources"),
                call("ask", question="valor total por cidade"),
                call("export", result_id="{id}", format="json"),
            )
            text = await asked_async(graph)
    assert b'"Rio"' in fetched(text, downloads)


async def test_code_that_does_not_await_asks_from_a_thread_and_is_told_so_in_the_desks_loop(tmp_path):
    (tmp_path / "vendas.csv").write_text("cidade,valor\nSão Paulo,10\nRio,20\n", "utf-8")
    run_sql = next(tool for tool in ALL_TOOLS if tool.name == "run_sql")
    async with open_desk(tmp_path / "vendas.csv", cache_dir=str(tmp_path / "cache")) as desk:
        with bound_downloads(PendingDownloads(desk.results, Principal("ana"), desk=desk)):
            assert "2 rows." in await asyncio.to_thread(run_sql.invoke, {"sql": "select * from vendas"})
            assert "ainvoke" in run_sql.invoke({"sql": "select * from vendas"})
            assert "2 rows." in await run_sql.ainvoke({"sql": "select * from vendas"})


def test_a_script_that_awaits_nothing_opens_its_data_for_the_tools(tmp_path):
    (tmp_path / "vendas.csv").write_text("cidade,valor\nSão Paulo,10\nRio,20\n", "utf-8")
    with session(tmp_path / "vendas.csv", cache_dir=str(tmp_path / "cache")) as downloads:
        text = asked(
            agent(
                call("run_sql", sql="select cidade, valor from vendas"),
                call("make_chart", result_id="{result}"),
                call("export_chart", chart_json="{chart}", export_format="xml"),
            )
        )
        assert b'x="Rio"' in fetched(text, downloads)
    with pytest.raises(UsageError):
        bound()


async def test_a_chart_is_exported_also_where_a_loop_is_running():
    with bound_downloads() as downloads:
        assert "Rows:** 1" in chart_export_tool.invoke({"chart_json": BAR, "export_format": "csv"})
        assert len(downloads.all()) == 1


async def test_two_sessions_at_once_never_see_each_others_files():
    store = Store()

    async def one(number):
        own = PendingDownloads(store, Principal("ana", session=str(number)))
        figure = json.dumps({"data": [{"type": "bar", "x": [f"secret {number}"], "y": [number]}]})
        with bound_downloads(own):
            calls = call("export_chart", chart_json=figure, export_format="csv", filename="same")
            text = await (asked_async(agent(calls)) if number % 2 else asyncio.to_thread(asked, agent(calls)))
        return text, own

    done = await asyncio.gather(*(one(number) for number in range(8)))
    for number, (text, own) in enumerate(done):
        assert f"secret {number},{number}\r\n".encode() in fetched(text, own)
        assert len(own.all()) == 1
    contents = {fetched(text, own) for text, own in done}
    assert len(contents) == 8


def test_an_agent_reads_what_went_wrong_in_words():
    with bound_downloads() as downloads:
        assert "not valid JSON" in asked(agent(call("export_chart", chart_json="{", export_format="csv")))
        assert "docx" in asked(agent(call("export_chart", chart_json=BAR, export_format="docx")))
        assert downloads.all() == {}


def test_without_a_session_a_tool_raises():
    with pytest.raises(UsageError) as caught:
        chart_export_tool.invoke({"chart_json": BAR, "export_format": "csv"})
    assert caught.value.code == "downloads_unbound"
