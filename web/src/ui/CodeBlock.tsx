// A code block of an answer. A `csv` block is a small table: bound to a result it brings the complete file, unbound
// its own text. Every other block can be copied and taken as `code.<ext>`.

import type { TableData } from "../log/events";
import { exportName, parseCsv } from "../words/csv";
import { useSite } from "./context";
import { CopyButton } from "./CopyButton";
import { Icon } from "./Icon";
import { saveBlob } from "./saving";
import { Highlighted } from "./Sql";
import { CsvPreview, Take } from "./Take";

interface Props {
  language: string;
  meta: string;
  text: string;
  tables: readonly TableData[];
}

const EXTENSIONS: Record<string, string> = {
  bash: "sh", c: "c", cpp: "cpp", css: "css", go: "go", html: "html", java: "java", javascript: "js", js: "js",
  json: "json", markdown: "md", md: "md", python: "py", py: "py", r: "r", ruby: "rb", rust: "rs", sh: "sh", sql: "sql",
  text: "txt", toml: "toml", ts: "ts", typescript: "ts", xml: "xml", yaml: "yaml", yml: "yaml",
}; // prettier-ignore

export function CodeBlock({ language, meta, text, tables }: Props) {
  const kind = language.toLowerCase();
  return kind === "csv" ? <CsvBlock text={text} table={boundTo(text, meta, tables)} /> : <OtherBlock kind={kind} text={text} />;
}

/** The result whose rows the block shows: the one that its info string names, else the one with the same columns. */
function boundTo(text: string, meta: string, tables: readonly TableData[]): TableData | undefined {
  const id = /\bresult=(\S+)/.exec(meta)?.[1];
  if (id) return tables.find((table) => table.result_id === id);
  const head = JSON.stringify(parseCsv(text)[0] ?? []);
  return tables.find((table) => JSON.stringify(table.columns.map((column) => column.name)) === head);
}

function CsvBlock({ text, table }: { text: string; table: TableData | undefined }) {
  const { words } = useSite();
  const saveText = () => saveBlob(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }), exportName(new Date()));
  return (
    <div className="csv-block">
      <CsvPreview text={text} total={table?.total} />
      {table ? (
        <Take table={table} />
      ) : (
        <div className="take">
          <button type="button" className="download" title={words.t("download_csv_title")} onClick={saveText}>
            <Icon name="download" />
            {words.t("download_csv")}
          </button>
          <CopyButton text={text} />
        </div>
      )}
    </div>
  );
}

function OtherBlock({ kind, text }: { kind: string; text: string }) {
  const { words } = useSite();
  const extension = EXTENSIONS[kind] ?? (/^[a-z0-9]{1,8}$/.test(kind) ? kind : "txt");
  const saveText = () => saveBlob(new Blob([text], { type: "text/plain;charset=utf-8" }), `code.${extension}`);
  return (
    <div className="code">
      {kind === "sql" ? (
        <Highlighted sql={text.trimEnd()} />
      ) : (
        <pre tabIndex={0}>
          <code>{text}</code>
        </pre>
      )}
      <div className="code-tools">
        <button type="button" className="quiet" title={words.t("download_code_title")} onClick={saveText}>
          <Icon name="download" />
          {words.t("download_code")}
        </button>
        <CopyButton text={text} />
      </div>
    </div>
  );
}
