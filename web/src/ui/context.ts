// What every part of the page may use: the server, the words, the conversation, the person's choices.

import { createContext, use } from "react";
import type { Client, ServerInfo, Source } from "../client";
import type { Preferences } from "../preferences";
import type { Asked, Thread } from "../thread";
import type { Words } from "../words/words";

export interface Site {
  client: Client;
  info: ServerInfo;
  words: Words;
  thread: Thread;
  preferences: Preferences;
  prefer: (change: Partial<Preferences>) => void;
  sources: readonly Source[];
  /** What goes with every question: language, analyst, the sources that are ticked. */
  asking: () => Omit<Asked, "question">;
  ask: (question: string) => Promise<boolean>;
  /** Lists at the side may have changed: conversations, pins. */
  changed: () => void;
  /** Says something in passing at the foot of the page, maybe with a way back. */
  toast: (toast: Toast) => void;
  /** Tells the page that holds the element. */
  emit: (name: string, detail: Record<string, unknown>) => void;
}

export interface Toast {
  words: string;
  action?: { words: string; run: () => void };
  bad?: boolean;
}

export const SiteContext = createContext<Site | null>(null);

/** The question of the turn that a part stands in, to ask it again where something of its answer has expired. */
export const AskedContext = createContext("");

export function useSite(): Site {
  const site = use(SiteContext);
  if (!site) throw new Error("outside of <prosa-chat>");
  return site;
}

export const useWords = (): Words => useSite().words;
