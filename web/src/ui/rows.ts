// The rows of a result as a table needs them: a window at a time from the server, sorted and filtered there.

import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, type Client } from "../client";
import type { Cell, TableData } from "../log/events";

const PAGE = 200;
/** So many pages are kept: 10,000 rows, however far a person scrolls. */
const KEPT_PAGES = 50;

export interface Order {
  column: string;
  descending: boolean;
}

export interface Rows {
  total: number;
  row: (index: number) => Cell[] | undefined;
  /** Asks for the rows from `first` to before `end`, where they are not here yet. */
  want: (first: number, end: number) => void;
  order: Order | null;
  setOrder: (order: Order | null) => void;
  filter: string;
  setFilter: (filter: string) => void;
  problem: Problem | null;
  loading: boolean;
}

class Window {
  readonly pages = new Map<number, Cell[][]>();
  readonly asked = new Map<number, AbortController>();

  constructor(
    readonly sort: string,
    readonly filter: string,
    public total: number,
    readonly start: readonly Cell[][],
  ) {}

  row(index: number): Cell[] | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? this.start[index];
  }

  keep(page: number, rows: Cell[][]): void {
    this.pages.delete(page);
    this.pages.set(page, rows);
    const oldest = this.pages.keys().next().value;
    if (this.pages.size > KEPT_PAGES && oldest !== undefined) this.pages.delete(oldest);
  }

  /** Lets go of what nobody looks at any more: a fast scroll passes over many pages. */
  dropAllBut(pages: ReadonlySet<number>): void {
    for (const [page, aborter] of this.asked) {
      if (pages.has(page)) continue;
      aborter.abort();
      this.asked.delete(page);
    }
  }
}

export function useRows(client: Client, table: TableData): Rows {
  const [order, setOrder] = useState<Order | null>(null);
  const [filter, setFilter] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [, redraw] = useState(0);
  const sort = order ? `${order.descending ? "-" : ""}${order.column}` : "";
  const held = useRef<Window>(undefined);
  held.current ??= new Window("", "", table.total, table.rows);
  if (held.current.sort !== sort || held.current.filter !== filter) {
    held.current.dropAllBut(new Set());
    const asItCame = !sort && !filter;
    held.current = new Window(sort, filter, asItCame ? table.total : held.current.total, asItCame ? table.rows : []);
  }
  const window = held.current;
  useEffect(() => () => held.current?.dropAllBut(new Set()), []);

  const want = useCallback(
    (first: number, end: number) => {
      const pages = new Set<number>();
      for (let page = Math.floor(first / PAGE); page * PAGE < end; page += 1) pages.add(page);
      window.dropAllBut(pages);
      for (const page of pages) {
        const from = page * PAGE;
        const needed = Math.min(end, from + PAGE, Math.max(window.total, 1));
        const isHere = window.pages.has(page) || (window.start.length > 0 && needed <= window.start.length);
        if (isHere || window.asked.has(page)) continue;
        const aborter = new AbortController();
        window.asked.set(page, aborter);
        client.page(table.result_id, from, PAGE, window.sort, window.filter, aborter.signal).then(
          (found) => {
            window.asked.delete(page);
            window.keep(page, found.rows);
            window.total = found.total;
            setProblem(null);
            redraw((count) => count + 1);
          },
          (error: unknown) => {
            if (aborter.signal.aborted) return;
            setProblem(error instanceof Problem ? error : new Problem("internal"));
          },
        );
      }
    },
    [client, table.result_id, window],
  );

  return {
    total: window.total,
    row: (index) => window.row(index),
    want,
    order,
    setOrder,
    filter,
    setFilter,
    problem,
    loading: window.asked.size > 0,
  };
}
