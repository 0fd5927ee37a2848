"""Every way in which a provider can go wrong, while it plans and while it words the answer: a plan that fails is told
in a sentence, words that fail are those of the rules, beside the table that was found all the same."""

import json

import pytest

from prosa.events import Notice


def notices(events):
    return [event.code for event in events if isinstance(event, Notice)]


FAULTS = {
    "429": ({"status": 429, "headers": {"retry-after": "0"}}, {"model_busy"}),
    "500": ({"status": 500, "headers": {"retry-after-ms": "1"}}, {"model_failed"}),
    "timeout": ({"hang": True}, {"model_slow"}),
    "cut": ({"words": ("Grão comes ", "first"), "cut": True}, {"model_unreachable", "model_failed", "model_gave_up"}),
    "nothing": ({"body": b""}, {"model_unreachable", "model_failed", "model_gave_up"}),
    "nonsense": ({"body": b"<html>no</html>"}, {"model_unreachable", "model_failed", "model_gave_up"}),
    "filtered": ({"filtered": True}, {"model_filtered", "model_gave_up", "model_failed"}),
}


CASES = [
    pytest.param(fault, name, marks=pytest.mark.slow if fault == "timeout" and name != "openai" else ())
    for fault in FAULTS
    for name in ("openai", "openai-responses", "anthropic")
]
"""Silence is waited for through one protocol by default; through all of them by `pytest tests/analysts/llm -m slow`."""
EACH = pytest.mark.parametrize(("fault", "protocol"), CASES, indirect=["protocol"])


@EACH
async def test_a_plan_that_fails_is_told_in_a_sentence(provider, asked, replies, protocol, fault):
    reply, codes = FAULTS[fault]
    provider.replies = [replies["Reply"](**reply)]
    answer, _ = await asked(**protocol, **({"model_time": 1.0} if fault == "timeout" else {}))
    assert answer.status == "failed"
    assert answer.failure.code in codes
    assert answer.failure.message
    assert answer.failure.hint or answer.failure.code == "model_failed"
    assert not answer.tables


@EACH
async def test_words_that_fail_are_those_of_the_rules(provider, asked, replies, protocol, fault):
    reply, codes = FAULTS[fault]
    provider.replies = [replies["plan"](), replies["Reply"](**reply)]
    answer, events = await asked(**protocol, **({"model_time": 3.0} if fault == "timeout" else {}))
    assert answer.status == "answered", answer.failure
    assert answer.table.rows[0] == ("Grão", 3678)
    assert "3,678" in answer.text
    assert set(notices(events)) <= codes
    assert fault in ("nothing", "filtered") or notices(events)


async def test_a_provider_that_says_when_is_asked_again_then(provider, asked, replies, protocol):
    busy = replies["Reply"](status=429, headers={"retry-after": "0"})
    provider.replies = [busy, replies["plan"](), busy, replies["say"]("Done.")]
    answer, _ = await asked(**protocol)
    assert (answer.status, answer.text) == ("answered", "Done.")
    assert len(provider.asked) == 4


async def test_bytes_may_be_cut_anywhere(provider, asked, replies, protocol):
    """Inside a frame, a number or a letter of two bytes."""
    provider.replies = [
        piecewise(replies["plan"]()),
        piecewise(replies["say"]("Grão comes first with ", "3,", "678. Então ", "é isso.")),
    ]
    answer, _ = await asked(**protocol)
    assert answer.text == "Grão comes first with 3,678. Então é isso."
    assert answer.blocks[0].spans[0].confirmed


def piecewise(reply):
    reply.pieces = 1
    return reply


async def test_silence_in_place_of_a_plan_is_no_plan(provider, asked, replies, protocol):
    provider.replies = [replies["Reply"]()]
    answer, _ = await asked(**protocol)
    assert answer.failure.code == "model_gave_up"
    assert len(provider.asked) <= 8


@pytest.mark.parametrize("made", ["words", "sql", "calls"])
async def test_ten_megabytes_in_place_of_a_plan_are_not_sent_back(provider, asked, replies, made):
    long = "x" * 10_000_000
    provider.replies = {
        "words": [replies["say"](long), replies["plan"](), replies["say"]("Done.")],
        "sql": [replies["plan"](f"SELECT '{long}'"), replies["plan"](), replies["say"]("Done.")],
        "calls": [replies["call"]("search_schema", {"words": long}), replies["plan"](), replies["say"]("Done.")],
    }[made]
    answer, events = await asked()
    assert max(len(json.dumps(request)) for request in provider.asked) < 200_000
    assert sum(len(repr(event)) for event in events) < 200_000
    assert answer.status in ("answered", "failed")


async def test_an_endless_loop_after_first_results_leaves_the_first_answer(provider, asked, replies):
    loop = replies["call"]("search_schema", {"words": "stores"})
    provider.replies = [replies["plan"](look_again=True), loop]
    answer, events = await asked(model_requests=5)
    assert answer.status == "answered"
    assert answer.table.rows[0] == ("Grão", 3678)
    assert "model_budget" in notices(events)
    assert len(provider.asked) == 5


async def test_numbers_of_a_refusal_are_checked_too(provider, asked, replies):
    no = {"reason": "not_in_data", "words": "In 2025 it was 4,711, but there are no costs here."}
    provider.replies = [replies["call"]("refuse", no)]
    answer, _ = await asked("what did it cost in 2025?")
    assert [span.confirmed for span in answer.blocks[0].spans] == [True, False]


async def test_no_word_of_a_plan_carries_an_address(provider, asked, replies):
    bad = "See ![x](http://evil.example/?d=1) <img src=http://evil.example> www.evil.example now"
    query = {"sql": "SELECT store, SUM(amount) AS t FROM sales GROUP BY store", "titles": [bad, "Total"]}
    made = {"reading": bad, "queries": [query], "chart": "bar", "chart_title": bad}
    provider.replies = [replies["call"]("plan", made), replies["say"](bad)]
    _, events = await asked()
    shown = [event for event in events if type(event).__name__ not in ("ToolCalled", "ToolReturned")]
    assert "evil" not in repr(shown)
    options = [{"label": bad, "question": bad}, {"label": "b", "question": "b"}]
    provider.replies = [replies["call"]("ask_back", {"question": bad, "options": options})]
    _, events = await asked()
    assert "evil" not in repr(events)
    provider.replies = [replies["call"]("refuse", {"reason": "forecast", "words": bad})]
    _, events = await asked()
    assert "evil" not in repr(events)
