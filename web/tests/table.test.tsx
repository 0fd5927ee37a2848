import { act, renderHook } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { useCursor } from "../src/ui/cursor";
import { ROW_PX, ROWS_IN_SIGHT, sightOf } from "../src/ui/sight";

const MILLION = 1_000_000;
/** How far a table of a million rows can be scrolled: its height is cut, as browsers draw nothing beyond. */
const FURTHEST = 8_000_000 - ROWS_IN_SIGHT * ROW_PX;

describe("the rows in sight", () => {
  test("of a short table are all of them", () => {
    expect(sightOf(0, 3)).toMatchObject({ first: 0, end: 3, before: 0, after: 0 });
    expect(sightOf(0, 12)).toMatchObject({ first: 0, end: 12, before: 0, after: 0 });
    expect(sightOf(0, 0)).toMatchObject({ first: 0, end: 0, before: 0, after: 0 });
  });

  test("stand where they are scrolled to, with nothing lost above and below", () => {
    const { first, end, before, after } = sightOf(100 * ROW_PX, 5000);
    expect([first, end]).toEqual([94, 116]);
    expect(before + (end - first) * ROW_PX + after).toBe(5000 * ROW_PX);
    expect(before).toBe(94 * ROW_PX);
  });

  test.each([0, 0.25, 0.5, 0.999, 1])("of a million are few, and under the eye at %d of the way", (share) => {
    const top = FURTHEST * share;
    const { first, end, before, after, shows } = sightOf(top, MILLION);
    expect(end - first).toBeLessThan(30);
    expect(before + (end - first) * ROW_PX + after).toBeCloseTo(8_000_000);
    const highest = Math.round(share * (MILLION - ROWS_IN_SIGHT));
    expect(shows(highest)).toBe(true);
    expect(Math.abs(before + (highest - first) * ROW_PX - top)).toBeLessThanOrEqual(ROW_PX);
  });

  test.each([0, 1, 4711, 500_000, MILLION - 1])("row %d of a million can be brought into sight", (row) => {
    const { first, end } = sightOf(sightOf(0, MILLION).topFor(row), MILLION);
    expect(row).toBeGreaterThanOrEqual(first);
    expect(row).toBeLessThan(end);
  });
});

describe("the cursor", () => {
  test("stays within the table, and extends from where it was", () => {
    const moved: unknown[] = [];
    const { result } = renderHook(() => useCursor(10, 3, (spot) => moved.push(spot)));
    act(() => result.current.move({ row: 2, column: 1 }, false));
    act(() => result.current.move({ row: 50, column: -1 }, true));
    expect(moved.at(-1)).toEqual({ row: 9, column: 0 });
    expect(result.current.block()).toEqual([{ row: 2, column: 0 }, { row: 9, column: 1 }]);
    expect(result.current.isChosen(5, 1)).toBe(true);
    expect(result.current.isChosen(5, 2)).toBe(false);
    act(() => result.current.move({ row: 0, column: 0 }, false));
    expect(result.current.isChosen(0, 0)).toBe(false);
  });
});
