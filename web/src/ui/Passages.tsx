// The places of documents that an answer cites; each opens to the passage itself.

import type { Answer } from "../log/events";
import { useWords } from "./context";

export function Passages({ answer }: { answer: Answer }) {
  const words = useWords();
  if (!answer.passages.length) return null;
  return (
    <section className="passages" aria-label={words.t("passages")}>
      <h3>{words.t("passages")}</h3>
      <ol>
        {answer.passages.map((passage, at) => (
          <li key={at}>
            <details>
              <summary>
                <strong>{passage.document}</strong>
                {typeof passage.page === "number" && <span className="faint"> · {words.t("page_number", { page: passage.page })}</span>}
              </summary>
              <blockquote>{passage.passage}</blockquote>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}
