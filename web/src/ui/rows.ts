// The rows of a result as a table needs them: a window at a time from the server, sorted and filtered there.

import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, type Client } from "../client";
import type { Cell, TableData } from "../log/events";

const PAGE = 200;
/** So many pages are kept: 10,000 rows, however far a person scrolls. */
const KEPT_PAGES = 50;
const CUT_LETTERS = 200;

/** An answer brings long texts cut; whoever reads or copies them wants the whole. */
const isCut = (cell: Cell): boolean => typeof cell === "string" && cell.length >= CUT_LETTERS && cell.endsWith("…");

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
  private readonly startIsWhole: boolean;

  /** `start` are the first rows as the answer brought them, where the order is theirs. */
  constructor(
    readonly sort: string,
    readonly filter: string,
    public total: number,
    readonly start: readonly Cell[][],
  ) {
    this.startIsWhole = start.length > 0 && !start.some((row) => row.some(isCut));
  }

  row(index: number): Cell[] | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? this.start[index];
  }

  keep(page: number, rows: Cell[][]): void {
    this.pages.delete(page);
    this.pages.set(page, rows);
    const oldest = this.pages.keys().next().value;
    if (this.pages.size > KEPT_PAGES && oldest !== undefined) this.pages.delete(oldest);
  }

  /** Which pages hold the rows from `first` to before `end`, are not here and not on their way. Others that are on
   * their way nobody looks at any more: a fast scroll passes over many. */
  missing(first: number, end: number): number[] {
    const wanted = new Set<number>();
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page += 1) wanted.add(page);
    this.dropAllBut(wanted);
    return [...wanted].filter((page) => {
      const needed = Math.min(end, page * PAGE + PAGE, Math.max(this.total, 1));
      const isHere = this.pages.has(page) || (this.startIsWhole && needed <= this.start.length);
      return !isHere && !this.asked.has(page);
    });
  }

  dropAllBut(wanted: ReadonlySet<number>): void {
    for (const [page, aborter] of this.asked) {
      if (wanted.has(page)) continue;
      aborter.abort();
      this.asked.delete(page);
    }
  }

  /** Fetches a page. Problem where that fails, and the page can be asked for again; false where it was let go. */
  async fetch(client: Client, resultId: string, page: number): Promise<boolean> {
    const aborter = new AbortController();
    this.asked.set(page, aborter);
    try {
      const found = await client.page(resultId, page * PAGE, PAGE, this.sort, this.filter, aborter.signal);
      this.keep(page, found.rows);
      this.total = found.total;
    } catch (error) {
      if (aborter.signal.aborted) return false;
      throw error instanceof Problem ? error : new Problem("internal");
    } finally {
      if (this.asked.get(page) === aborter) this.asked.delete(page);
    }
    return true;
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
      for (const page of window.missing(first, end)) {
        window.fetch(client, table.result_id, page).then(
          (isHere) => isHere && (setProblem(null), redraw((count) => count + 1)),
          (error: unknown) => setProblem(error as Problem),
        );
      }
    },
    [client, table.result_id, window],
  );
  const row = (index: number) => window.row(index);
  return { total: window.total, row, want, order, setOrder, filter, setFilter, problem, loading: window.asked.size > 0 };
}
