"""Spans around the calls of a model: pydantic-ai's own, inside of the stage that called."""

import asyncio
from pathlib import Path

import pytest

import prosa
from prosa.answer import Answer
from prosa.config import Settings
from prosa.identity import Principal
from prosa.question import Question

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
async def traced(sales, settings):
    """Asks the model's analyst with spans on; gives the answer."""

    async def ask(text="revenue by store please", **more):
        async with prosa.open(sales, tracing="otlp", **{**settings, **more}) as desk:
            return await (await desk.start(Question(text, analyst="llm"))).finished()

    return ask


def named(spans, start):
    return [span for span in spans.get_finished_spans() if span.name.startswith(start)]


async def test_a_call_of_the_model_is_a_span_in_its_stage(spans, provider, traced, replies):
    provider.replies = [replies["plan"](), replies["say"]("Grão leads with 3,678.")]
    assert (await traced()).status == "answered"
    chats = named(spans, "chat ")
    assert len(chats) == 2
    assert chats[0].attributes["gen_ai.request.model"] == "fake"
    assert chats[0].attributes["gen_ai.provider.name"] == "openai"
    assert chats[0].attributes["gen_ai.usage.input_tokens"] == 100
    parents = {span.context.span_id: span for span in spans.get_finished_spans()}

    def above(span):
        names = []
        while span.parent is not None:
            span = parents[span.parent.span_id]
            names.append(span.name)
        return names

    assert above(chats[0])[-2:] == ["stage plan", "invoke_workflow prosa"]
    assert above(chats[1])[-2:] == ["stage respond", "invoke_workflow prosa"]


@pytest.mark.parametrize("content", [False, True])
async def test_what_the_model_was_told_and_said_is_no_content_of_spans_unless_asked_for(
    spans, provider, traced, replies, content
):
    provider.replies = [
        replies["call"]("sample_values", {"table": "sales", "column": "store"}),
        replies["plan"]("SELECT sekret FROM sales"),  # sent back with what the engine says of it
        replies["plan"](),
        replies["say"]("Grão leads."),
    ]
    assert (await traced("which shop is our pride?", tracing_content=content)).status == "answered"
    words = "\n".join(span.to_json() for span in spans.get_finished_spans())
    for said in ("pride", "SUM(amount)", "sekret", " leads", "Caf"):
        assert (said in words) is content, said
    assert "secret-key" not in words


async def test_a_statement_is_explained_once_however_often_the_model_brings_it(spans, provider, traced, replies):
    by_store = "SELECT store, SUM(amount) AS total FROM sales GROUP BY store"
    provider.replies = [
        replies["call"]("try_sql", {"sql": by_store}),
        replies["plan"](by_store),
        replies["say"]("Grão leads."),
    ]
    assert (await traced()).status == "answered"
    assert len(named(spans, "EXPLAIN ")) == 1
    assert len(named(spans, "SELECT ")) == 2  # the trial's few rows, and the answer's


async def test_a_model_that_fails_ends_its_spans(spans, provider, traced, replies):
    provider.replies = [replies["Reply"](status=500)]
    assert (await traced()).status == "failed"
    (run,) = named(spans, "invoke_workflow")
    assert run.attributes["error.type"] == "model_failed"
    assert all(not span.status.is_ok for span in named(spans, "chat "))
    assert len(named(spans, "stage plan")) == 1


async def test_streamlits_own_engine_has_the_same_spans(spans, provider, sales, settings, replies):
    """It runs in a thread of its own, and asks agents of its own before the pipeline."""
    from prosa.streamlit.local import LocalEngine

    folders = {name: Path(settings[name]) for name in ("cache_dir", "data_dir")}
    provider.replies = [replies["plan"](), replies["say"]("Grão leads with 3,678.")]

    def asked():
        engine = LocalEngine(Settings(**{**settings, **folders, "tracing": "otlp"}), (("sales", str(sales)),))
        ana = Principal("ana", session="s1")
        question = Question("which shop is our pride?", analyst="llm")
        answer = Answer.fold(engine.ask(ana, question, engine.new_conversation(ana, ""), None))
        engine.close()
        return answer

    answer = await asyncio.to_thread(asked)
    assert answer.text == "Grão leads with 3,678.", answer.failure
    (run,) = named(spans, "invoke_workflow")
    by_id = {span.context.span_id: span for span in spans.get_finished_spans()}
    chats = named(spans, "chat ")
    assert [span.attributes["gen_ai.usage.input_tokens"] for span in chats] == [100, 100]
    stages = named(spans, "stage ")
    assert [span.name for span in stages] == [f"stage {name.stage}" for name in answer.stages]
    assert all(by_id[span.parent.span_id] is run for span in stages)
    assert all(span.context.trace_id == run.context.trace_id for span in (*chats, *named(spans, "EXPLAIN ")))
    assert "pride" not in "".join(span.to_json() for span in spans.get_finished_spans())
