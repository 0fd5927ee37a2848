"""A provider that is down, slow, over its limits or out of its mind."""

import pytest

from prosa.events import Notice, ToolCalled


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "model_key"), (403, "model_key"), (404, "model_unknown"), (402, "model_quota"), (500, "model_failed")],
)
async def test_a_provider_that_refuses_is_told_in_a_sentence(provider, asked, replies, status, code):
    provider.replies = [replies["Reply"](status=status)]
    answer, _ = await asked()
    assert answer.failure.code == code
    assert "secret-key" not in answer.failure.message + answer.failure.hint


async def test_a_provider_that_is_busy_is_asked_again_when_it_says(provider, asked, replies):
    busy = replies["Reply"](status=429, headers={"retry-after": "0"})
    provider.replies = [busy, replies["plan"](), replies["say"]("Done.")]
    answer, _ = await asked()
    assert answer.status == "answered", answer.failure


async def test_a_provider_that_stays_busy_is_not_waited_for(provider, asked, replies):
    provider.replies = [replies["Reply"](status=429, headers={"retry-after": "0"})]
    answer, _ = await asked()
    assert answer.failure.code == "model_busy"


async def test_a_model_that_takes_too_long_is_left(provider, asked, replies):
    provider.replies = [replies["Reply"](hang=True)]
    answer, _ = await asked(model_time=0.5)
    assert answer.failure.code == "model_slow"


async def test_a_model_that_is_not_there_is_said_to_be_out_of_reach(asked):
    answer, _ = await asked(model_url="http://127.0.0.1:9/v1")
    assert answer.failure.code == "model_unreachable"


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>502</html>", b'{"choices": []}'])
async def test_nonsense_is_no_answer(provider, asked, replies, body):
    provider.replies = [replies["Reply"](body=body)]
    answer, _ = await asked()
    assert answer.failure.code in ("model_gave_up", "model_failed", "model_unreachable")


async def test_words_that_break_off_are_followed_by_those_of_the_rules(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Grão comes first. ", "Then ", "come ", "others.", cut=True)]
    answer, events = await asked()
    assert answer.status == "answered"
    assert answer.table is not None
    assert answer.text
    assert any(isinstance(event, Notice) for event in events)


async def test_silence_is_followed_by_the_words_of_the_rules(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("")]
    answer, _ = await asked()
    assert answer.status == "answered"
    assert "3,678" in answer.text


async def test_an_answer_without_end_is_cut(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("word " * 2_000_000)]
    answer, _ = await asked()
    assert answer.status == "answered"
    assert 0 < len(answer.text) < 7_000


async def test_an_endless_loop_of_tools_meets_the_budget(provider, asked, replies):
    provider.replies = [replies["call"]("search_schema", {"words": "stores"})]
    answer, events = await asked(model_requests=4)
    assert answer.failure.code == "model_budget"
    assert len(provider.asked) == 4
    assert sum(isinstance(event, ToolCalled) for event in events) <= 4


async def test_tokens_are_a_budget_too(provider, asked, replies):
    provider.replies = [replies["call"]("search_schema", {"words": "stores"})]
    answer, _ = await asked(model_tokens=1_000)
    assert answer.failure.code == "model_budget"
    assert len(provider.asked) <= 10
