// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Answer, Entry } from "../src/log/events";
import { empty, reduce, textOf } from "../src/log/reducer";

interface Case {
  name: string;
  entries: Entry[];
  answer: Answer;
}

const cases = JSON.parse(readFileSync(new URL("../../tests/golden/folding.json", import.meta.url), "utf8")) as Case[];
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Freezes everything, so that a reducer that changes its state in place throws. */
function frozen<Value>(value: Value): Value {
  if (value && typeof value === "object") Object.values(value).forEach(frozen), Object.freeze(value);
  return value;
}

const fold = (entries: readonly Entry[], start = empty()): Answer =>
  entries.reduce((answer, entry) => frozen(reduce(answer, frozen(entry))), frozen(start));

describe.each(cases)("$name", ({ entries, answer }) => {
  test("adds up to what the server's fold does", () => {
    expect(json(fold(entries))).toEqual(answer);
  });

  test("adds up to the same wherever it is cut and replayed from the start", () => {
    for (let cut = 0; cut <= entries.length; cut += 1) {
      expect(json(fold(entries, fold(entries.slice(0, cut))))).toEqual(answer);
    }
  });

  test("adds up to the same with every entry twice", () => {
    expect(json(fold(entries.flatMap((entry) => [entry, entry])))).toEqual(answer);
  });
});

test("parts that an entry does not touch stay the same objects, so that they are not drawn again", () => {
  const [{ entries }] = cases as [Case];
  const before = fold(entries.slice(0, -1));
  const after = reduce(before, { run_id: "r1", seq: before.seq + 1, at: 0, event: "text", block: 0, delta: " More." });
  for (const part of ["tables", "charts", "queries", "stages", "notices"] as const) expect(after[part]).toBe(before[part]);
  expect(after.blocks[1]).toBe(before.blocks[1]);
  expect(textOf(after)).toContain("3. More.");
});

test("an event that this page does not know is counted and shows nothing", () => {
  const entry = { run_id: "r1", seq: 1, at: 0, event: "invented", x: 1 } as unknown as Entry;
  expect(reduce(empty(), entry)).toEqual({ ...empty(), run_id: "r1", seq: 1 });
});
