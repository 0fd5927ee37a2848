// What a screen reader is told: that work began, a stage that takes long, and how it ended; nothing else.

import { useEffect, useState } from "react";
import { textOf } from "../log/reducer";
import type { Answer } from "../log/events";
import type { Snapshot } from "../thread";
import type { Words } from "../words/words";

const LONG_MS = 2000;

export function useSpoken(state: Snapshot, words: Words): string {
  const [said, setSaid] = useState("");
  const last = state.turns.at(-1);
  const answer = last?.live ? last.answer : undefined;
  const running = state.running && answer !== undefined;
  const stage = answer?.stages.findLast((one) => typeof one.duration_ms !== "number")?.stage;
  useEffect(() => {
    if (running) setSaid(words.t("working"));
  }, [running, words]);
  useEffect(() => {
    if (!running || !stage) return;
    const timer = setTimeout(() => setSaid(words.t("still_at", { stage: words.t(`stage_${stage}`) })), LONG_MS);
    return () => clearTimeout(timer);
  }, [running, stage, words]);
  const ended = answer && !running && answer.status !== "running" ? ending(answer, words) : "";
  useEffect(() => {
    if (ended) setSaid(ended);
  }, [ended]);
  return said;
}

const ending = (answer: Answer, words: Words): string =>
  textOf(answer) || answer.clarification?.question || answer.failure?.message || words.t(answer.cancelled ? "stopped_short" : "done");
