// Cells as people of a locale write them.

import type { Cell, Column } from "../log/events";
import type { Words } from "./words";

const NUMERIC: ReadonlySet<string> = new Set(["integer", "decimal", "float"]);

export const isNumeric = (column: Column): boolean => NUMERIC.has(column.type);

type Formatter = (cell: Cell) => string;

/** A function from a column's cells (none of them null) to their text; `cells` decide how many decimals all show. */
export function formatter(words: Words, column: Column, cells: readonly Cell[]): Formatter {
  if (column.type === "boolean") return (cell) => words.t(cell ? "yes" : "no");
  if (isNumeric(column)) return numbers(words, column, cells);
  if (column.type === "date" || column.type === "timestamp") return (cell) => moment(words, String(cell), column);
  return plain;
}

/** A cell as text that is the same in every locale. */
export const plain: Formatter = (cell) =>
  cell === null ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell);

function numbers(words: Words, column: Column, cells: readonly Cell[]): Formatter {
  const isName = column.type === "integer" && /(^|_)id$/i.test(column.name);
  if (column.format === "year" || column.format === "id" || isName) return String;
  const values = cells.filter((cell) => cell !== null).map(Number);
  const format = new Intl.NumberFormat(words.numbers, decimals(column, values));
  // Integers beyond what a double holds come as text, which Intl writes digit by digit.
  return (cell) => format.format(cell as number);
}

function decimals(column: Column, values: readonly number[]): Intl.NumberFormatOptions {
  if (column.format === "percent") return { style: "percent", maximumFractionDigits: 1 };
  if (column.format === "currency") return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  if (values.every(Number.isInteger)) return { maximumFractionDigits: 0 };
  const smallest = Math.min(...values.filter((value) => value !== 0).map(Math.abs));
  if (smallest < 0.01) return { maximumSignificantDigits: 4 };
  return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
}

const PERIODS: Record<string, Intl.DateTimeFormatOptions> = {
  year: { year: "numeric" },
  month: { year: "numeric", month: "short" },
};
const DATE: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };
const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/;

/** An ISO 8601 date or time in the locale's order; what is none stays as it is. Zones are not converted. */
function moment(words: Words, text: string, column: Column): string {
  const parts = ISO.exec(text);
  if (!parts) return text;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const shown = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (column.format === "quarter") return words.t("quarter", { quarter: Math.floor((month - 1) / 3) + 1, year });
  const midnight = !hour && !minute && !second;
  const grain = column.format ? PERIODS[column.format] : undefined;
  const style = grain ?? (column.type === "date" || (column.format && midnight) ? DATE : { ...DATE, ...TIME });
  const locale = words.numbers === "en" ? "en-CA" : words.numbers;
  return new Intl.DateTimeFormat(locale, { ...style, timeZone: "UTC" }).format(shown).replace(",", "");
}
