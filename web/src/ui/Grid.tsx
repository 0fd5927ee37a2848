// The cells of a result: only the rows in sight are drawn, however many there are; walked, selected and copied by
// keyboard or mouse.

import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Cell, TableData } from "../log/events";
import { formatter, isNumeric, plain } from "../words/cells";
import { ColumnHead } from "./ColumnHead";
import { useSite, useWords } from "./context";
import { copyText } from "./copy";
import { stepOf, useCursor, type Cursor } from "./cursor";
import { Icon } from "./Icon";
import type { Rows } from "./rows";
import { ROW_PX, rowsInSight, sightOf } from "./sight";
import { fitted, resized, widthsOf } from "./widths";

/** Room for the scroll bar and the borders. */
const FRAME_PX = 18;
/** Longer texts are likely cut off, so the whole stands in a tip. */
const LONG_TEXT = 24;

/** A cell of a column as a person reads it; nothing for a null. */
type Shown = (cell: Cell | undefined, column: number) => string;

export function Grid({ table, rows }: { table: TableData; rows: Rows }) {
  const { words } = useSite();
  const { columns } = table;
  const scroller = useRef<HTMLDivElement>(null);
  const help = useId();
  const [top, setTop] = useState(0);
  const [opened, setOpened] = useState<string | null>(null);
  const shown = useShown(table);
  const [widths, setWidths] = useState(() => firstWidths(table, shown));
  useLayoutEffect(() => setWidths((now) => fitted(now, scroller.current?.clientWidth || Infinity)), []);
  const sight = sightOf(top, rows.total);
  useEffect(() => rows.want(sight.first, sight.end), [sight.first, sight.end, rows.want]);
  const focus = useCellFocus();
  const cursor = useCursor(rows.total, columns.length, ({ row }) => {
    focus.take();
    if (scroller.current && !sight.shows(row)) scroller.current.scrollTop = sight.topFor(row);
  });
  const { active } = cursor;
  useLayoutEffect(focus.follow, [active, sight.first, sight.end]);

  const keys = (event: React.KeyboardEvent) => {
    const step = stepOf(event, active, rows.total, columns.length);
    if (step) cursor.move(step, event.shiftKey);
    else if (event.key === "Enter") setOpened(shown(rows.row(active.row)?.[active.column], active.column));
    else if (event.key === "Escape" && opened !== null) setOpened(null);
    else if (event.key.toLowerCase() === "c" && (event.ctrlKey || event.metaKey) && !getSelection()?.toString()) copyBlock(rows, cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Where the active row is out of sight, Tab still has to find a cell.
  const entry = active.row >= sight.first && active.row < sight.end ? active.row : sight.first;
  return (
    <>
      <p className="aside" id={help}>
        {words.t("table_help")}
      </p>
      <div
        className="scroll grid"
        ref={scroller}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        style={{ maxHeight: ROW_PX * (rowsInSight(table.total) + 1) + FRAME_PX }}
      >
        <table
          role="grid"
          aria-label={words.t("table")}
          aria-describedby={help}
          aria-rowcount={rows.total + 1}
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
                <ColumnHead
                  key={at}
                  name={column.name}
                  number={isNumeric(column)}
                  order={rows.order?.column === column.name ? rows.order : null}
                  onSort={rows.setOrder}
                  sortable={table.total > 1}
                  onResize={(by) => setWidths((now) => now.map((width, place) => (place === at ? resized(width, by) : width)))}
                />
              ))}
            </tr>
          </thead>
          <tbody ref={focus.place} onKeyDown={keys} onFocus={focus.take} onBlur={focus.leave}>
            {sight.before > 0 && <Gap height={sight.before} />}
            {Array.from({ length: Math.max(0, sight.end - sight.first) }, (_, at) => sight.first + at).map((index) => (
              <Row key={index} index={index} table={table} cells={rows.row(index)} entry={index === entry} cursor={cursor} shown={shown} onOpen={setOpened} />
            ))}
            {sight.after > 0 && <Gap height={sight.after} />}
          </tbody>
        </table>
        {rows.total === 0 && <p className="faint nothing">{words.t(rows.filter ? "nothing_found" : "no_rows")}</p>}
      </div>
      {opened !== null && <Opened text={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function useShown({ columns, rows }: TableData): Shown {
  const words = useWords();
  return useMemo(() => {
    const formats = columns.map((column, at) => formatter(words, column, rows.map((row) => row[at] ?? null)));
    return (cell, column) => (cell === null || cell === undefined ? "" : (formats[column]?.(cell) ?? plain(cell)));
  }, [columns, rows, words]);
}

const firstWidths = ({ columns, rows }: TableData, shown: Shown): number[] =>
  widthsOf(
    columns.map((column) => column.name),
    columns.map((_, at) => rows.map((row) => shown(row[at], at))),
  );

/** Keeps the focus on the active cell while rows are drawn anew under it. */
function useCellFocus() {
  const place = useRef<HTMLTableSectionElement>(null);
  const focused = useRef(false);
  return {
    place,
    take: () => void (focused.current = true),
    leave: (event: React.FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) focused.current = false;
    },
    follow: () => {
      if (focused.current) place.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
    },
  };
}

/** Puts the selected cells on the clipboard, as text that spreadsheets paste into cells. */
function copyBlock(rows: Rows, cursor: Cursor): void {
  const [from, to] = cursor.block();
  const lines: string[] = [];
  for (let row = from.row; row <= to.row; row += 1) {
    const cells = (rows.row(row) ?? []).slice(from.column, to.column + 1);
    lines.push(cells.map((cell) => plain(cell).replace(/[\t\r\n]+/g, " ")).join("\t"));
  }
  void copyText(lines.join("\n"));
}

interface RowProps {
  index: number;
  table: TableData;
  cells: Cell[] | undefined;
  /** Whether Tab leads into this row. */
  entry: boolean;
  cursor: Cursor;
  shown: Shown;
  onOpen: (text: string) => void;
}

function Row({ index, table, cells, entry, cursor, shown, onOpen }: RowProps) {
  const words = useWords();
  return (
    <tr aria-rowindex={index + 2} className={cells ? undefined : "pending"}>
      {table.columns.map((column, at) => {
        const isNull = cells !== undefined && cells[at] === null;
        const text = shown(cells?.[at], at);
        const classes = [isNumeric(column) && "number", isNull && "null", cursor.isChosen(index, at) && "chosen"];
        return (
          <td
            key={at}
            className={classes.filter(Boolean).join(" ")}
            tabIndex={entry && at === cursor.active.column ? 0 : -1}
            title={text.length > LONG_TEXT ? text : undefined}
            onMouseDown={(event) => cursor.move({ row: index, column: at }, event.shiftKey)}
            onDoubleClick={() => onOpen(text)}
          >
            {!cells ? "…" : isNull ? words.t("null") : text || <span className="aside">{words.t("empty_text")}</span>}
          </td>
        );
      })}
    </tr>
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

/** A cell's whole text. */
function Opened({ text, onClose }: { text: string; onClose: () => void }) {
  const words = useWords();
  return (
    <div className="opened">
      <pre tabIndex={0}>{text}</pre>
      <button type="button" className="round" aria-label={words.t("close")} onClick={onClose}>
        <Icon name="close" />
      </button>
    </div>
  );
}
