// What the page's parts need around them, in tests: English words, an answer, a site whose server is never reached.

import { readFileSync } from "node:fs";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { Client, type ServerInfo } from "../src/client";
import type { Answer } from "../src/log/events";
import { empty } from "../src/log/reducer";
import { DEFAULTS } from "../src/preferences";
import { Thread } from "../src/thread";
import { SiteContext, type Site } from "../src/ui/context";
import { speak } from "../src/words/words";

/** The words as the server gives them; TOML of plain strings needs no parser. */
function messages(locale: string): Record<string, string> {
  const text = readFileSync(`../src/prosa/locales/${locale}/page.toml`, "utf8");
  const pairs = [...text.matchAll(/^(\w+) = (".*")$/gm)];
  return Object.fromEntries(pairs.map(([, key, value]) => [key, JSON.parse(value as string) as string]));
}

export const answerOf = (change: Partial<Answer>): Answer => ({ ...empty(), run_id: "r1", ...change });

export function shown(part: ReactNode, locale = "en", change: Partial<ServerInfo> = {}): RenderResult {
  const client = new Client("http://prosa.test/");
  const site: Site = {
    client,
    info: { version: "1", locales: ["en", "pt-BR"], locale: "", analysts: ["rules"], analyst: "rules", model_sees: "", max_upload: 1, question_length: 8000, page_rows: 100, formats: {}, ...change },
    words: speak(locale, messages(locale)),
    thread: new Thread(client),
    preferences: DEFAULTS,
    prefer: () => undefined,
    sources: [],
    asking: () => ({}),
    ask: () => Promise.resolve(true),
    changed: () => undefined,
    toast: () => undefined,
    emit: () => undefined,
  };
  return render(<SiteContext value={site}>{part}</SiteContext>);
}
