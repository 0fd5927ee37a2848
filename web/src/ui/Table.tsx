// A result's table with its filter, its count and its files; sorting and filtering happen in the engine, over all rows.

import { useEffect, useState } from "react";
import type { Query, TableData } from "../log/events";
import { useSite } from "./context";
import { Grid } from "./Grid";
import { Icon } from "./Icon";
import { useRows, type Rows } from "./rows";
import { rowsInSight } from "./sight";
import { Gone, Take } from "./Take";

const TYPING_MS = 250;

export function ResultTable({ table, query }: { table: TableData; query?: Query }) {
  const { client, words } = useSite();
  const rows = useRows(client, table);
  const sql = query && { sql: query.sql, source: query.source };
  const isLong = table.total > rowsInSight(table.total);
  return (
    <section className="result" data-result={table.result_id} aria-label={words.t("table")}>
      {isLong && <Filter rows={rows} />}
      <Grid table={table} rows={rows} />
      <div className="below">
        <p className="count" aria-live="polite">
          {counted(rows, table, words)}
        </p>
        <Take table={table} sql={sql} />
      </div>
      {rows.problem && <Gone problem={rows.problem} sql={sql} />}
    </section>
  );
}

function counted(rows: Rows, table: TableData, words: ReturnType<typeof useSite>["words"]): string {
  const all = { count: table.total, total: words.number(table.total) };
  const said = rows.filter
    ? words.t("filtered_rows", { shown: words.number(rows.total), total: words.number(table.total) })
    : words.t("rows", all);
  return table.truncated ? `${said} ${words.t("truncated")}` : said;
}

function Filter({ rows }: { rows: Rows }) {
  const { words } = useSite();
  const [text, setText] = useState("");
  const { setFilter } = rows;
  useEffect(() => {
    const timer = setTimeout(() => setFilter(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, setFilter]);
  return (
    <label className="filter">
      <Icon name="filter" />
      <input
        type="search"
        value={text}
        placeholder={words.t("filter")}
        aria-label={words.t("filter")}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && (event.preventDefault(), setText(""))}
      />
    </label>
  );
}
