// The five stages as one calm line that fills while a run works.

import { useEffect, useState } from "react";
import { STAGES, type Answer, type Stage, type StageName } from "../log/events";
import { duration, type Words } from "../words/words";
import { useWords } from "./context";

interface Props {
  answer: Answer;
  seen: Record<string, number>;
}

const TICK_MS = 100;

export function Stages({ answer, seen }: Props) {
  const words = useWords();
  const running = answer.status === "running";
  const now = useClock(running);
  const known = STAGES.filter((name) => running || find(answer, name));
  if (!known.length) return null;
  return (
    <div className="stages">
      <ol className="line" aria-label={words.t("stages")}>
        {known.map((name) => (
          <StageItem key={name} name={name} stage={find(answer, name)} running={running} spent={now - (seen[name] ?? now)} />
        ))}
      </ol>
      <p className="total" aria-hidden={running}>
        {answer.duration_ms !== null && words.t("took", { time: duration(words, answer.duration_ms) })}
      </p>
    </div>
  );
}

const find = (answer: Answer, name: StageName) => answer.stages.find((stage) => stage.stage === name);

function useClock(running: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

interface ItemProps {
  name: StageName;
  stage: Stage | undefined;
  running: boolean;
  spent: number;
}

function StageItem({ name, stage, running, spent }: ItemProps) {
  const words = useWords();
  const standing = standingOf(stage, running);
  const time =
    standing === "done"
      ? duration(words, stage?.duration_ms ?? 0)
      : standing === "running" && stage
        ? progress(words, stage, spent)
        : "";
  const share = standing === "done" ? 1 : standing === "running" && stage ? shareOf(stage, spent) : 0;
  return (
    <li className={`stage ${standing}`} data-stage={name} data-standing={standing}>
      <span className={share === undefined ? "bar unknown-share" : "bar"} aria-hidden="true">
        <span style={{ transform: `scaleX(${share ?? 1})` }} />
      </span>
      <span className="label">
        <span className="name">{words.t(`stage_${name}`)}</span> <span className="time">{time}</span>
        <span className="more" title={stage?.summary}>
          {stage?.message || stage?.summary || ""}
        </span>
      </span>
    </li>
  );
}

function standingOf(stage: Stage | undefined, running: boolean): string {
  if (!stage) return "waiting";
  if (typeof stage.duration_ms === "number") return "done";
  return running ? "running" : "stopped";
}

/** Counted work tells its share; else the time that the stage should take stands in; undefined: nobody knows. */
function shareOf(stage: Stage, spent: number): number | undefined {
  if (typeof stage.fraction === "number") return stage.fraction;
  return stage.eta_ms ? Math.min(0.95, spent / Math.max(stage.eta_ms, spent + 1)) : undefined;
}

function progress(words: Words, stage: Stage, spent: number): string {
  if (spent < 300) return "";
  const left = stage.eta_ms ? stage.eta_ms - spent : 0;
  const parts = [
    typeof stage.fraction === "number" ? words.number(stage.fraction, { style: "percent" }) : "",
    duration(words, Math.floor(spent / TICK_MS) * TICK_MS),
    left > 500 ? words.t("time_left", { time: `${words.number(Math.ceil(left / 1000))} s` }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
