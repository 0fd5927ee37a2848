// The page's words and the two languages' numbers and dates. The words themselves come from the server.

const NUMERIC = new Set(["integer", "decimal", "float"]);
const KEPT = "prosa.locale";
let locale = "en";
let messages = {};

export const current = () => locale;

/** What the person chose before, else what the server is set to, else what the browser asks for. */
export function preferred(setting) {
  const kept = localStorage.getItem(KEPT);
  if (kept) return kept;
  if (setting) return setting;
  const known = navigator.languages.find((tag) => /^(en|pt)\b/i.test(tag));
  return known && known.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

export function speak(chosen, table) {
  [locale, messages] = [chosen, table];
  document.documentElement.lang = chosen;
}

export const remember = (chosen) => localStorage.setItem(KEPT, chosen);

/** The message under `key`, its {names} filled; `count: 1` chooses the singular where there is one. */
export function t(key, values = {}) {
  const found = (values.count === 1 && messages[`${key}_one`]) || messages[key] || "";
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const number = (value, options = {}) => new Intl.NumberFormat(locale, options).format(value);

/** A time that work took, given in milliseconds. */
export function duration(ms) {
  if (ms < 1000) return `${number(Math.max(ms, 0), { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`;
  return `${number(ms / 1000, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} s`;
}

export function bytes(count) {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(3, Math.floor(Math.log(Math.max(count, 1)) / Math.log(1024)));
  return `${number(count / 1024 ** power, { maximumFractionDigits: power ? 1 : 0 })} ${units[power]}`;
}

export const isNumeric = (column) => NUMERIC.has(column.type);

/** A function from a column's cells to their text; `cells` decide how many decimals all of them show. */
export function formatter(column, cells) {
  if (column.type === "boolean") return (cell) => t(cell ? "yes" : "no");
  if (isNumeric(column)) return numbers(column, cells);
  if (column.type === "date" || column.type === "timestamp") return (cell) => moment(String(cell), column);
  return (cell) => (typeof cell === "object" ? JSON.stringify(cell) : String(cell));
}

function numbers(column, cells) {
  if (column.format === "year" || column.format === "id" || (column.type === "integer" && /(^|_)id$/i.test(column.name))) return String;
  const format = new Intl.NumberFormat(locale, decimals(column, cells.filter((cell) => cell !== null).map(Number)));
  return (cell) => format.format(cell);
}

function decimals(column, values) {
  if (column.format === "percent") return { style: "percent", maximumFractionDigits: 1 };
  if (column.format === "currency") return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  if (values.every(Number.isInteger)) return { maximumFractionDigits: 0 };
  const smallest = Math.min(...values.filter((value) => value !== 0).map(Math.abs));
  if (smallest < 0.01) return { maximumSignificantDigits: 4 };
  return { minimumFractionDigits: 2, maximumFractionDigits: 2 };
}

const PERIODS = { year: { year: "numeric" }, month: { year: "numeric", month: "short" } };
const DATE = { year: "numeric", month: "2-digit", day: "2-digit" };
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

/** An ISO 8601 date or time in the locale's order; what is none stays as it is. Zones are not converted. */
function moment(text, column) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/.exec(text);
  if (!parts) return text;
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const shown = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (column.format === "quarter") return t("quarter", { quarter: Math.floor((month - 1) / 3) + 1, year });
  const midnight = !hour && !minute && !second;
  const style =
    PERIODS[column.format] ?? (column.type === "date" || (column.format && midnight) ? DATE : { ...DATE, ...TIME });
  return new Intl.DateTimeFormat(locale === "en" ? "en-CA" : locale, { ...style, timeZone: "UTC" }).format(shown);
}
