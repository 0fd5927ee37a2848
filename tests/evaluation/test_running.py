"""Suites against a real desk: real children, real engines, the guard before the gold as well."""

import msgspec
import pytest

from prosa.app import Desk
from prosa.errors import UsageError
from prosa.evaluation import running, suite
from prosa.evaluation.predictions import Prediction

COUNT = {
    "id": "count",
    "database": "shop.sqlite",
    "question": "How many stores?",
    "query": "SELECT count(*) FROM stores",
}


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def desk(settings):
    async with Desk(settings) as desk:
        yield desk


@pytest.fixture
def cases(suite_file, shop):
    return lambda *items: suite.read(suite_file(*items), shop)


@pytest.fixture
async def judged(desk, cases):
    """The outcomes of items with predictions of the test's own, by id."""

    async def judge(sql, **more):
        item = {"id": "q", "database": "shop.sqlite", "question": "?", **more}
        predictions = {"q": Prediction("q", "answered", sql)}
        return (await running.score_all(desk, cases(item), predictions, lambda done: None))[0]

    return judge


async def test_a_question_is_asked_and_judged(desk, cases):
    ticks = []
    outcomes = await running.ask_all(desk, cases(COUNT, {**COUNT, "id": "wrong", "query": "SELECT 99"}), ticks.append)
    assert [outcome.verdict.right for outcome in outcomes] == [True, False]
    assert outcomes[0].prediction.status == "answered"
    assert "count" in outcomes[0].prediction.sql.lower()
    assert outcomes[0].prediction.ms > 0
    assert ticks == [1, 2]


async def test_what_cannot_be_answered_is_right_when_it_is_not(desk, cases):
    item = {"database": "shop.sqlite", "question": "What colour were the xylophones?", "unanswerable": True}
    outcome = (await running.ask_all(desk, cases(item), lambda done: None))[0]
    assert outcome.right is (outcome.prediction.status in ("refused", "clarify"))
    assert outcome.prediction.sql is None


async def test_turns_go_on_from_each_other(desk, cases):
    turns = [
        {"question": "How many stores in Recife?", "query": "SELECT count(*) FROM stores WHERE city = 'Recife'"},
        {"question": "and in Natal?", "query": "SELECT count(*) FROM stores WHERE city = 'Natal'"},
    ]
    outcomes = await running.ask_all(
        desk, cases({"id": "t", "database": "shop.sqlite", "turns": turns}), lambda d: None
    )
    assert [outcome.turn.id for outcome in outcomes] == ["t#1", "t#2"]
    assert [outcome.right for outcome in outcomes] == [True, True]


async def test_outcomes_keep_the_suites_order_over_several_databases(desk, cases):
    csv = {"database": "cities.csv", "question": "How many cities?", "query": "SELECT count(*) FROM cities"}
    items = [{**csv, "id": "1"}, {**COUNT, "id": "2"}, {**csv, "id": "3"}, {**COUNT, "id": "4"}]
    outcomes = await running.ask_all(desk, cases(*items), lambda done: None)
    assert [(outcome.turn.id, outcome.database) for outcome in outcomes] == [
        ("1", "cities.csv"), ("2", "shop.sqlite"), ("3", "cities.csv"), ("4", "shop.sqlite"),
    ]  # fmt: skip
    assert all(outcome.right for outcome in outcomes)


async def test_rows_of_predictions_are_compared_in_any_order_of_rows_and_columns(judged):
    outcome = await judged("SELECT city, name FROM stores ORDER BY 2 DESC", query="SELECT name, city FROM stores")
    assert outcome.verdict == (True, True)


async def test_the_golds_own_order_counts_unless_the_suite_says_otherwise(judged):
    gold = "SELECT name FROM stores ORDER BY name"
    assert not (await judged("SELECT name FROM stores ORDER BY name DESC", query=gold)).right
    assert (await judged("SELECT name FROM stores ORDER BY name DESC", query=gold, ordered=False)).right
    assert not (
        await judged("SELECT name FROM stores ORDER BY 1 DESC", query="SELECT name FROM stores", ordered=True)
    ).right


async def test_any_alternative_will_do(judged):
    outcome = await judged(
        "SELECT name FROM stores", query="SELECT city FROM stores", alternatives=["SELECT name FROM stores"]
    )
    assert outcome.right


async def test_only_required_columns_must_be_there(judged):
    gold = "SELECT name, city FROM stores"
    assert (await judged("SELECT name FROM stores", query=gold, required_cols=["NAME"])).right
    assert (await judged("SELECT city FROM stores", query=gold, required_cols=[1])).right
    assert not (await judged("SELECT city FROM stores", query=gold, required_cols=[0])).right
    with pytest.raises(UsageError, match="price"):
        await judged("SELECT city FROM stores", query=gold, required_cols=["price"])


@pytest.mark.parametrize(
    "gold", ["SELECT name FROM stores WHERE 1 = 0", "SELECT 0", "SELECT max(name) FROM stores WHERE 1 = 0"]
)
async def test_a_gold_that_proves_nothing_is_not_scored_unless_it_is_meant(judged, gold):
    assert (await judged(gold, query=gold)).skipped == "trivial"
    meant = await judged(gold, query=gold, gold_trivial=False)
    assert (meant.skipped, meant.right) == ("", True)
    assert (await judged("SELECT 1", query="SELECT 1", gold_trivial=True)).skipped == "trivial"


async def test_gold_that_does_not_run_or_is_refused_is_not_scored(judged):
    assert (await judged("SELECT 1", query="SELECT nothing FROM stores")).note == "query_column_not_granted"
    assert (await judged("SELECT 1", query="SELECT abs('a', 'b')")).skipped == "gold_failed"
    attack = await judged("SELECT 1", query="DROP TABLE stores")
    assert (attack.skipped, attack.note) == ("gold_failed", "query_not_read_only")


async def test_a_prediction_that_is_refused_or_fails_is_wrong_and_says_why(judged):
    outcome = await judged("SELECT * FROM sqlite_master", query="SELECT 1")
    assert (outcome.right, outcome.note) == (False, "query_table_not_granted")
    assert (await judged("SELECT 1 +", query="SELECT 1")).note == "query_syntax"


async def test_questions_without_a_prediction_are_left_out(desk, cases):
    outcome = (await running.score_all(desk, cases(COUNT), {}, lambda done: None))[0]
    assert outcome.skipped == "not_predicted"


async def test_data_files_are_databases_too(desk, cases):
    item = {"id": "q", "database": "cities.csv", "question": "?", "query": "SELECT city FROM cities WHERE people > 800"}
    predictions = {"q": Prediction("q", "answered", "FROM cities SELECT city WHERE people BETWEEN 801 AND 9999")}
    assert (await running.score_all(desk, cases(item), predictions, lambda done: None))[0].right


async def test_relative_dates_count_from_the_suites_own_day(desk, cases):
    item = {
        "database": "shop.sqlite",
        "question": "How many orders in the last month?",
        "query": "SELECT count(*) FROM orders WHERE day LIKE '2025-01%'",
        "as_of": "2025-02-15",
    }
    outcome = (await running.ask_all(desk, cases(item), lambda done: None))[0]
    assert outcome.right, msgspec.to_builtins(outcome.prediction)
