"""What the model may plan, how its mistakes come back to it, and what it is shown."""

import json

import pytest

from prosa.events import Clarification, Notice, Sql, ToolCalled, ToolReturned


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


async def test_a_plan_shows_its_reading_its_sql_and_titles(provider, asked, replies):
    query = {"sql": "SELECT store, SUM(amount) AS t FROM sales GROUP BY store", "titles": ["Store", "Total"]}
    plan = {"reading": "Total per store.", "queries": [query], "chart": "pie", "chart_title": "Shares"}
    provider.replies = [replies["call"]("plan", plan), replies["say"]("Done.")]
    answer, events = await asked()
    assert answer.reading == "Total per store."
    assert [column.name for column in answer.table.columns] == ["Store", "Total"]
    assert "FROM" in of(events, Sql)[0].text
    assert answer.charts[0].figure["data"][0]["type"] == "pie"


async def test_tools_answer_the_model_and_stand_in_the_log(provider, asked, replies):
    provider.replies = [
        replies["call"]("search_schema", {"words": "stores"}),
        replies["call"]("describe_table", {"table": "sales"}),
        replies["call"]("sample_values", {"table": "sales", "column": "store", "like": "CAF"}),
        replies["call"]("try_sql", {"sql": "SELECT COUNT(*) AS n FROM sales"}),
        replies["plan"](),
        replies["say"]("Done."),
    ]
    answer, events = await asked()
    assert answer.status == "answered", answer.failure
    assert [call.tool for call in of(events, ToolCalled)] == [
        "search_schema",
        "describe_table",
        "sample_values",
        "try_sql",
    ]
    returned = of(events, ToolReturned)
    assert "Café Sul" in returned[2].result
    assert "Empório" not in returned[2].result
    assert "36" in returned[3].result
    assert not any(one.failed for one in returned)


@pytest.mark.parametrize(
    ("tool", "arguments", "advice"),
    [
        ("describe_table", {"table": "sale"}, "Nearest: sales"),
        ("sample_values", {"table": "sales", "column": "stores"}, "Nearest: store"),
        ("sample_values", {"table": "nowhere", "column": "x"}, "There is no table"),
        ("try_sql", {"sql": "SELECT amnt FROM sales"}, "amount"),
        ("try_sql", {"sql": "DELETE FROM sales"}, "DELETE"),
        ("try_sql", {"sql": "SELECT * FROM read_csv('/etc/passwd')"}, "read_csv"),
        ("search_schema", {"words": "unicorns"}, "All tables: sales"),
    ],
)
async def test_a_tools_mistake_comes_back_with_advice(provider, asked, replies, tool, arguments, advice):
    provider.replies = [replies["call"](tool, arguments), replies["plan"](), replies["say"]("Done.")]
    answer, events = await asked()
    assert answer.status == "answered", answer.failure
    assert advice in of(events, ToolReturned)[0].result


