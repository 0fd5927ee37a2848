"""Periods and grains: what the words mean on the calendar, and which rows they leave."""

from datetime import date

import pytest

from prosa.analysts.rules.grammar import grammar
from prosa.analysts.rules.numbers import merged
from prosa.analysts.rules.periods import Every, Span, find
from prosa.analysts.rules.weekdays import Weekdays
from prosa.analysts.rules.words import tokens

TODAY = date(2026, 11, 21)


def spans(text: str, language: str) -> list[tuple[str, str]]:
    """The longest periods of a text, as their first and last days."""
    words = grammar(language)
    found = find(merged(tokens(text, language), language), words, TODAY)
    longest = sorted(found, key=lambda one: one.start - one.end)
    taken: list[int] = []
    result = []
    for one in longest:
        if isinstance(one.value, Span) and not set(range(one.start, one.end)).intersection(taken):
            taken += range(one.start, one.end)
            result.append((str(one.value.start or ""), str(one.value.end or "")))
    return result


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in 2025", "2025-01-01", "2026-01-01"),
        ("in March 2025", "2025-03-01", "2025-04-01"),
        ("in March", "2026-03-01", "2026-04-01"),
        ("in December", "2025-12-01", "2026-01-01"),
        ("last month", "2026-10-01", "2026-11-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("last quarter", "2026-07-01", "2026-10-01"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("last 3 months", "2026-08-01", "2026-11-01"),
        ("past 7 days", "2026-11-15", "2026-11-22"),
        ("year to date", "2026-01-01", "2026-11-22"),
        ("yesterday", "2026-11-20", "2026-11-21"),
        ("Q3 2025", "2025-07-01", "2025-10-01"),
        ("first quarter of 2025", "2025-01-01", "2025-04-01"),
        ("since March", "2026-03-01", ""),
        ("before 2003", "", "2003-01-01"),
        ("after 2003", "2004-01-01", ""),
        ("until June 2024", "", "2024-07-01"),
        ("between January and March of 2025", "2025-01-01", "2025-04-01"),
        ("from 2020 to 2022", "2020-01-01", "2023-01-01"),
        ("on May 5, 2025", "2025-05-05", "2025-05-06"),
        ("on 2025-12-24", "2025-12-24", "2025-12-25"),
        ("on 12/24/2025", "2025-12-24", "2025-12-25"),
        ("two years ago", "2024-01-01", "2025-01-01"),
    ],
)
def test_english_periods(text, start, end):
    assert spans(f"orders {text}", "en") == [(start, end)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("em 2025", "2025-01-01", "2026-01-01"),
        ("em março de 2025", "2025-03-01", "2025-04-01"),
        ("no mês passado", "2026-10-01", "2026-11-01"),
        ("no último mês", "2026-10-01", "2026-11-01"),
        ("no último trimestre", "2026-07-01", "2026-10-01"),
        ("neste ano", "2026-01-01", "2027-01-01"),
        ("deste mês", "2026-11-01", "2026-12-01"),
        ("nos últimos três meses", "2026-08-01", "2026-11-01"),
        ("no ano passado", "2025-01-01", "2026-01-01"),
        ("semana passada", "2026-11-09", "2026-11-16"),
        ("ontem", "2026-11-20", "2026-11-21"),
        ("desde março", "2026-03-01", ""),
        ("a partir de 2024", "2024-01-01", ""),
        ("antes de 2003", "", "2003-01-01"),
        ("depois de 2003", "2004-01-01", ""),
        ("até junho de 2024", "", "2024-07-01"),
        ("entre janeiro e março de 2025", "2025-01-01", "2025-04-01"),
        ("de janeiro a março de 2025", "2025-01-01", "2025-04-01"),
        ("no 1º trimestre de 2025", "2025-01-01", "2025-04-01"),
        ("no segundo semestre de 2024", "2024-07-01", "2025-01-01"),
        ("em 24/12/2025", "2025-12-24", "2025-12-25"),
        ("em 5 de maio de 2025", "2025-05-05", "2025-05-06"),
    ],
)
def test_portuguese_periods(text, start, end):
    assert spans(f"pedidos {text}", "pt") == [(start, end)]


@pytest.mark.parametrize(
    ("text", "language", "grain"),
    [
        ("by month", "en", "month"),
        ("per year", "en", "year"),
        ("weekly", "en", "week"),
        ("over time", "en", ""),
        ("por mês", "pt", "month"),
        ("a cada trimestre", "pt", "quarter"),
        ("diárias", "pt", "day"),
        ("ao longo do tempo", "pt", ""),
    ],
)
def test_grains(text, language, grain):
    found = find(merged(tokens(f"x {text}", language), language), grammar(language), TODAY)
    assert [one.value for one in found if isinstance(one.value, Every)] == [Every(grain)]


