import { act, renderHook } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { DocumentSummary, Source } from "../src/client";
import { useTicks } from "../src/ui/ticks";

const source = (id: string, change: Partial<Source> = {}): Source => ({
  id, name: id, kind: "csv", dialect: "duckdb", tables: [], notices: [], mine: false, problem: "", ...change,
}); // prettier-ignore
const paper = (id: string, problem = ""): DocumentSummary => ({
  id, name: id, kind: "pdf", title: "", pages: 1, passages: 1, notices: [], mine: false, problem,
}); // prettier-ignore

const ticksOf = (sources: Source[], documents: DocumentSummary[]) =>
  renderHook((given: { sources: Source[]; documents: DocumentSummary[] }) => useTicks(given.sources, given.documents, "given"), {
    initialProps: { sources, documents },
  });

const GIVEN = [source("a"), source("b")];
const PAPERS = [paper("p"), paper("q")];

describe("what is asked", () => {
  test("is everything, by no name, as long as nothing is left out", () => {
    const { result } = ticksOf(GIVEN, PAPERS);
    expect(result.current.chosen).toEqual({ sources: [], documents: [] });
    act(() => result.current.tick("q"));
    act(() => result.current.tick("q"));
    expect(result.current.chosen).toEqual({ sources: [], documents: [] });
  });

  test("is named one by one as soon as a document is left out, the data with it", () => {
    const { result } = ticksOf(GIVEN, PAPERS);
    act(() => result.current.tick("q"));
    expect(result.current.chosen).toEqual({ sources: ["a", "b"], documents: ["p"] });
    act(() => result.current.tick("given"));
    expect(result.current.chosen).toEqual({ sources: [], documents: ["p"] });
  });

  test("is all documents or none of them at a click", () => {
    const { result } = ticksOf(GIVEN, PAPERS);
    act(() => result.current.tick("p"));
    act(() => result.current.tickAll(["p", "q"]));
    expect(result.current.chosen).toEqual({ sources: [], documents: [] });
    act(() => result.current.tickAll(["p", "q"]));
    expect(result.current.chosen).toEqual({ sources: ["a", "b"], documents: [] });
  });

  test("is never nothing", () => {
    const { result } = ticksOf(GIVEN, []);
    act(() => result.current.tick("given"));
    expect(result.current.isTicked("given")).toBe(true);
  });

  test("is a new file alone, and everything again when it is gone", () => {
    const { result, rerender } = ticksOf(GIVEN, []);
    act(() => result.current.brought(["mine"], []));
    expect(result.current.isTicked("given")).toBe(true);
    rerender({ sources: [...GIVEN, source("mine", { mine: true })], documents: PAPERS });
    expect(result.current.chosen).toEqual({ sources: ["mine"], documents: [] });
    rerender({ sources: GIVEN, documents: PAPERS });
    expect(result.current.isTicked("p")).toBe(true);
    expect(result.current.chosen).toEqual({ sources: [], documents: [] });
  });

  test("is a document beside what was asked before it came", () => {
    const { result, rerender } = ticksOf([...GIVEN, source("mine", { mine: true })], PAPERS);
    act(() => result.current.brought(["mine"], []));
    act(() => result.current.brought([], ["new"]));
    rerender({ sources: [...GIVEN, source("mine", { mine: true })], documents: [...PAPERS, paper("new")] });
    expect(result.current.chosen).toEqual({ sources: ["mine"], documents: ["new"] });
  });

  test("leaves out what can't be read, unless that is all there is", () => {
    const { result } = ticksOf([source("a"), source("b", { problem: "broken" })], [paper("p"), paper("q", "broken")]);
    act(() => result.current.tick("p"));
    expect(result.current.chosen).toEqual({ sources: ["a"], documents: [] });
    act(() => result.current.tick("given"));
    expect(result.current.chosen).toEqual({ sources: [], documents: ["q"] });
  });
});
