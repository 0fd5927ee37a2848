// Taking a result away: the green button, the menu of everything else, progress, and what to do when it has expired.

import { use, useState } from "react";
import { Problem, type FormatInfo } from "../client";
import type { TableData } from "../log/events";
import { bytes, type Words } from "../words/words";
import { parseCsv } from "../words/csv";
import { copyText } from "./copy";
import { AskedContext, useSite } from "./context";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";
import { Menu, type MenuItem } from "./Menu";
import { firstLines, save } from "./saving";

/** More rows than this are a file's business, not the clipboard's. */
const CLIPBOARD_ROWS = 50_000;
const PREVIEW_ROWS = 10;

export interface Taking {
  /** Bytes so far; null where nothing is on its way. */
  bytes: number | null;
  problem: Problem | null;
  take: (path: string, rows?: number) => Promise<void>;
  fail: (problem: Problem | null) => void;
}

export function useTaking(): Taking {
  const { client, words, toast, emit } = useSite();
  const [count, setCount] = useState<number | null>(null);
  const [problem, fail] = useState<Problem | null>(null);
  const take = async (path: string, rows = 0) => {
    setCount(0);
    fail(null);
    try {
      const { name, missing } = await save(client, path, setCount, rows);
      const told = [name && words.t("saved", { name }), missing && words.t("missing_signs", { signs: missing })];
      if (name || missing) toast({ words: told.filter(Boolean).join(" ") });
      emit("download", { name });
    } catch (error) {
      fail(error instanceof Problem ? error : new Problem("internal"));
    } finally {
      setCount(null);
    }
  };
  return { bytes: count, problem, take, fail };
}

export const formatName = (words: Words, format: FormatInfo): string =>
  words.has(`format_${format.name}`) ? words.t(`format_${format.name}`) : format.name.toUpperCase();

export const pathOf = (format: FormatInfo, id: string, more: Record<string, string> = {}, run = ""): string => {
  const path = format.path.replace("{id}", encodeURIComponent(id)).replace("{run}", encodeURIComponent(run));
  const query = new URLSearchParams(more).toString();
  return query ? `${path}${path.includes("?") ? "&" : "?"}${query}` : path;
};

interface Props {
  table: TableData;
  sql?: { sql: string; source: string };
}

export function Take({ table, sql }: Props) {
  const site = useSite();
  const { words, info, client } = site;
  const taking = useTaking();
  const [previewed, setPreviewed] = useState<string | null>(null);
  const formats = info.formats["result"] ?? [];
  const options = { locale: words.numbers };
  const csv = pathOf(formats.find((format) => format.name === "csv") ?? FALLBACK, table.result_id, { ...options, bom: "true" });

  const copy = async () => {
    try {
      const tsv = `results/${encodeURIComponent(table.result_id)}/export?format=tsv`;
      const text = await (await client.call(tsv, { headers: { Accept: "*/*" } })).text();
      if (await copyText(text.replace(/^\ufeff/, ""))) site.toast({ words: words.t("copied") });
    } catch (error) {
      taking.fail(error instanceof Problem ? error : new Problem("internal"));
    }
  };
  const preview = async () => {
    try {
      setPreviewed(await firstLines(client, csv, PREVIEW_ROWS + 1));
    } catch (error) {
      taking.fail(error instanceof Problem ? error : new Problem("internal"));
    }
  };
  const items: (MenuItem | null)[] = [
    ...formats
      .filter((format) => format.name !== "csv")
      .sort((one, other) => Number(other.name === "xlsx") - Number(one.name === "xlsx"))
      .map((format) => ({
        key: format.name,
        words: formatName(words, format),
        hint: `.${format.extension}`,
        run: () => void taking.take(pathOf(format, table.result_id, options), table.total),
      })),
    null,
    { key: "preview", words: words.t("preview_csv"), run: () => void preview() },
    ...(table.total <= CLIPBOARD_ROWS ? [{ key: "copy", words: words.t("copy_table"), run: () => void copy() }] : []),
  ];
  return (
    <>
      <div className="take">
        <button
          type="button"
          className="download"
          title={words.t("download_csv_title")}
          disabled={taking.bytes !== null}
          onClick={() => void taking.take(csv, table.total)}
        >
          <Icon name="download" />
          {words.t("download_csv")}
        </button>
        <Menu label={words.t("other_formats")} className="outline formats" button={<Icon name="chevron" />} items={items} />
        <Progress taking={taking} />
      </div>
      {taking.problem && <Gone problem={taking.problem} sql={sql} />}
      {previewed !== null && (
        <Dialog title={words.t("preview_csv")} wide onClose={() => setPreviewed(null)}>
          <CsvPreview text={previewed} total={table.total} />
        </Dialog>
      )}
    </>
  );
}

const FALLBACK: FormatInfo = { name: "csv", extension: "csv", path: "results/{id}/export?format=csv" };

export function Progress({ taking }: { taking: Taking }) {
  const { words } = useSite();
  return (
    <span className="faint progress" role="status">
      {taking.bytes !== null && words.t("downloading", { size: bytes(words, taking.bytes) })}
    </span>
  );
}

/** What can't be taken any more says so, and offers to make it again. */
export function Gone({ problem, sql }: { problem: Problem; sql?: { sql: string; source: string } }) {
  const { words, thread, ask } = useSite();
  const question = use(AskedContext);
  const said = problem.code === "offline" ? words.t("offline") : problem.code === "broken_off" ? words.t("broken_off") : problem.detail;
  const again = () => void (sql ? thread.query(sql.sql, sql.source, words.locale) : ask(question));
  return (
    <div className="gone" role="alert">
      <span>{[said || words.t("rows_gone"), problem.hint].filter(Boolean).join(" ")}</span>
      {problem.status === 404 && (sql || question) && (
        <button type="button" className="outline again" onClick={again}>
          <Icon name="again" />
          {words.t("make_again")}
        </button>
      )}
    </div>
  );
}

/** The first rows of a CSV text as a table, with the total said. */
export function CsvPreview({ text, total }: { text: string; total?: number }) {
  const { words } = useSite();
  const [head = [], ...rows] = parseCsv(text.replace(/^\ufeff/, "").trimEnd());
  const shown = rows.slice(0, PREVIEW_ROWS);
  const all = total ?? rows.length;
  return (
    <div className="csv-preview">
      <p className="count">
        {shown.length < all
          ? words.t("first_of", { shown: words.number(shown.length), total: words.number(all) })
          : words.t("rows", { count: all, total: words.number(all) })}
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label={words.t("table")}>
        <table>
          <thead>
            <tr>
              {head.map((name, at) => (
                <th key={at} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              <tr key={at}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