@pytest.mark.parametrize(
    ("sql", "advice"),
    [
        ("SELECT store, SUM(amonut) FROM sales GROUP BY store", "sales.amount"),
        ("SELECT * FROM invoices", "not"),
        ("DROP TABLE sales", "DROP"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("COPY sales TO 'x.csv'", "COPY"),
    ],
)
async def test_a_statement_that_cannot_run_is_repaired_before_anybody_sees_it(provider, asked, replies, sql, advice):
    provider.replies = [replies["plan"](sql), replies["plan"](), replies["say"]("Done.")]
    answer, events = await asked()
    assert answer.status == "answered", answer.failure
    assert len(of(events, Sql)) == 1
    assert advice.lower() in json.dumps(provider.asked[1]["messages"]).lower()


async def test_a_model_that_never_gets_it_right_is_given_up(provider, asked, replies):
    provider.replies = [replies["plan"]("SELECT nope FROM sales")]
    answer, events = await asked(locale="pt-BR")
    assert answer.status == "failed"
    assert answer.failure.code == "model_gave_up"
    assert answer.failure.message == "O modelo de linguagem não deu uma resposta utilizável."
    assert len(provider.asked) == 4  # the first plan and three repairs
    assert not of(events, Sql)


@pytest.mark.parametrize("arguments", ['{"reading": "x", "queries": [', "[]", '{"queries": []}', '"x"'])
async def test_malformed_arguments_are_sent_back(provider, asked, replies, arguments):
    provider.replies = [replies["call"]("plan", arguments), replies["plan"](), replies["say"]("Done.")]
    answer, _ = await asked()
    assert answer.status == "answered", answer.failure


async def test_a_question_back_has_its_options(provider, asked, replies):
    options = [{"label": "By sum", "question": "sum by store"}, {"label": "By count", "question": "count by store"}]
    provider.replies = [replies["call"]("ask_back", {"question": "Which?", "options": options})]
    answer, events = await asked()
    assert answer.status == "clarify"
    assert of(events, Clarification)[0].options[1].question == "count by store"


async def test_a_refusal_is_said_and_is_no_failure(provider, asked, replies):
    provider.replies = [replies["call"]("refuse", {"reason": "not_in_data", "words": "There are no margins here."})]
    answer, _ = await asked()
    assert (answer.status, answer.text) == ("refused", "There are no margins here.")


async def test_a_second_plan_may_build_on_the_first_results(provider, asked, replies):
    first = replies["call"](
        "plan", {"reading": "r", "queries": [{"sql": "SELECT MAX(amount) AS m FROM sales"}], "look_again": True}
    )
    provider.replies = [first, replies["plan"]("SELECT store FROM sales WHERE amount = 312"), replies["say"]("Done.")]
    answer, events = await asked()
    assert [event.query_id for event in of(events, Sql)] == ["q1", "q2"]
    assert answer.table.rows == (("Grão",),)
    assert "312" in json.dumps(provider.asked[1]["messages"])


async def test_no_second_plan_without_the_wish_and_none_when_it_is_enough(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Done.")]
    await asked()
    assert len(provider.asked) == 2
    provider.asked.clear()
    provider.replies = [replies["plan"](look_again=True), replies["call"]("enough", {}), replies["say"]("Done.")]
    answer, events = await asked()
    assert len(of(events, Sql)) == 1
    assert answer.status == "answered"


async def test_a_conversation_goes_on(provider, sales, settings, replies):
    import prosa

    provider.replies = [replies["plan"](), replies["say"]("Grão leads."), replies["plan"](), replies["say"]("Done.")]
    async with prosa.open(sales, **settings) as desk:
        from prosa.question import Question

        first = [entry async for entry in desk.ask(Question("revenue please", analyst="llm"))]
        again = Question("and only 2025?", analyst="llm", replies_to=first[0].run_id)
        async for _ in desk.ask(again):
            pass
    shown = json.dumps(provider.asked[2]["messages"], ensure_ascii=False)
    assert "revenue please" in shown
    assert "Grão leads." in shown


async def test_of_many_tables_only_the_likely_ones_are_shown_and_the_others_can_be_found(
    provider, asked, replies, tmp_path
):
    import sqlite3

    file = tmp_path / "many.sqlite"
    with sqlite3.connect(file) as connection:
        for place in range(1000):
            connection.execute(f"CREATE TABLE t{place:03d}_stuff (id INTEGER, thing{place:03d} TEXT)")
        connection.execute("CREATE TABLE warehouse_returns (id INTEGER, reason TEXT, amount INTEGER)")
        connection.execute("INSERT INTO warehouse_returns VALUES (1, 'broken', 7)")
    connection.close()
    provider.replies = [
        replies["call"]("search_schema", {"words": "thing777"}),
        replies["plan"]("SELECT SUM(amount) AS total FROM warehouse_returns"),
        replies["say"]("7."),
    ]
    answer, events = await asked("total of warehouse returns", source=file)
    assert answer.table.rows == ((7,),)
    first = json.dumps(provider.asked[0]["messages"])
    assert "warehouse_returns" in first
    assert first.count("_stuff") < 15
    assert "989 more tables" in first
    assert "t777_stuff" in of(events, ToolReturned)[0].result


async def test_a_model_that_is_not_set_up_is_said_to_be_missing(asked):
    answer, _ = await asked(model="")
    assert answer.failure.code == "analyst_no_model"


@pytest.mark.parametrize(
    ("model", "code"), [("gpt-5", "model_setting"), ("nobody:x", "model_setting"), ("google:x", "model_no_key")]
)
async def test_a_setting_that_is_no_model_is_named(asked, monkeypatch, model, code):
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    answer, _ = await asked(model=model, model_url="")
    assert answer.failure.code == code


async def test_notices_come_from_the_rules_alone(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Done.")]
    _, events = await asked()
    assert not of(events, Notice)


async def test_what_a_run_has_cost_is_told_where_the_price_is_known(provider, asked, replies):
    def priced(reply, model):
        reply.model = model
        return reply

    for model, known in (("gpt-4o", True), ("fake", False)):
        provider.replies = [priced(replies["plan"](), model), priced(replies["say"]("Done."), model)]
        _, events = await asked(model=f"openai:{model}")
        assert events[-1].tokens == 240
        assert (events[-1].cost is not None and 0 < events[-1].cost < 0.01) == known