def test_a_number_is_no_year_and_a_date_that_is_none_is_no_period():
    assert spans("more than 2000", "en") == []
    assert spans("on 2025-02-31", "en") == []
    assert spans("on 2025-02-28", "en") == [("2025-02-28", "2025-03-01")]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("how many orders in 2025?", [(6,)]),
        ("quantos pedidos em março de 2025?", [(2,)]),
        ("how many orders last month?", [(1,)]),
        ("quantos pedidos neste ano?", [(6,)]),
        ("orders before 2025", [1, 2]),
        ("pedidos antes de 2025", [1, 2]),
        ("orders since March 2025", [6, 7, 8]),
        ("pedidos entre janeiro e fevereiro de 2025", [3, 4, 5]),
        ("stores opened after 2020", ["Camden"]),
        ("lojas abertas depois de 2020", ["Camden"]),
        ("customers who signed up in 2024", ["Ana Souza", "Bruno Lima", "Carla Nunes"]),
        ("returns in January 2025", [("damaged",)]),
    ],
)
def test_a_period_is_about_the_date_that_its_rows_usually_have(shop, question, rows):
    assert [row[0] if not isinstance(rows[0], tuple) else row for row in shop.rows(question)] == rows


def test_where_the_data_ends_before_the_period_it_counts_back_from_the_last_day(shop):
    late = date(2026, 11, 21)
    assert shop.rows("how many orders last month?", today=late) == [(0,)]
    notice = shop.plan("how many orders last month?", today=late).notices[0]
    assert notice.code == "data_ends"
    assert "Jun 30, 2025" in notice.words
    assert shop.plan("how many orders last month?").notices == ()


def test_a_period_without_any_data_is_refused_with_what_there_is(shop, refused):
    refusal = refused(shop.plan("revenue in 2030"))
    assert refusal.code == "out_of_range"
    assert "Nov 5, 2024" in refusal.words
    assert shop.rows("revenue in 2024") == [(330,)]


@pytest.mark.parametrize(
    ("text", "language", "starts"),
    [
        ("in March and April 2024", "en", ["2024-03-01", "2024-04-01"]),
        ("in January, February and March of 2024", "en", ["2024-01-01", "2024-02-01", "2024-03-01"]),
        ("in 2023 and 2024", "en", ["2023-01-01", "2024-01-01"]),
        ("em março e abril de 2024", "pt", ["2024-03-01", "2024-04-01"]),
        ("em 2023, 2024 ou 2025", "pt", ["2023-01-01", "2024-01-01", "2025-01-01"]),
    ],
)
def test_periods_of_a_list_share_the_small_word_and_the_year(text, language, starts):
    assert sorted(start for start, _ in spans(f"x {text}", language)) == starts


@pytest.mark.parametrize(
    "question",
    [
        "revenue by store this year and last year",
        "faturamento por loja este ano e no ano passado",
        "sales in 2024 and 2025 by store",
        "vendas em 2024 e 2025 por loja",
    ],
)
def test_two_periods_are_alternatives_told_apart(shop, question):
    years = [("Centro", 2024, 330), ("Camden", 2025, 300), ("Centro", 2025, 360), ("Ribeira", 2025, 196)]
    assert shop.rows(question) == years


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("revenue in January 2025 and December 2024", [("2024-12-01", 100), ("2025-01-01", 161)]),
        ("receita em janeiro de 2025 e dezembro de 2024", [("2024-12-01", 100), ("2025-01-01", 161)]),
        ("revenue in Q1 and Q2 2025", [("2025-01-01", 666), ("2025-04-01", 190)]),
        ("how many orders in 2024 and 2025?", [(2024, 2), (2025, 6)]),
        ("quantos pedidos em 2024 e 2025?", [(2024, 2), (2025, 6)]),
    ],
)
def test_periods_are_told_apart_by_the_grain_that_they_are_of(shop, question, rows):
    assert shop.rows(question) == rows


@pytest.mark.parametrize("question", ["orders in March and January 2025", "pedidos em março e janeiro de 2025"])
def test_rows_of_either_period_are_listed(shop, question):
    assert [row[0] for row in shop.rows(question)] == [3, 4, 6, 7]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("customers who ordered in 2024 and 2025", ["Ana Souza", "Bruno Lima"]),
        ("clientes que compraram em 2024 e 2025", ["Ana Souza", "Bruno Lima"]),
        ("customers who ordered in January but not in March 2025", ["Ana Souza"]),
        ("clientes que compraram em janeiro mas não em março de 2025", ["Ana Souza"]),
    ],
)
def test_who_can_have_rows_in_both_periods_must_have_them(shop, question, names):
    assert sorted(row[0] for row in shop.rows(question)) == names


