// The tools that a model or an agent has called on its way to an answer, each with what it was given and what it gave.

import type { Answer, Tool } from "../log/events";
import { useWords } from "./context";

export function Tools({ answer }: { answer: Answer }) {
  const words = useWords();
  const count = answer.tools.length;
  if (!count) return null;
  return (
    <details className="tools">
      <summary>{words.t("tools_called", { count, total: words.number(count) })}</summary>
      <ol>
        {answer.tools.map((tool) => (
          <Call key={tool.call_id} tool={tool} running={answer.status === "running"} />
        ))}
      </ol>
    </details>
  );
}

function Call({ tool, running }: { tool: Tool; running: boolean }) {
  const words = useWords();
  const standing = tool.failed ? "failed" : tool.done ? "done" : running ? "running" : "stopped";
  return (
    <li data-standing={standing} aria-busy={standing === "running"}>
      <code>{tool.tool}</code> <span className="given">{given(tool.arguments)}</span>
      {standing === "failed" && <span className="problem"> {words.t("tool_failed")}</span>}
      {tool.done && tool.result != null && <pre tabIndex={0}>{asText(tool.result)}</pre>}
    </li>
  );
}

const given = (named: Record<string, unknown> = {}): string =>
  Object.entries(named)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");

const asText = (result: unknown): string => (typeof result === "string" ? result : JSON.stringify(result, null, 1));
