// The statements of an answer: readable, copyable, and to be edited and run again.

import { useRef, useState } from "react";
import type { Answer, Query } from "../log/events";
import { highlighted, inLines } from "../words/sql";
import { useSite, useWords } from "./context";
import { CopyButton } from "./CopyButton";
import { Icon } from "./Icon";

export function SqlList({ answer }: { answer: Answer }) {
  if (!answer.queries.length) return null;
  return (
    <div className="sql">
      {answer.queries.map((query) => (
        <Statement key={query.query_id} query={query} shownAlready={answer.failure?.message} />
      ))}
    </div>
  );
}

function Statement({ query, shownAlready }: { query: Query; shownAlready?: string }) {
  const { words, preferences, sources } = useSite();
  const [editing, setEditing] = useState(false);
  const text = inLines(query.sql);
  const name = sources.find((source) => source.id === query.source)?.name ?? query.source;
  return (
    <details open={preferences.sql}>
      <summary>
        SQL{name && <span className="faint"> · {name}</span>}
      </summary>
      {editing ? (
        <Editor query={query} start={text} close={() => setEditing(false)} />
      ) : (
        <div className="code">
          <Highlighted sql={text} />
          <div className="code-tools">
            <button type="button" className="quiet edit" onClick={() => setEditing(true)}>
              <Icon name="edit" />
              {words.t("edit")}
            </button>
            <CopyButton text={text} />
          </div>
        </div>
      )}
      {query.error && query.error !== shownAlready && <p className="problem">{query.error}</p>}
    </details>
  );
}

export function Highlighted({ sql }: { sql: string }) {
  return (
    <pre tabIndex={0} aria-label="SQL">
      <code>
        {highlighted(sql).map((part, at) => (part.kind ? <span key={at} className={`sql-${part.kind}`}>{part.text}</span> : part.text))}
      </code>
    </pre>
  );
}

function Editor({ query, start, close }: { query: Query; start: string; close: () => void }) {
  const { thread, sources } = useSite();
  const words = useWords();
  const [text, setText] = useState(start);
  const box = useRef<HTMLTextAreaElement>(null);
  const run = () => {
    const sql = text.trim();
    const source = sources.some((one) => one.id === query.source || one.name === query.source) ? query.source : "";
    if (sql) void thread.query(sql, source, words.locale).then((begun) => begun && close());
  };
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === "Escape") event.stopPropagation(), close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.preventDefault(), run();
  };
  return (
    <div className="editor">
      <textarea
        ref={box}
        className="sql-edit"
        aria-label={words.t("edit_sql")}
        spellCheck={false}
        autoFocus
        rows={Math.min(16, text.split("\n").length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
      />
      <div className="row">
        <button type="button" className="primary run" onClick={run} disabled={!text.trim()}>
          {words.t("run_sql")}
        </button>
        <button type="button" className="quiet" onClick={close}>
          {words.t("cancel")}
        </button>
        <span className="faint">{words.t("run_sql_keys")}</span>
      </div>
    </div>
  );
}
