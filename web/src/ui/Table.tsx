// A result's table: only the rows in sight are drawn, however many there are; sorting and filtering happen in the
// engine, over all rows.

import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Cell, Query, TableData } from "../log/events";
import { formatter, isNumeric, plain } from "../words/cells";
import { useSite } from "./context";
import { copyText } from "./copy";
import { Icon } from "./Icon";
import { useRows, type Order, type Rows } from "./rows";
import { Gone, Take } from "./Take";
import { resized, widthsOf } from "./widths";

const ROW_PX = 34;
const ROWS_IN_SIGHT = 10;
const OVERSCAN = 6;
/** Browsers draw nothing beyond some 17 million pixels; longer tables scroll faster instead. */
const TALLEST_PX = 8_000_000;
const TYPING_MS = 250;

interface Spot {
  row: number;
  column: number;
}

export function ResultTable({ table, query }: { table: TableData; query?: Query }) {
  const { client, words } = useSite();
  const rows = useRows(client, table);
  const sql = query && { sql: query.sql, source: query.source };
  const isLong = table.total > ROWS_IN_SIGHT;
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

function Grid({ table, rows }: { table: TableData; rows: Rows }) {
  const { words } = useSite();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const help = useId();
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<Spot>({ row: 0, column: 0 });
  const [anchor, setAnchor] = useState<Spot | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const { columns } = table;
  const formats = useMemo(
    () => columns.map((column, at) => formatter(words, column, table.rows.map((row) => row[at] ?? null))),
    [columns, table.rows, words],
  );
  const shown = (cell: Cell | undefined, column: number) =>
    cell === null || cell === undefined ? "" : (formats[column]?.(cell) ?? plain(cell));
  const [widths, setWidths] = useState(() =>
    widthsOf(
      columns.map((column) => column.name),
      columns.map((_, at) => table.rows.map((row) => shown(row[at], at))),
    ),
  );

  const total = rows.total;
  const height = Math.min(total * ROW_PX, TALLEST_PX);
  const inSight = Math.min(total, ROWS_IN_SIGHT);
  const furthest = Math.max(0, height - inSight * ROW_PX);
  const share = furthest ? Math.min(1, top / furthest) : 0;
  const firstInSight = total * ROW_PX <= TALLEST_PX ? Math.floor(top / ROW_PX) : Math.round(share * (total - inSight));
  const first = Math.max(0, Math.min(firstInSight, total - inSight) - OVERSCAN);
  const end = Math.min(total, firstInSight + inSight + OVERSCAN);
  // The drawn rows lie where the eye is, whatever the scale between rows and pixels.
  const before = Math.max(0, Math.min(total * ROW_PX <= TALLEST_PX ? first * ROW_PX : top - (firstInSight - first) * ROW_PX, height - (end - first) * ROW_PX));
  const after = Math.max(0, height - before - (end - first) * ROW_PX);

  useEffect(() => rows.want(first, end), [first, end, rows.want]);

  /** Brings a row into sight. */
  const reveal = (row: number) => {
    const place = scroller.current;
    if (!place || (row >= firstInSight && row < firstInSight + inSight - 1)) return;
    const target = Math.max(0, Math.min(row < firstInSight ? row : row - inSight + 2, total - inSight));
    place.scrollTop = total * ROW_PX <= TALLEST_PX ? target * ROW_PX : (target / Math.max(1, total - inSight)) * furthest;
  };
  const focused = useRef(false);
  useLayoutEffect(() => {
    if (!focused.current) return;
    body.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
  }, [active, first, end]);

  const move = (spot: Spot, extend: boolean) => {
    const next = {
      row: Math.max(0, Math.min(total - 1, spot.row)),
      column: Math.max(0, Math.min(columns.length - 1, spot.column)),
    };
    focused.current = true;
    setAnchor(extend ? (anchor ?? active) : null);
    setActive(next);
    reveal(next.row);
  };
  const copySelection = () => {
    const [from, to] = [anchor ?? active, active];
    const [r0, r1] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
    const [c0, c1] = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
    const lines: string[] = [];
    for (let row = r0; row <= r1; row += 1) {
      const cells = (rows.row(row) ?? []).slice(c0, c1 + 1);
      lines.push(cells.map((cell) => plain(cell).replace(/[\t\r\n]+/g, " ")).join("\t"));
    }
    void copyText(lines.join("\n"));
  };
  const keys = (event: React.KeyboardEvent) => {
    const { row, column } = active;
    const steps: Record<string, Spot> = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row, column: column + 1 },
      ArrowLeft: { row, column: column - 1 },
      PageDown: { row: row + ROWS_IN_SIGHT, column },
      PageUp: { row: row - ROWS_IN_SIGHT, column },
      Home: { row: event.ctrlKey ? 0 : row, column: 0 },
      End: { row: event.ctrlKey ? total - 1 : row, column: columns.length - 1 },
    };
    const step = steps[event.key];
    if (step) move(step, event.shiftKey);
    else if (event.key === "Enter") setOpened(shown(rows.row(row)?.[column], column));
    else if (event.key === "Escape" && opened !== null) setOpened(null);
    else if (event.key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey)) {
      if (getSelection()?.toString()) return;
      copySelection();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const selected = (row: number, column: number) => {
    if (!anchor) return false;
    const inRows = row >= Math.min(anchor.row, active.row) && row <= Math.max(anchor.row, active.row);
    return inRows && column >= Math.min(anchor.column, active.column) && column <= Math.max(anchor.column, active.column);
  };
  const activeRow = active.row >= first && active.row < end ? active.row : first;

  return (
    <>
      <p className="aside" id={help}>
        {words.t("table_help")}
      </p>
      <div
        className="scroll grid"
        ref={scroller}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        style={{ maxHeight: ROW_PX * (ROWS_IN_SIGHT + 1) + 18 }}
      >
        <table
          role="grid"
          aria-label={words.t("table")}
          aria-describedby={help}
          aria-rowcount={total + 1}
          aria-colcount={columns.length}
          aria-busy={rows.loading}
          style={{ width: widths.reduce((sum, width) => sum + width, 0) }}
        >
          <colgroup>
            {widths.map((width, at) => (
              <col key={at} style={{ width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column, at) => (
                <Head
                  key={at}
                  name={column.name}
                  number={isNumeric(column)}
                  order={rows.order?.column === column.name ? rows.order : null}
                  sort={() => rows.setOrder(nextOrder(rows.order, column.name))}
                  sortable={table.total > 1}
                  resize={(by) => setWidths((now) => now.map((width, place) => (place === at ? resized(width, by) : width)))}
                />
              ))}
            </tr>
          </thead>
          <tbody
            ref={body}
            onKeyDown={keys}
            onFocus={() => (focused.current = true)}
            onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && (focused.current = false)}
          >
            {before > 0 && <Gap height={before} />}
            {Array.from({ length: end - first }, (_, at) => first + at).map((index) => {
              const row = rows.row(index);
              return (
                <tr key={index} aria-rowindex={index + 2} className={row ? undefined : "pending"}>
                  {columns.map((column, at) => {
                    const cell = row?.[at];
                    const text = shown(cell, at);
                    return (
                      <td
                        key={at}
                        className={[isNumeric(column) && "number", row && cell === null && "null", selected(index, at) && "chosen"]
                          .filter(Boolean)
                          .join(" ")}
                        tabIndex={index === activeRow && at === active.column ? 0 : -1}
                        title={text.length > 24 ? text : undefined}
                        onMouseDown={(event) => move({ row: index, column: at }, event.shiftKey)}
                        onDoubleClick={() => setOpened(text)}
                      >
                        {!row ? "…" : cell === null ? words.t("null") : text || <span className="aside">{words.t("empty_text")}</span>}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
            {after > 0 && <Gap height={after} />}
          </tbody>
        </table>
        {total === 0 && <p className="faint nothing">{words.t(rows.filter ? "nothing_found" : "no_rows")}</p>}
      </div>
      {opened !== null && (
        <div className="opened">
          <pre tabIndex={0}>{opened}</pre>
          <button type="button" className="round" aria-label={words.t("close")} onClick={() => setOpened(null)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </>
  );
}

/** Stands in for the rows above and below those that are drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td style={{ height }} />
    </tr>
  );
}

/** Up, down, as it came. */
function nextOrder(order: Order | null, column: string): Order | null {
  if (order?.column !== column) return { column, descending: false };
  return order.descending ? null : { column, descending: true };
}

interface HeadProps {
  name: string;
  number: boolean;
  order: Order | null;
  sortable: boolean;
  sort: () => void;
  resize: (by: number) => void;
}

function Head({ name, number, order, sortable, sort, resize }: HeadProps) {
  const { words } = useSite();
  const from = useRef<number | null>(null);
  const keys = (event: React.KeyboardEvent) => {
    const by = event.altKey ? { ArrowLeft: -16, ArrowRight: 16 }[event.key] : undefined;
    if (by) event.preventDefault(), resize(by);
  };
  const drag = (event: React.PointerEvent<HTMLSpanElement>) => {
    if (from.current === null) return;
    resize(event.clientX - from.current);
    from.current = event.clientX;
  };
  return (
    <th
      scope="col"
      className={number ? "number" : undefined}
      aria-sort={order ? (order.descending ? "descending" : "ascending") : undefined}
    >
      {sortable ? (
        <button type="button" className="sort" title={words.t("sort_by", { name })} onClick={sort} onKeyDown={keys}>
          <span>{name}</span>
          <span className="arrow" aria-hidden="true">
            {order ? (order.descending ? "↓" : "↑") : ""}
          </span>
        </button>
      ) : (
        <span className="sort">{name}</span>
      )}
      <span
        className="resizer"
        aria-hidden="true"
        onPointerDown={(event) => {
          from.current = event.clientX;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={drag}
        onPointerUp={() => (from.current = null)}
      />
    </th>
  );
}
