// The cell that the keyboard is at, and the block of cells that is selected from it (ARIA grid pattern).

import { useState } from "react";
import { ROWS_IN_SIGHT } from "./sight";

export interface Spot {
  row: number;
  column: number;
}

export interface Cursor {
  active: Spot;
  /** Goes to a cell, as near as the table has it; `extend` keeps what is selected at its other end. */
  move: (spot: Spot, extend: boolean) => void;
  isChosen: (row: number, column: number) => boolean;
  /** The first and the last cell of what is selected. */
  block: () => [Spot, Spot];
}

export function useCursor(rows: number, columns: number, onMove: (spot: Spot) => void): Cursor {
  const [active, setActive] = useState<Spot>({ row: 0, column: 0 });
  const [anchor, setAnchor] = useState<Spot | null>(null);
  const other = anchor ?? active;
  const [from, to]: [Spot, Spot] = [
    { row: Math.min(other.row, active.row), column: Math.min(other.column, active.column) },
    { row: Math.max(other.row, active.row), column: Math.max(other.column, active.column) },
  ];
  return {
    active,
    block: () => [from, to],
    isChosen: (row, column) =>
      anchor !== null && row >= from.row && row <= to.row && column >= from.column && column <= to.column,
    move: (spot, extend) => {
      const next = { row: within(spot.row, rows), column: within(spot.column, columns) };
      setAnchor(extend ? other : null);
      setActive(next);
      onMove(next);
    },
  };
}

const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));

/** Where a key leads from a cell; undefined where it leads nowhere. */
export function stepOf(event: React.KeyboardEvent, { row, column }: Spot, rows: number, columns: number): Spot | undefined {
  const steps: Record<string, Spot> = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + ROWS_IN_SIGHT, column },
    PageUp: { row: row - ROWS_IN_SIGHT, column },
    Home: { row: event.ctrlKey ? 0 : row, column: 0 },
    End: { row: event.ctrlKey ? rows - 1 : row, column: columns - 1 },
  };
  return steps[event.key];
}
