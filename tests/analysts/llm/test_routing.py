"""`auto`: the rules where they are sure, the model elsewhere, the rules again where the model fails."""

from pathlib import Path

import pytest

from prosa.analysts.sure import SURE
from prosa.config import Settings
from prosa.events import Notice

SCRIPTS = Path(__file__).parents[3] / "scripts"


def notices(events):
    return [event.code for event in events if isinstance(event, Notice)]


async def test_what_the_rules_are_sure_of_needs_no_model(provider, asked):
    answer, _ = await asked("how many sales are there?", analyst="auto")
    assert answer.table.rows == ((36,),)
    assert provider.asked == []


async def test_what_the_rules_do_not_understand_goes_to_the_model(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Grão leads.")]
    answer, _ = await asked("which shop is our pride and joy?", analyst="auto")
    assert answer.text == "Grão leads."
    assert len(provider.asked) == 2


@pytest.mark.parametrize("question", ["delete all sales", "total amount in 1999"])
async def test_a_final_no_of_the_rules_needs_no_model(provider, asked, question):
    answer, _ = await asked(question, analyst="auto")
    assert answer.status == "refused"
    assert provider.asked == []


async def test_where_the_model_is_down_the_rules_say_what_they_understood(provider, asked, replies):
    provider.replies = [replies["Reply"](status=500)]
    answer, events = await asked("which shop is our pride and joy?", analyst="auto")
    assert answer.status == "refused"
    assert notices(events) == ["model_failed"]


async def test_where_the_model_is_slow_less_sure_rules_answer(provider, asked, replies):
    provider.replies = [replies["Reply"](hang=True)]
    answer, events = await asked("total amount by store", analyst="auto", model_sure=1.0, model_time=0.5)
    assert answer.status == "answered", answer.text
    assert "3,678" in answer.text
    assert notices(events) == ["model_slow"]


async def test_the_threshold_is_a_setting(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Done.")]
    await asked("total amount by store", analyst="auto", model_sure=1.0)
    assert len(provider.asked) == 2


async def test_without_a_model_auto_is_the_rules(provider, asked):
    answer, _ = await asked("total amount by store", analyst="auto", model="", model_url="")
    assert answer.status == "answered"
    assert provider.asked == []


async def test_where_the_model_is_over_its_budget_the_rules_answer(provider, asked, replies):
    provider.replies = [replies["call"]("search_schema", {"words": "store"})]  # and again, and again
    answer, events = await asked("total amount by store", analyst="auto", model_sure=1.0, model_requests=2)
    assert answer.status == "answered", answer.text
    assert "3,678" in answer.text
    assert notices(events) == ["model_budget"]
    assert len(provider.asked) == 2


async def test_where_nobody_answers_at_the_models_address_the_rules_answer(asked):
    nobody = "http://127.0.0.1:9/v1"
    answer, events = await asked("total amount by store", analyst="auto", model_sure=1.0, model_url=nobody)
    assert answer.status == "answered", answer.text
    assert notices(events) == ["model_unreachable"]


async def test_a_model_that_fails_at_the_words_leaves_plain_ones(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["Reply"](status=500)]
    answer, events = await asked("total amount by store", analyst="auto", model_sure=1.0)
    assert answer.status == "answered", answer.text
    assert answer.text
    assert notices(events) == ["model_failed"]


def test_the_threshold_is_fitted_and_the_settings_default():
    assert 0.5 < SURE < 1.0
    assert Settings().model_sure == SURE


def test_the_fit_takes_the_lowest_threshold_that_keeps_nine_of_ten_right(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    fit = pytest.importorskip("fit_routing", reason="needs numpy")
    answered = [fit.Answered(0.9 - place / 1000, True) for place in range(90)]
    answered += [fit.Answered(0.7, False)] * 10 + [fit.Answered(0.6, False)] * 100
    answered += [fit.Answered(None, False)] * 50
    assert fit.fitted(answered) == 0.6
    assert "100 of 250" in fit.told(answered, 0.6)
    assert fit.fitted([fit.Answered(0.9, False)] * 100) == 1.0
    assert fit.fitted([fit.Answered(0.9, True)] * 10) == 1.0, "too few to say"
