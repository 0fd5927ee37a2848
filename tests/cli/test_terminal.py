"""What answers look like in a terminal: numbers by locale, visible gaps, honest captions, nothing that steers it."""

import io

import pytest
from rich.console import Console

from prosa import events as e
from prosa.answer import Answer
from prosa.cli.terminal import answers, stages, tables
from prosa.cli.terminal.cells import clean, column_texts
from prosa.cli.terminal.statements import in_lines
from prosa.results import Column


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=80, highlight=False, markup=False)


def entries(*events):
    return [e.Entry("r", seq, 0.0, event) for seq, event in enumerate(events, 1)]


def shown(console, *events, locale="en", limit=None):
    answers.show(Answer.fold(entries(*events)), console, locale, limit)
    return console.file.getvalue()


def table(rows, total=None, columns=None, truncated=False):
    columns = columns or (Column("city", "text"), Column("revenue", "decimal"))
    return e.Table("t", "q", columns, tuple(rows), len(rows) if total is None else total, truncated)


def test_numbers_stand_to_the_right_as_the_locale_writes_them(console):
    text = shown(console, table([("Rio", 1234.5), ("São Paulo", 7)]), locale="pt-BR")
    lines = [line.rstrip() for line in text.splitlines()]
    assert "Rio         1.234,50" in lines
    assert "São Paulo       7,00" in lines


def test_missing_cells_are_visible(console):
    assert shown(console, table([(None, None)])).splitlines()[2].split() == ["null", "null"]


@pytest.mark.parametrize(
    ("rows", "total", "limit", "says"),
    [
        (3, 3, None, "3 rows"),
        (1, 1, None, "1 row"),
        (20, 20, None, "20 rows"),
        (50, 1234, None, "first 10 of 1,234 rows"),
        (50, 1234, 30, "first 30 of 1,234 rows"),
        (0, 0, None, "0 rows"),
    ],
)
def test_the_caption_says_how_much_is_shown(rows, total, limit, says):
    event = table([("x", 1)] * rows, total)
    assert tables.caption(event, tables.shown_rows(event, limit), "en") == says


def test_a_cut_result_says_so():
    event = table([("x", 1)], truncated=True)
    assert "cut by a limit" in tables.caption(event, 1, "en")


@pytest.mark.parametrize(
    ("column", "cells", "texts"),
    [
        (Column("n", "integer"), [1234567, None], ["1,234,567", None]),
        (Column("n", "decimal"), [1, 2.5], ["1.00", "2.50"]),
        (Column("n", "float"), [0.0123, 0.5], ["0.0123", "0.5000"]),
        (Column("n", "float"), [0.0000123], ["0.00001230"]),
        (Column("n", "integer"), ["12345678901234567890"], ["12,345,678,901,234,567,890"]),
        (Column("year", "integer", "year"), [2024], ["2024"]),
        (Column("order_id", "integer"), [20240001], ["20240001"]),
        (Column("share", "decimal", "percent"), [0.256], ["25.6%"]),
        (Column("day", "date"), ["2025-01-31"], ["2025-01-31"]),
        (Column("month", "date", "month"), ["2025-01-01"], ["Jan 2025"]),
        (Column("quarter", "date", "quarter"), ["2025-04-01"], ["Q2 2025"]),
        (Column("at", "timestamp"), ["2025-01-31T08:15:00"], ["2025-01-31 08:15:00"]),
        (Column("at", "timestamp"), ["infinity"], ["infinity"]),
        (Column("ok", "boolean"), [True, False, None], ["yes", "no", None]),
        (Column("list", "list"), [["a", 1]], ['["a", 1]']),
    ],
)
def test_cells_as_text(column, cells, texts):
    assert column_texts(column, cells, "en") == texts


def test_dates_and_flags_in_portuguese():
    assert column_texts(Column("dia", "date"), ["2025-01-31"], "pt-BR") == ["31/01/2025"]
    assert column_texts(Column("ok", "boolean"), [False], "pt-BR") == ["não"]


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x07", "\x9b2J", "\u202e", "\u2066", "\r", "\x00", "\ud800"])
def test_nothing_steers_the_terminal(console, sign):
    text = shown(
        console,
        e.Started(f"q{sign}"),
        e.Interpreted(f"read{sign}", (e.Word(f"w{sign}", 0, 1),)),
        e.Sql("q", f"SELECT '{sign}'", "duckdb", "s"),
        table([(f"cell{sign}", 1)], columns=(Column(f"head{sign}", "text"), Column("n", "integer"))),
        e.Text(0, f"said{sign}"),
        e.Notice("n", f"notice{sign}"),
        e.Clarification(f"which{sign}", (e.Option(f"option{sign}", "q"),)),
    )
    assert sign not in text
    assert all(word in text for word in ("read", "cell", "head", "said", "notice", "which", "option"))


