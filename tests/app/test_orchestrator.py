"""`PipelineOrchestrator`: one result, and a callback that can't harm it."""

import asyncio

import pytest

import prosa
from prosa.errors import QuestionError, UsageError


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("store,gross_amount\n" + "".join(f"Store {n % 12},{n}.5\n" for n in range(60)))
    return path


@pytest.fixture
async def pipeline(sales, tmp_path):
    async with prosa.PipelineOrchestrator(sales, cache_dir=str(tmp_path / "cache")) as pipeline:
        yield pipeline


async def test_stages_are_told_as_they_begin_and_end(pipeline):
    told = []

    async def progress(stage, what, data):
        told.append((stage, what, data))

    result = await pipeline.process_request("gross amount by store", progress_callback=progress)
    order = ["stage_a", "stage_b", "stage_c", "stage_e", "stage_d"]
    assert [(stage, what) for stage, what, _ in told] == [(s, w) for s in order for w in ("start", "complete")]
    assert told[0][2] == {"stage": "A", "name": "Classification", "message": "🔍 Analyzing your request..."}
    assert set(told[1][2]) == {"stage", "name", "message", "duration_ms"}
    assert (result.success, result.outcome, list(result.stage_durations)) == (True, "answered", order)
    assert "**first 10 of 12**" in result.message
    assert result.sql.startswith("SELECT")
    assert [file.name for file in result.files] == ["query_results.csv", "chart.html"]


async def test_a_callback_is_told_while_the_run_goes_on(pipeline):
    seen = asyncio.Event()

    async def progress(stage, what, data):
        seen.set()

    asking = asyncio.create_task(pipeline.process_request("gross amount by store", progress_callback=progress))
    await seen.wait()
    assert not asking.done()
    await asking


async def test_a_callback_that_raises_is_told_all_the_rest(pipeline, caplog):
    told = []

    async def progress(stage, what, data):
        told.append(stage)
        raise RuntimeError("theirs")

    result = await pipeline.process_request("gross amount by store", progress_callback=progress)
    assert result.success
    assert len(told) == 10
    assert "the progress callback failed" in caplog.text


async def test_a_callback_that_never_comes_back_holds_nothing_up(pipeline, monkeypatch):
    monkeypatch.setattr("prosa.app.orchestrator._CALLBACK_GRACE", 0.01)
    stopped = asyncio.Event()

    async def progress(stage, what, data):
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    result = await pipeline.process_request("gross amount by store", progress_callback=progress)
    assert result.success
    await stopped.wait()


async def test_a_plain_function_may_be_the_callback(pipeline):
    told = []
    await pipeline.process_request("Hi", progress_callback=lambda *given: told.append(given[:2]))
    assert told == [("stage_a", "start"), ("stage_a", "complete")]


async def test_a_session_goes_on_from_its_last_question_and_no_other(pipeline):
    first = await pipeline.process_request("gross amount by store", session_id="s")
    again = await pipeline.process_request("top 3", session_id="s")
    assert first.answer.replies_to is None
    assert again.answer.replies_to == first.answer.run_id
    assert (await pipeline.process_request("Hi", session_id="other")).answer.replies_to is None


async def test_a_failure_is_a_result_and_not_an_exception(pipeline):
    result = await pipeline.process_request("SELECT CAST(store AS INTEGER) AS s FROM sales", request_id="mine")
    assert (result.success, result.outcome, result.stage, result.code) == (False, "failed", "E", "query_failed")
    assert result.request_id == "mine"
    assert result.message


async def test_what_was_given_wrongly_is_said_at_once(pipeline):
    with pytest.raises(QuestionError):
        await pipeline.process_request("  ")
    with pytest.raises(UsageError, match="colour"):
        await pipeline.process_request("x", context={"colour": "red"})
    assert (await pipeline.process_request("Hi", context={"locale": "pt-BR", "sources": ["sales"]})).success


async def test_it_opens_itself_and_leaves_a_desk_of_others_open(sales, tmp_path):
    alone = prosa.PipelineOrchestrator(sales, cache_dir=str(tmp_path / "cache"))
    assert (await alone.process_request("Hi")).success
    await alone.aclose()
    async with prosa.open(sales, cache_dir=str(tmp_path / "cache")) as desk:
        async with prosa.PipelineOrchestrator(desk) as over:
            assert (await over.process_request("gross amount by store")).success
        assert [entry async for entry in desk.ask("Hi")]


async def test_a_number_chooses_what_the_session_was_asked_back(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("store,gross_amount,net_amount\n" + "".join(f"Store {n % 3},{n}.5,{n}.25\n" for n in range(30)))
    async with prosa.PipelineOrchestrator(path, cache_dir=str(tmp_path / "cache")) as pipeline:
        asked = await pipeline.process_request("total amount by store", session_id="one")
        other = await pipeline.process_request("2", session_id="two")
        chosen = await pipeline.process_request("2", session_id="one")
    assert asked.outcome == "clarify"
    assert "\n2. Net amount" in asked.message
    assert other.sql is None
    assert "net_amount" in chosen.sql


async def test_a_callback_that_raises_at_any_call_harms_nothing(pipeline):
    errors = [RuntimeError("theirs"), asyncio.CancelledError(), StopIteration(), TimeoutError(), GeneratorExit()]
    for at in range(10):
        told = []

        async def progress(stage, what, data, at=at, told=told):
            told.append((stage, what))
            if len(told) == at + 1:
                raise errors[at % len(errors)]

        result = await pipeline.process_request("gross amount by store", progress_callback=progress)
        assert (result.success, len(result.stage_durations)) == (True, 5)
        assert result.sql.startswith("SELECT")
        assert len(told) > at


async def test_a_callback_that_sleeps_delays_neither_the_run_nor_other_requests(pipeline):
    """It sleeps in every call; the requests beside it are over before its first sleep is."""
    go, told = asyncio.Event(), []

    async def progress(stage, what, data):
        told.append((stage, what))
        await go.wait()

    slow = asyncio.create_task(pipeline.process_request("gross amount by store", progress_callback=progress))
    for _ in range(3):
        assert (await pipeline.process_request("gross amount by store")).success
    assert told == [("stage_a", "start")]
    go.set()
    assert (await slow).success


async def test_a_callback_that_is_none_harms_nothing(pipeline, caplog):
    for nonsense in (lambda: None, 7, lambda *given: 7, lambda *given: object()):
        assert (await pipeline.process_request("Hi", progress_callback=nonsense)).success


async def test_a_request_that_is_given_up_ends_its_run(pipeline):
    begun = asyncio.Event()

    async def progress(stage, what, data):
        begun.set()

    asking = asyncio.create_task(pipeline.process_request("gross amount by store", progress_callback=progress))
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await pipeline.process_request("Hi")).success
    assert pipeline._desk.runs.working == 0
