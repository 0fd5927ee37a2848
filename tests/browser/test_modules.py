"""Small modules of the page, each alone."""

import pytest

IN_LINES = 'async (sql) => (await import(new URL("static/sql.js", document.baseURI).href)).inLines(sql)'

EVENTS = """async (chunks) => {
  const { events } = await import(new URL("static/sse.js", document.baseURI).href);
  const encoder = new TextEncoder();
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? encoder.encode(chunk) : new Uint8Array(chunk)));
  const found = [];
  for await (const event of events(new Response(new Blob(bytes)).body)) found.push(event);
  return found;
}"""

FORMATTED = """async ([locale, column, cells]) => {
  const words = await import(new URL("static/words.js", document.baseURI).href);
  words.speak(locale, { yes: "yes", no: "no", quarter: "Q{quarter} {year}" });
  const format = words.formatter(column, cells);
  return cells.map((cell) => format(cell));
}"""


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("SELECT 1", "SELECT 1"),
        ("SELECT a FROM t WHERE b = 1 LIMIT 5", "SELECT a\nFROM t\nWHERE b = 1\nLIMIT 5"),
        ("SELECT a FROM t LEFT JOIN u ON x = y GROUP BY a", "SELECT a\nFROM t\nLEFT JOIN u ON x = y\nGROUP BY a"),
        ("SELECT ' FROM ' AS \"x WHERE y\" FROM t", "SELECT ' FROM ' AS \"x WHERE y\"\nFROM t"),
        ("SELECT (SELECT max(a) FROM t) FROM u", "SELECT (SELECT max(a) FROM t)\nFROM u"),
        ("SELECT 'it''s FROM' FROM t", "SELECT 'it''s FROM'\nFROM t"),
        ("SELECT a\nFROM t WHERE b", "SELECT a\nFROM t WHERE b"),
    ],
)
def test_a_statement_breaks_before_its_clauses_and_nowhere_else(module_page, sql, shown):
    assert module_page.evaluate(IN_LINES, sql) == shown


@pytest.mark.parametrize(
    "chunks",
    [
        ['event: text\nid: r-1\ndata: {"a": "é"}\n\n: ping\n\nevent: completed\nid: r-2\ndata: {}\n\n'],
        ["event: te", "xt\nid: r-1\nda", 'ta: {"a": "é"}\n', "\n: ping\n", "\nevent: completed\nid: r-2\ndata: {}\n\n"],
        [
            'event: text\r\nid: r-1\r\ndata: {"a": "',
            [0xC3],
            [0xA9],
            '"}\r\n\r\nevent: completed\nid: r-2\ndata: {}\n\nda',
        ],
    ],
)
def test_a_stream_is_parsed_however_it_is_cut(module_page, chunks):
    assert module_page.evaluate(EVENTS, chunks) == [
        {"event": "text", "id": "r-1", "data": '{"a": "é"}'},
        {"event": "completed", "id": "r-2", "data": "{}"},
    ]


@pytest.mark.parametrize(
    ("locale", "column", "cells", "shown"),
    [
        ("en", {"name": "n", "type": "integer"}, [1234, -5], ["1,234", "-5"]),
        ("pt-BR", {"name": "n", "type": "decimal"}, [1234.5, 2], ["1.234,50", "2,00"]),
        ("en", {"name": "n", "type": "integer"}, ["12345678901234567890"], ["12,345,678,901,234,567,890"]),
        ("en", {"name": "n", "type": "float"}, [0.00123456, 0.5], ["0.001235", "0.5"]),
        ("en", {"name": "order_id", "type": "integer"}, [12345], ["12345"]),
        ("en", {"name": "y", "type": "integer", "format": "year"}, [2024], ["2024"]),
        ("pt-BR", {"name": "p", "type": "float", "format": "percent"}, [0.1234], ["12,3%"]),
        ("pt-BR", {"name": "m", "type": "decimal", "format": "currency"}, [3], ["3,00"]),
        ("en", {"name": "d", "type": "date"}, ["2026-03-09"], ["2026-03-09"]),
        ("pt-BR", {"name": "d", "type": "date"}, ["2026-03-09"], ["09/03/2026"]),
        ("pt-BR", {"name": "d", "type": "date", "format": "month"}, ["2026-03-01"], ["mar. de 2026"]),
        ("en", {"name": "d", "type": "date", "format": "quarter"}, ["2026-04-01"], ["Q2 2026"]),
        ("pt-BR", {"name": "t", "type": "timestamp"}, ["2026-03-09T21:05:00"], ["09/03/2026, 21:05:00"]),
        ("en", {"name": "d", "type": "date"}, ["no date"], ["no date"]),
        ("en", {"name": "b", "type": "boolean"}, [True, False], ["yes", "no"]),
        ("en", {"name": "l", "type": "list"}, [[1, None]], ["[1,null]"]),
    ],
)
def test_cells_are_written_as_people_of_the_locale_do(module_page, locale, column, cells, shown):
    assert module_page.evaluate(FORMATTED, [locale, column, cells]) == shown