@pytest.mark.parametrize("question", ["orders not in 2025", "pedidos exceto em 2025"])
def test_a_period_can_be_left_out(shop, question):
    assert [row[0] for row in shop.rows(question)] == [1, 2]


@pytest.mark.parametrize("question", ["best store in 2024", "melhor loja em 2024"])
def test_the_period_of_a_ranking_is_that_of_what_it_goes_by(shop, question):
    assert shop.rows(question) == [("Centro", 330)]


def test_periods_are_all_out_of_range_or_none_is(shop, refused):
    assert refused(shop.plan("orders in 2030 and 2031")).code == "out_of_range"
    assert shop.rows("orders in 2024 and 2031") == shop.rows("orders in 2024")


def test_a_follow_up_puts_one_period_in_the_place_of_two(shop):
    before = shop.turns("revenue by store in 2024 and 2025")
    assert {row[1] for row in shop.rows("only 2025", before=before)} == {2025}


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("on mondays", "en", (1,)),
        ("on monday", "en", (1,)),
        ("on saturdays and sundays", "en", (6, 7)),
        ("on weekends", "en", (6, 7)),
        ("on weekdays", "en", (1, 2, 3, 4, 5)),
        ("from Friday to Monday", "en", (1, 5, 6, 7)),
        ("between monday and wednesday", "en", (1, 2, 3)),
        ("mon-fri", "en", (1, 2, 3, 4, 5)),
        ("às segundas-feiras", "pt", (1,)),
        ("na segunda", "pt", (1,)),
        ("às terças e quintas", "pt", (2, 4)),
        ("aos sábados", "pt", (6,)),
        ("nos fins de semana", "pt", (6, 7)),
        ("em dias úteis", "pt", (1, 2, 3, 4, 5)),
        ("de segunda a sexta", "pt", (1, 2, 3, 4, 5)),
        ("seg a sex", "pt", (1, 2, 3, 4, 5)),
    ],
)
def test_days_of_the_week(text, language, days):
    found = find(merged(tokens(f"x {text}", language), language), grammar(language), TODAY)
    assert max(found, key=lambda one: one.end - one.start).value == Weekdays(days)


@pytest.mark.parametrize(
    ("text", "language"), [("the sun", "en"), ("a segunda loja", "pt"), ("na quarta categoria", "pt"), ("sex", "pt")]
)
def test_words_that_mean_other_things_as_well_are_no_days(text, language):
    assert find(merged(tokens(f"x {text}", language), language), grammar(language), TODAY) == []


@pytest.mark.parametrize(
    ("text", "language", "start", "end"),
    [
        ("last monday", "en", "2026-11-16", "2026-11-17"),
        ("last weekend", "en", "2026-11-14", "2026-11-16"),
        ("na última segunda-feira", "pt", "2026-11-16", "2026-11-17"),
        ("sexta passada", "pt", "2026-11-20", "2026-11-21"),
    ],
)
def test_the_last_such_day_is_one_day(text, language, start, end):
    assert spans(f"orders {text}", language) == [(start, end)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("sales on mondays", [(530,)]),
        ("vendas às segundas-feiras", [(530,)]),
        ("how many orders on tuesdays and fridays?", [(3,)]),
        ("quantos pedidos às terças e sextas?", [(3,)]),
        ("how many orders on weekends?", [(0,)]),
        ("quantos pedidos nos fins de semana?", [(0,)]),
        ("how many orders not on mondays?", [(5,)]),
        ("quantos pedidos exceto às segundas?", [(5,)]),
        ("how many orders on mondays in 2025?", [(3,)]),
        ("customers who ordered on a monday", [("Ana Souza",), ("David Smith",)]),
        ("clientes que compraram na sexta", [("Bruno Lima",)]),
    ],
)
def test_days_of_the_week_narrow_rows_down(shop, question, rows):
    assert sorted(shop.rows(question)) == rows


def test_a_weekday_is_said_in_the_reading(shop):
    assert "ordered on is Monday" in shop.plan("sales on mondays").reading
    assert "ordered on é sábado ou domingo" in shop.plan("vendas nos fins de semana").reading


def test_a_follow_up_keeps_the_period_beside_the_weekday(shop):
    before = shop.turns("how many orders in 2025?")
    assert shop.rows("only on fridays", before=before) == [(0,)]
    assert shop.rows("only on mondays", before=before) == [(3,)]
