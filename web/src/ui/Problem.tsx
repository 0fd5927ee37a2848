import type { ReactNode } from "react";
import { Problem } from "../client";
import { useWords } from "./context";

interface Props {
  problem: Problem | { code: string; message: string; hint?: string };
  id?: string;
  children?: ReactNode;
}

/** What went wrong, and what to do next. */
export function ProblemNote({ problem, id, children }: Props) {
  const words = useWords();
  const said = problem instanceof Problem ? problem.detail : problem.message;
  const offline = problem.code === "offline";
  return (
    <div className="problem" id={id} role="alert" data-code={problem.code}>
      <p>{offline ? words.t("offline") : said || words.t("failed")}</p>
      {!offline && (problem.hint || !said) && <p className="hint">{problem.hint || words.t("failed_hint")}</p>}
      {children}
    </div>
  );
}
