"""The stages over real workers: which events come, in which order, and what is kept."""

import pytest

from prosa.errors import QueryError, QuestionError, TimeLimit, UsageError
from prosa.events import (
    Chart,
    Checked,
    Completed,
    Interpreted,
    QueryFailed,
    Sql,
    StageCompleted,
    StageStarted,
    Table,
    Text,
)
from prosa.identity import LOCAL
from prosa.question import Context, Question


def stages(events):
    return [
        (type(event).__name__[5:], event.stage) for event in events if isinstance(event, StageStarted | StageCompleted)
    ]


def text(events):
    return "".join(event.delta for event in events if isinstance(event, Text))


async def test_a_question_goes_through_all_stages_in_order(asking):
    events = await asking.events("total sales by store")
    names = ["classify", "select", "plan", "execute", "respond"]
    assert stages(events) == [(end, name) for name in names for end in ("Started", "Completed")]
    assert all(event.summary and event.duration_ms >= 0 for event in events if isinstance(event, StageCompleted))


async def test_the_statement_is_shown_before_it_runs_and_the_reading_before_that(asking):
    kinds = [type(event) for event in await asking.events("total sales by store")]
    assert kinds.index(Interpreted) < kinds.index(Sql) < kinds.index(Table) < kinds.index(Chart) < kinds.index(Text)


async def test_an_answer_has_table_chart_and_checked_words(asking, only):
    events = await asking.events("total sales by store")
    table = only(events, Table)
    assert table.rows == (("Ribeira", 5400), ("Centro", 5490)) or table.rows[0][0] == "Centro"
    assert [column.format for column in table.columns] == ["", "currency"]
    assert only(events, Chart).result_id == table.result_id
    spans = [span for event in events if isinstance(event, Checked) for span in event.spans]
    assert spans
    assert all(span.confirmed for span in spans)
    assert not any(isinstance(event, Completed) for event in events)


async def test_places_of_checked_numbers_are_those_of_the_whole_block(asking):
    events = await asking.events("total sales by store")
    words = text(events)
    numbers = [words[span.start : span.end] for event in events if isinstance(event, Checked) for span in event.spans]
    assert numbers[0].startswith("5,")
    assert all(number[0].isdigit() for number in numbers)


async def test_results_are_kept_for_their_owner_with_where_they_come_from(asking):
    await asking.events("total sales by store", Context(LOCAL, "run-7"))
    principal, result, provenance = asking.kept.put_in[0]
    assert principal == LOCAL
    assert (provenance.run_id, provenance.rows, provenance.version) == ("run-7", result.total, "9.9")
    assert provenance.question == "total sales by store"


@pytest.mark.parametrize(
    ("question", "words"),
    [("Hi!", "Hello"), ("obrigado", "De nada!"), ("What can you do?", "questions about your data")],
)
async def test_small_talk_needs_classify_alone(asking, question, words):
    events = await asking.events(question)
    assert stages(events) == [("Started", "classify"), ("Completed", "classify")]
    assert words in text(events)


async def test_questions_about_tables_are_answered_from_the_catalog(asking):
    assert "sales (120 rows)" in text(await asking.events("what tables are there?"))
    assert "Há 2 tabelas." in text(await asking.events("quais tabelas existem?"))
    events = await asking.events("columns of sales")
    assert "sold_on (date)" in text(events)
    assert not any(isinstance(event, Sql) for event in events)


async def test_sql_typed_as_the_question_runs_through_the_guard(asking, only):
    events = await asking.events("SELECT COUNT(*) AS n FROM sales")
    assert only(events, Table).rows == ((120,),)
    assert text(events) == "n: 120."


async def test_edited_sql_runs_instead_of_the_question(asking, only):
    events = await asking.events(Question("how many sales?", sql="SELECT MAX(amount) AS top FROM sales"))
    assert only(events, Table).rows == ((180,),)


async def test_a_statement_that_the_guard_refuses_is_a_refusal_with_its_reason(asking, only):
    events = await asking.events("DELETE FROM sales")
    assert only(events, Completed).outcome == "refused"
    assert text(events)
    assert not any(isinstance(event, Sql) for event in events)
    assert only(await asking.events("SELECT COUNT(*) FROM sales"), Table).rows == ((120,),)


async def test_a_statement_that_fails_says_so_and_leaves_its_stage_open(asking):
    events = []
    with pytest.raises(QueryError):
        await asking.pipeline.answer(Question("SELECT abs('x', 2) FROM sales"), Context(LOCAL, "r"), events.append)
    assert any(isinstance(event, QueryFailed) for event in events)
    assert stages(events)[-1] == ("Started", "plan")


async def test_a_refusal_names_what_it_did_not_understand_and_ends_as_refused(asking, only):
    events = await asking.events("average salary of stores")
    assert [word.text for word in only(events, Interpreted).unknown] == ["salary"]
    assert isinstance(events[-1], Completed)
    assert events[-1].outcome == "refused"


async def test_a_limit_cuts_the_table_and_is_told(asking, only):
    events = await asking.events(Question("list sales", limit=10))
    table = only(events, Table)
    assert (len(table.rows), table.truncated) == (10, True)
    assert "limit" in text(events)


async def test_a_preview_has_fifty_rows_and_short_cells(asking, only):
    table = only(await asking.events("SELECT sale_id, replace(hex(zeroblob(300)), '00', 'x') AS t FROM sales"), Table)
    assert (len(table.rows), table.total) == (50, 120)
    assert len(table.rows[0][1]) == 200


async def test_a_statement_stops_at_its_time_limit(asking):
    asking.pipeline._parts = asking.pipeline._parts._replace(time_limit=0.2)
    with pytest.raises(TimeLimit):
        await asking.events("SELECT COUNT(*) FROM sales a, sales b, sales c, sales d, sales e, sales f")


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "question_empty"),
        ("  \n\t", "question_empty"),
        ("?!", "question_empty"),
        ("x" * 100_000, "question_too_long"),
    ],
)
async def test_a_question_that_is_none_is_an_error(asking, question, code):
    with pytest.raises(QuestionError) as error:
        await asking.events(question)
    assert error.value.code == code
    assert error.value.sentence("en") != error.value.sentence("pt-BR")


async def test_an_unknown_analyst_is_named(asking):
    with pytest.raises(UsageError) as error:
        await asking.events(Question("how many sales?", analyst="oracle"))
    assert "oracle" in str(error.value)


async def test_a_model_that_nobody_named_is_missing(asking):
    with pytest.raises(UsageError) as error:
        await asking.events(Question("how many sales?", analyst="llm"))
    assert error.value.code == "analyst_no_model"


async def test_control_characters_and_pictures_do_not_disturb(asking, only):
    assert only(await asking.events("how many\x00 sales\u200b are there? 📈"), Table).rows == ((120,),)


async def test_today_is_the_pipelines_clock_unless_the_question_has_its_own(asking, only):
    from datetime import date

    events = await asking.events("how many sales last month?")
    assert "May 1, 2025" in next(event.words for event in events if type(event).__name__ == "Notice")
    assert only(await asking.events(Question("how many sales last month?", as_of=date(2025, 3, 9))), Table).rows == (
        (28,),
    )


async def test_the_answer_is_in_the_language_that_was_asked_for(asking):
    assert text(await asking.events(Question("how many sales?", locale="pt-BR"))).startswith("Número de")


async def test_spanish_is_answered_or_refused_but_never_fails(asking):
    for question in ("¿cuántas tiendas hay?", "Wie viele Verkäufe gibt es?"):
        events = await asking.events(question)
        assert any(isinstance(event, Table | Completed) for event in events)