def test_line_ends_stay_where_they_may():
    assert clean("a\nb\tc\r\n") == "a b c "
    assert clean("a\nb\tc", lines=True) == "a\nb\tc"


def test_the_order_of_an_answer(console):
    text = shown(
        console,
        e.Interpreted("revenue by city", (e.Word("flurb", 0, 5),)),
        e.Sql("q", "SELECT city FROM sales", "duckdb", "sales"),
        table([("Rio", 1)]),
        e.Chart("c", "t", {"data": [{"type": "bar", "x": ["Rio", "Recife"], "y": [2, 1]}], "layout": {}}),
        e.Text(0, "The first is **Rio** with `1`."),
        e.Notice("n", "The data ends in March."),
    )
    parts = [
        "Read as: revenue by city",
        "Not understood: flurb",
        "SELECT city",
        "1 row",
        "█",
        "The first is Rio with 1.",
    ]
    places = [text.index(part) for part in [*parts, "! The data ends in March."]]
    assert places == sorted(places)


def test_a_failed_statement_is_not_shown_as_the_answers(console):
    text = shown(console, e.Sql("q", "SELECT broken", "duckdb", "s"), e.QueryFailed("q", "query_failed", "no"))
    assert "broken" not in text


def test_options_are_numbered(console):
    text = shown(console, e.Clarification("Which one?", (e.Option("by date", "a"), e.Option("by name", "b"))))
    assert text == "Which one?\n1. by date\n2. by name\n"


def test_a_link_shows_where_it_goes(console):
    assert "docs (https://example.org/x)" in shown(console, e.Text(0, "see [docs](https://example.org/x)"))


def test_a_pipe_gets_wide_tables_uncut():
    console = Console(file=io.StringIO(), width=100_000, highlight=False, markup=False)
    wide = tuple(Column(f"column {number}", "text") for number in range(40))
    text = shown(console, table([("x" * 30,) * 40], columns=wide))
    assert text.count("x" * 30) == 40


def test_plain_stages_are_one_line_each(console):
    plain = stages.Plain(console, "en")
    for entry in entries(
        e.StageStarted("plan"), e.StageProgress("plan", 0.5), e.StageCompleted("plan", 31.0, "One query\x1b[0m")
    ):
        plain.add(entry)
    assert console.file.getvalue() == "✓ Planning              31 ms  One query␛[0m\n"


def test_the_stages_speak_the_language_of_the_run(console):
    plain = stages.Plain(console, "en")
    for entry in entries(e.Started("q", locale="pt-BR"), e.StageCompleted("plan", 31.0, "Uma consulta")):
        plain.add(entry)
    assert console.file.getvalue().startswith("✓ Planejando")


def test_lively_stages_leave_their_times_behind():
    console = Console(file=io.StringIO(), force_terminal=True, width=80, highlight=False, markup=False)
    with stages.Lively(console, "en") as lively:
        for entry in entries(
            e.Started("q", locale="pt-BR"),
            e.StageStarted("select"),
            e.StageProgress("select", 0.25, message="vendas.csv"),
            e.StageCompleted("select", 1234.0, "Uma tabela"),
            e.StageStarted("execute"),
            e.Sql("q", "SELECT 1", "duckdb", "s"),
        ):
            lively.add(entry)
    last = console.file.getvalue().splitlines()[-1]
    assert "Escolhendo dados" in last
    assert "1,2 s" in last


@pytest.mark.parametrize(
    ("sql", "lines"),
    [
        ("SELECT a FROM t", ["SELECT a", "FROM t"]),
        ("SELECT a FROM t LEFT JOIN u ON t.i = u.i WHERE b GROUP BY 1 ORDER BY 2 LIMIT 3",
         ["SELECT a", "FROM t", "LEFT JOIN u ON t.i = u.i", "WHERE b", "GROUP BY 1", "ORDER BY 2", "LIMIT 3"]),
        ("SELECT (SELECT max(x) FROM u) FROM t", ["SELECT (SELECT max(x) FROM u)", "FROM t"]),
        ("SELECT ' FROM (' AS \"a WHERE\" FROM t", ["SELECT ' FROM (' AS \"a WHERE\"", "FROM t"]),
        ("SELECT 'it''s FROM', EXTRACT(year FROM d) FROM t", ["SELECT 'it''s FROM', EXTRACT(year FROM d)", "FROM t"]),
        ("SELECT a\n FROM t", ["SELECT a", " FROM t"]),
        ("SELECT fromage FROM t", ["SELECT fromage", "FROM t"]),
    ],
)  # fmt: skip
def test_sql_has_a_line_for_each_clause(sql, lines):
    assert in_lines(sql).split("\n") == lines


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(0.42, "0.4 ms"), (12.3, "12 ms"), (999, "999 ms"), (1500, "1.5 s"), (65_000, "65.0 s")]
)
def test_durations(milliseconds, text):
    assert stages.duration(milliseconds, "en") == text
