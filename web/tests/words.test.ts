// @vitest-environment node
import { describe, expect, test } from "vitest";
import { formatter } from "../src/words/cells";
import { chunks, isPlain } from "../src/words/chunks";
import { exportName, parseCsv } from "../src/words/csv";
import { pieces } from "../src/words/pieces";
import { highlighted, inLines } from "../src/words/sql";
import { bytes, duration, preferred, speak } from "../src/words/words";

const words = (locale: string) => speak(locale, { yes: "yes", no: "no", quarter: "Q{quarter} {year}", rows: "{total} rows", rows_one: "1 row" });

describe("a statement breaks before its clauses and nowhere else", () => {
  test.each([
    ["SELECT 1", "SELECT 1"],
    ["SELECT a FROM t WHERE b = 1 LIMIT 5", "SELECT a\nFROM t\nWHERE b = 1\nLIMIT 5"],
    ["SELECT a FROM t LEFT JOIN u ON x = y GROUP BY a", "SELECT a\nFROM t\nLEFT JOIN u ON x = y\nGROUP BY a"],
    ["SELECT ' FROM ' AS \"x WHERE y\" FROM t", "SELECT ' FROM ' AS \"x WHERE y\"\nFROM t"],
    ["SELECT (SELECT max(a) FROM t) FROM u", "SELECT (SELECT max(a) FROM t)\nFROM u"],
    ["SELECT 'it''s FROM' FROM t", "SELECT 'it''s FROM'\nFROM t"],
    ["SELECT a\nFROM t WHERE b", "SELECT a\nFROM t WHERE b"],
  ])("%s", (sql, shown) => expect(inLines(sql)).toBe(shown));
});

test("highlighting loses and adds nothing, and knows words from texts", () => {
  const sql = "SELECT sum(\"a b\"), 'x -- y', 1.5 -- why\nFROM tábua /* open";
  const parts = highlighted(sql);
  expect(parts.map((part) => part.text).join("")).toBe(sql);
  const of = (kind: string) => parts.filter((part) => part.kind === kind).map((part) => part.text);
  expect(of("keyword")).toEqual(["SELECT", "FROM"]);
  expect(of("function")).toEqual(["sum"]);
  expect(of("text")).toEqual(["'x -- y'"]);
  expect(of("comment")).toEqual(["-- why", "/* open"]);
});

describe("cells are written as people of the locale do", () => {
  test.each([
    ["en", { name: "n", type: "integer" }, [1234, -5], ["1,234", "-5"]],
    ["pt-BR", { name: "n", type: "decimal" }, [1234.5, 2], ["1.234,50", "2,00"]],
    ["en", { name: "n", type: "integer" }, ["12345678901234567890"], ["12,345,678,901,234,567,890"]],
    ["en", { name: "n", type: "float" }, [0.00123456, 0.5], ["0.001235", "0.5"]],
    ["en", { name: "order_id", type: "integer" }, [12345], ["12345"]],
    ["en", { name: "y", type: "integer", format: "year" }, [2024], ["2024"]],
    ["pt-BR", { name: "p", type: "float", format: "percent" }, [0.1234], ["12,3%"]],
    ["pt-BR", { name: "m", type: "decimal", format: "currency" }, [3], ["3,00"]],
    ["en", { name: "d", type: "date" }, ["2026-03-09"], ["2026-03-09"]],
    ["pt-BR", { name: "d", type: "date" }, ["2026-03-09"], ["09/03/2026"]],
    ["pt-BR", { name: "d", type: "date", format: "month" }, ["2026-03-01"], ["mar. de 2026"]],
    ["en", { name: "d", type: "date", format: "quarter" }, ["2026-04-01"], ["Q2 2026"]],
    ["pt-BR", { name: "t", type: "timestamp" }, ["2026-03-09T21:05:00"], ["09/03/2026 21:05:00"]],
    ["en", { name: "d", type: "date" }, ["no date"], ["no date"]],
    ["en", { name: "b", type: "boolean" }, [true, false], ["yes", "no"]],
    ["en", { name: "l", type: "list" }, [[1, null]], ["[1,null]"]],
  ])("%s %o", (locale, column, cells, shown) => {
    const format = formatter(words(locale), column, cells);
    expect(cells.map(format)).toEqual(shown);
  });
});

test("places of the server count characters, and letters beyond the basic plane are one", () => {
  const text = "😀 by störe";
  expect(pieces(text, [{ start: 5, end: 10 }]).map((piece) => piece.text)).toEqual(["😀 by ", "störe"]);
  expect(pieces(text, [{ start: 5, end: 99 }])).toEqual([{ text }]);
  expect(pieces("abc", [{ start: 0, end: 2 }, { start: 1, end: 3 }]).map((piece) => piece.text)).toEqual(["ab", "c"]);
});

test("a text is cut at empty lines outside of fences and lists, and no sign is lost", () => {
  const text = "One.\n\nTwo\nlines.\n\n```csv\na,b\n\n1,2\n```\n\nThen\n\n- x\n\n- y\n\nEnd";
  const found = chunks(text);
  expect(found.map((chunk) => chunk.text).join("")).toBe(text);
  expect(found.map((chunk) => chunk.text.trim())).toEqual(["One.", "Two\nlines.", "```csv\na,b\n\n1,2\n```", "Then\n\n- x\n\n- y", "End"]);
  for (const chunk of found) expect(text.slice(chunk.start).startsWith(chunk.text)).toBe(true);
});

test("only texts that Markdown would not change are plain", () => {
  for (const text of ["A sold 3.", "É isso (1.234,50); 12 % – fim."]) expect(isPlain(text)).toBe(true);
  for (const text of ["*a*", "a\n- b", "1. a", "see http://x.example", "<b>", "a  \nb", "| a |", "`a`", "    code", "a_b_"]) {
    expect(isPlain(text)).toBe(false);
  }
});

test("CSV is read with quotes, line breaks and other delimiters", () => {
  expect(parseCsv('a,b\r\n"x ""y""","1\n2"\n')).toEqual([["a", "b"], ['x "y"', "1\n2"]]);
  expect(parseCsv("a;b\n1,5;2")).toEqual([["a", "b"], ["1,5", "2"]]);
  expect(parseCsv("")).toEqual([]);
});

test("names, sizes, times and counts", () => {
  expect(exportName(new Date(2026, 0, 2, 3, 4, 5))).toBe("export_20260102_030405.csv");
  const en = words("en");
  expect([duration(en, 0.4), duration(en, 38.2), duration(en, 1500)]).toEqual(["0.4 ms", "38 ms", "1.5 s"]);
  expect([bytes(en, 900), bytes(en, 4_663_000)]).toEqual(["900 B", "4.4 MB"]);
  expect([en.t("rows", { count: 1, total: "1" }), en.t("rows", { count: 2, total: "2" })]).toEqual(["1 row", "2 rows"]);
});

test("the language is the chosen one, else the server's, else the browser's", () => {
  expect(preferred("en", "pt-BR", ["pt"])).toBe("en");
  expect(preferred("", "pt-BR", ["en"])).toBe("pt-BR");
  expect(preferred("", "", ["fr", "pt-PT", "en"])).toBe("pt-BR");
  expect(preferred("", "", ["fr"])).toBe("en");
});
