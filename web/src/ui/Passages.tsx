// The places of documents that an answer cites; each opens to its words, and to what stands around them.

import { useEffect, useState } from "react";
import { Problem, type PassageView } from "../client";
import type { Answer, Passage } from "../log/events";
import { useSite, useWords } from "./context";
import { Dialog } from "./Dialog";
import { Marked } from "./Marked";
import { ProblemNote } from "./Problem";

export function Passages({ answer }: { answer: Answer }) {
  const words = useWords();
  if (!answer.passages.length) return null;
  return (
    <section className="passages" aria-label={words.t("passages")}>
      <h3>{words.t("passages")}</h3>
      <ol>
        {answer.passages.map((passage, at) => (
          <Citation key={at} passage={passage} />
        ))}
      </ol>
    </section>
  );
}

function Citation({ passage }: { passage: Passage }) {
  const { words } = useSite();
  const [opened, setOpened] = useState(false);
  const page = typeof passage.page === "number" ? words.t("page_number", { page: passage.page }) : "";
  const where = [page, passage.heading].filter(Boolean).join(" · ");
  return (
    <li>
      <details>
        <summary>
          <strong>{passage.document}</strong>
          {where && <span className="faint"> · {where}</span>}
        </summary>
        <blockquote>
          <Cited text={passage.passage} start={passage.start} end={passage.end} />
        </blockquote>
        {passage.document_id && (
          <button type="button" className="quiet around" onClick={() => setOpened(true)}>
            {words.t("read_around")}
          </button>
        )}
      </details>
      {opened && <Around passage={passage} onClose={() => setOpened(false)} />}
    </li>
  );
}

function Cited({ text, start = 0, end = 0 }: { text: string; start?: number; end?: number }) {
  return <Marked text={text} places={end > start ? [{ start, end }] : []} mark={(part) => <mark className="confirmed">{part}</mark>} />;
}

/** The passage where it stands in its document. */
function Around({ passage, onClose }: { passage: Passage; onClose: () => void }) {
  const { client } = useSite();
  const [found, setFound] = useState<PassageView | Problem | null>(null);
  const path = `documents/${encodeURIComponent(passage.document_id ?? "")}/passages/${passage.place ?? 0}`;
  useEffect(() => {
    let gone = false;
    client.json<PassageView>(path).then(
      (view) => !gone && setFound(view),
      (error: unknown) => !gone && setFound(error instanceof Problem ? error : new Problem("internal")),
    );
    return () => {
      gone = true;
    };
  }, [client, path]);
  return (
    <Dialog title={passage.document} wide onClose={onClose}>
      {found instanceof Problem ? (
        <ProblemNote problem={found} />
      ) : found ? (
        <div className="around-text" tabIndex={0}>
          <p className="faint">{found.before}</p>
          <p>
            <Cited text={found.passage} start={passage.start} end={passage.end} />
          </p>
          <p className="faint">{found.after}</p>
        </div>
      ) : (
        <p className="faint" aria-busy="true">
          …
        </p>
      )}
    </Dialog>
  );
}
