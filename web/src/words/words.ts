// The page's words and numbers in one language. The words come from the server (`locales/*/page.toml`).

export type Values = Record<string, string | number>;

export interface Words {
  /** The language of the words. */
  locale: string;
  /** The locale of numbers and dates, which a person may set apart. */
  numbers: string;
  /** The message under `key`, its {names} filled; `count: 1` chooses the singular where there is one. */
  t(key: string, values?: Values): string;
  has(key: string): boolean;
  number(value: number | bigint, options?: Intl.NumberFormatOptions): string;
}

export function speak(locale: string, messages: Record<string, string>, numbers = locale): Words {
  return {
    locale,
    numbers,
    has: (key) => key in messages,
    t(key, values = {}) {
      const found = (values["count"] === 1 && messages[`${key}_one`]) || messages[key] || "";
      return found.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
    },
    number: (value, options) => new Intl.NumberFormat(numbers, options).format(value),
  };
}

/** What the person chose before, else what the server is set to, else what the browser asks for. */
export function preferred(chosen: string, setting: string, languages: readonly string[]): string {
  if (chosen) return chosen;
  if (setting) return setting;
  const known = languages.find((tag) => /^(en|pt)\b/i.test(tag));
  return known?.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

/** A time that work took, given in milliseconds. */
export function duration(words: Words, ms: number): string {
  if (ms < 1000) return `${words.number(Math.max(ms, 0), { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`;
  return `${words.number(ms / 1000, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} s`;
}

export function bytes(words: Words, count: number): string {
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(3, Math.floor(Math.log(Math.max(count, 1)) / Math.log(1024)));
  return `${words.number(count / 1024 ** power, { maximumFractionDigits: power ? 1 : 0 })} ${units[power]}`;
}
