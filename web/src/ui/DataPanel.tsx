// What can be asked: sources with their tables, columns and samples, and the files that a person brought.

import { useState } from "react";
import { Problem, type CatalogColumn, type CatalogTable, type DocumentSummary, type Source } from "../client";
import { formatter, isNumeric } from "../words/cells";
import { useSite } from "./context";
import { Icon } from "./Icon";
import { Tick, type Ticks } from "./ticks";

interface Props {
  sources: readonly Source[] | null;
  ticks: Ticks;
  onRemove: (source: Source) => void;
  onRemoveDocument: (document: DocumentSummary) => void;
  onAttach: () => void;
}

export function DataPanel({ sources, ticks, onRemove, onRemoveDocument, onAttach }: Props) {
  const { words } = useSite();
  const { groups, documents } = ticks;
  const canChoose = groups.length + documents.length > 1;
  return (
    <div className="data-panel">
      {sources?.length === 0 && documents.length === 0 && <p className="hint">{words.t("no_sources")}</p>}
      {groups.map((group) => (
        <section key={group.key} className="source" data-source={group.name}>
          <div className="source-head">
            {canChoose ? <Tick choice={group.key} name={group.name} ticks={ticks} /> : <h3 className="cut">{group.name}</h3>}
            {group.mine && group.sources[0] && <Remove thing={group.sources[0]} onRemove={onRemove} />}
          </div>
          {group.sources.map((source) => (
            <SourceTables key={source.id} source={source} named={group.sources.length > 1} />
          ))}
        </section>
      ))}
      {documents.length > 0 && <Documents ticks={ticks} canChoose={canChoose} onRemove={onRemoveDocument} />}
      <button type="button" className="outline add-file" onClick={onAttach}>
        <Icon name="plus" />
        {words.t("attach")}
      </button>
      <p className="hint">{words.t("drop_hint")}</p>
    </div>
  );
}

interface DocumentsProps {
  ticks: Ticks;
  canChoose: boolean;
  onRemove: (document: DocumentSummary) => void;
}

function Documents({ ticks, canChoose, onRemove }: DocumentsProps) {
  const { words } = useSite();
  return (
    <section className="source documents" aria-label={words.t("documents")}>
      <div className="source-head">
        <h3>{words.t("documents")}</h3>
      </div>
      <ul>
        {ticks.documents.map((document) => (
          <li key={document.id} data-document={document.name}>
            <span className="source-head">
              {canChoose ? (
                <Tick choice={document.id} name={document.name} ticks={ticks} />
              ) : (
                <span className="cut" title={document.title || document.name}>
                  {document.name}
                </span>
              )}
              {typeof document.pages === "number" && (
                <span className="count">{words.t("pages", { count: document.pages, total: words.number(document.pages) })}</span>
              )}
              {document.mine && <Remove thing={document} onRemove={onRemove} />}
            </span>
            {document.problem && <p className="problem small-print">{document.problem}</p>}
            {document.notices?.map((notice, at) => (
              <p key={at} className="hint">
                {notice}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Remove<Thing extends { name: string }>({ thing, onRemove }: { thing: Thing; onRemove: (thing: Thing) => void }) {
  const { words } = useSite();
  const label = words.t("remove_source", { name: thing.name });
  return (
    <button type="button" className="round small" aria-label={label} title={label} onClick={() => onRemove(thing)}>
      <Icon name="close" />
    </button>
  );
}

function SourceTables({ source, named }: { source: Source; named: boolean }) {
  const { client } = useSite();
  const [catalog, setCatalog] = useState<Promise<CatalogTable[]> | null>(null);
  const load = () => {
    const found = catalog ?? client.json<{ tables: CatalogTable[] }>(`sources/${encodeURIComponent(source.id)}/catalog`).then(({ tables }) => tables);
    setCatalog(found);
    return found;
  };
  return (
    <>
      {named && source.tables?.length > 1 && <h4 className="cut">{source.name}</h4>}
      {source.problem && <p className="problem small-print">{named ? `${source.name}: ${source.problem}` : source.problem}</p>}
      {source.tables?.map((table) => (
        <TableEntry key={table.name} name={table.name} rows={table.rows} load={load} />
      ))}
      {source.notices?.map((notice, at) => (
        <p key={at} className="hint">
          {notice}
        </p>
      ))}
    </>
  );
}

function TableEntry({ name, rows, load }: { name: string; rows: number; load: () => Promise<CatalogTable[]> }) {
  const { words } = useSite();
  const [table, setTable] = useState<CatalogTable | null>(null);
  const [problem, setProblem] = useState("");
  const open = (event: React.SyntheticEvent<HTMLDetailsElement>) => {
    if (!event.currentTarget.open || table) return;
    load().then(
      (tables) => setTable(tables.find((other) => other.name === name) ?? null),
      (error: unknown) => setProblem((error instanceof Problem && error.detail) || words.t("failed")),
    );
  };
  return (
    <details className="entry" data-table={name} onToggle={open}>
      <summary>
        <span className="table-name cut">{name}</span>
        <span className="count">{words.number(rows)}</span>
      </summary>
      {problem && <p className="problem small-print">{problem}</p>}
      {table?.comment && <p className="hint">{table.comment}</p>}
      <ul>
        {table?.columns.map((column) => (
          <ColumnEntry key={column.name} column={column} />
        ))}
      </ul>
    </details>
  );
}

const SAMPLES = 3;

function ColumnEntry({ column }: { column: CatalogColumn }) {
  const { words } = useSite();
  const cells = (column.samples ?? []).filter((cell) => cell !== null);
  const format = formatter(words, column, cells);
  const range = isNumeric(column) && column.min !== undefined && column.min !== null && column.min !== column.max;
  const samples = range ? `${format(column.min ?? null)} – ${format(column.max ?? null)}` : cells.slice(0, SAMPLES).map(format).join(", ");
  return (
    <li>
      <span className="column-name">{column.name}</span> <span className="count">{words.t(`type_${column.type}`) || column.type}</span>
      {samples && <span className="samples cut">{samples}</span>}
    </li>
  );
}
