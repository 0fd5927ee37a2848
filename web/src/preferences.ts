// What a person has chosen about the page, kept by the browser.

export type Theme = "system" | "light" | "dark";

export interface Preferences {
  locale: string;
  theme: Theme;
  /** Locale of numbers and dates; empty: the language's own. */
  numbers: string;
  /** Name of the analyst to ask; empty: the server's own. */
  analyst: string;
  /** Whether statements stand open. */
  sql: boolean;
}

const KEY = "prosa.preferences";
const HISTORY = "prosa.history";
const REMEMBERED = 100;

export const DEFAULTS: Preferences = { locale: "", theme: "system", numbers: "", analyst: "", sql: true };

/** A page may be forbidden to keep anything; then the choices last as long as it is open. */
function kept<Value>(key: string, otherwise: Value): Value {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as Value | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // see `kept`
  }
}

export const readPreferences = (): Preferences => ({ ...DEFAULTS, ...kept<Partial<Preferences>>(KEY, {}) });

export const keepPreferences = (preferences: Preferences): void => keep(KEY, preferences);

/** Questions that were asked in this browser, the last one first. */
export const readHistory = (): string[] => kept<string[]>(HISTORY, []);

export function remember(question: string): void {
  keep(HISTORY, [question, ...readHistory().filter((other) => other !== question)].slice(0, REMEMBERED));
}

/** Who answers this person: their choice where the server has it, else the server's. */
export const analystOf = ({ analyst }: Preferences, info: { analysts: readonly string[]; analyst: string }): string =>
  info.analysts.includes(analyst) ? analyst : info.analyst;
