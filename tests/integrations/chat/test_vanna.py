"""A real Vanna 2 agent behind the chat endpoint: its mock model, SQL tool, SQLite runner, memory and file system."""

import httpx
import pytest

pytest.importorskip("vanna", reason="needs the extra `vanna`")

from vanna import MockLlmService

from prosa.integrations.fastapi import FolderCsvManager, MemoryCsvManager

SQL = "SELECT name, albums FROM artist ORDER BY albums DESC"


def kinds(frames):
    return [frame["event"] for frame in frames]


@pytest.mark.parametrize("stream", [True, False])
def test_a_question_gives_statement_words_and_the_tools_own_file(chatting, vanna, runner, tmp_path, stream, querying):
    agent = vanna(querying(SQL), "admin", stream_responses=stream)
    csv = FolderCsvManager(tmp_path / "files")
    with chatting(agent, sql_runner=runner, csv_manager=csv) as chat:
        told = chat.ask("which artist has the most albums?")
        last = told[-1]
        assert (last["event"], last["sql"]) == ("complete", SQL)
        assert last["answer"].endswith("AC/DC has the most albums.")
        assert kinds(told)[0] == "start"
        assert kinds(told).count("sql") == 1
        assert kinds(told)[-2:] == ["csv", "complete"]
        assert "IMPORTANT" not in last["answer"]
        (made,) = (tmp_path / "files").rglob("*.csv")
        assert last["csv_url"] == f"/static/query_results/{made.name}"
        assert chat.get(last["csv_url"]).content == made.read_bytes()
        assert chat.get(last["csv_url"], user="bia").status_code == 404


def test_two_users_get_their_own_files(chatting, vanna, runner, tmp_path, querying):
    csv = FolderCsvManager(tmp_path / "files")
    with chatting(vanna(querying(SQL)), sql_runner=runner, csv_manager=csv) as chat:
        ana, bia = (chat.ask("albums?", user=user)[-1]["csv_url"] for user in ("ana", "bia"))
        assert ana != bia
        assert [chat.get(ana, user).status_code for user in ("ana", "bia")] == [200, 404]
        assert [chat.get(bia, user).status_code for user in ("ana", "bia")] == [404, 200]


def test_the_rows_are_kept_in_memory_where_the_tool_keeps_no_file(chatting, vanna, runner, querying):
    with chatting(vanna(querying(SQL), "admin"), sql_runner=runner, csv_manager=MemoryCsvManager()) as chat:
        last = chat.ask("albums?")[-1]
        assert chat.get(last["csv_url"]).text == "name,albums\nAC/DC,2\nÁgua,1\n"


def test_show_tables_is_answered_where_sqlite_lacks_it(chatting, vanna, runner, querying):
    model = querying("SHOW TABLES", "There is one table.")
    with chatting(vanna(model, "admin"), sql_runner=runner, csv_manager=MemoryCsvManager()) as chat:
        told = chat.ask("which tables?")
        assert "sql" in kinds(told)
        assert chat.get(told[-1]["csv_url"]).text == "name\nartist\n"


def test_the_mock_model_alone_is_words(chatting, vanna):
    with chatting(vanna(MockLlmService("Hello from the mock."))) as chat:
        told = chat.ask("hi")
    assert kinds(told) == ["start", "chunk", "complete"]
    assert told[-1]["answer"].startswith("Hello from the mock.")


def test_an_agent_that_breaks_is_an_error_and_tells_no_secret(chatting, vanna):
    class Broken(MockLlmService):
        async def stream_request(self, request):
            raise RuntimeError("api key sk-secret")
            yield

    with chatting(vanna(Broken())) as chat:
        last = chat.ask("hi")[-1]
    assert (last["event"], last["code"]) == ("error", "agent_failed")
    assert "secret" not in str(last)


def test_a_body_is_refused_before_the_agent_is_asked(chatting, vanna):
    model = MockLlmService()
    with chatting(vanna(model)) as chat:
        assert httpx.post(f"{chat.url}/api/vanna/v2/chat_sse", json={"message": ""}).status_code == 400
    assert model.call_count == 0
