import { cleanup } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { ServerInfo } from "../src/client";
import { QuestionTitle, Reading } from "../src/ui/Reading";
import { Seen } from "../src/ui/SettingsDialog";
import { Stages } from "../src/ui/Stages";
import { WordsOf } from "../src/ui/Words";
import { as, asText, ownType, typesOf } from "../src/ui/figure";
import { nameOf } from "../src/ui/saving";
import { fitted, widthsOf } from "../src/ui/widths";
import { answerOf, shown } from "./site";

afterEach(cleanup);

const texts = (place: Element, selector: string) => [...place.querySelectorAll(selector)].map((one) => one.textContent);

describe("stages", () => {
  test("all five stand there while a run works, each as far as it is", () => {
    const answer = answerOf({ stages: [{ stage: "classify", duration_ms: 3, summary: "Data" }, { stage: "plan", fraction: 0.5 }] });
    const { container } = shown(<Stages answer={answer} seen={{ plan: performance.now() - 1000 }} />);
    const standings = [...container.querySelectorAll<HTMLElement>(".stage")].map((one) => one.dataset["standing"]);
    expect(standings).toEqual(["done", "waiting", "running", "waiting", "waiting"]);
    expect(texts(container, ".running .time")[0]).toMatch(/^50% · 1\.\d s$/);
  });

  test("after the end only those that were reached, and what was cut off is stopped", () => {
    const answer = answerOf({ status: "failed", stages: [{ stage: "classify", duration_ms: 3 }, { stage: "plan" }] });
    const { container } = shown(<Stages answer={answer} seen={{}} />);
    expect([...container.querySelectorAll<HTMLElement>(".stage")].map((one) => one.dataset["standing"])).toEqual(["done", "stopped"]);
  });
});

test("words that were not understood are underlined where they stand", () => {
  const unknown = [{ text: "störe", start: 11, end: 16 }];
  const answer = answerOf({ question: "sales 😀 by störe", unknown, reading: "Sales." });
  const { container } = shown(
    <>
      <QuestionTitle answer={answer} />
      <Reading answer={answer} />
    </>,
    "pt-BR",
  );
  expect(texts(container, "h2 u.unknown")).toEqual(["störe"]);
  expect(container.querySelector(".reading")?.textContent).toBe("Entendi assim: Sales.Não entendi: störe");
});

describe("numbers are marked where the check found them", () => {
  test.each([
    ["plain text", "A sold 3, B 4.", [[7, 8, true], [12, 13, false]], ["3"], ["4"]],
    ["Markdown", "**A** sold *3*, B `4` and 5.", [[12, 13, true], [19, 20, true], [26, 27, false]], ["3"], ["5"]],
    ["a second paragraph", "First.\n\n😀 *x* 12 of 30.", [[14, 16, true], [20, 22, false]], ["12"], ["30"]],
  ] as const)("%s", (_, text, places, confirmed, unconfirmed) => {
    const spans = places.map(([start, end, is]) => ({ start, end, confirmed: is }));
    const { container } = shown(<WordsOf answer={answerOf({ blocks: [{ text, spans }] })} />);
    expect(texts(container, "mark.confirmed")).toEqual(confirmed);
    expect(texts(container, "mark.unconfirmed").map((one) => one?.replace(/ \(.*/, ""))).toEqual(unconfirmed);
  });
});

test("Markdown of an answer never makes an image or an element of its own", () => {
  const text = "![a](http://x.example/a.png) <img src=http://x.example> <b>b</b> [l](javascript:alert(1))";
  const { container } = shown(<WordsOf answer={answerOf({ blocks: [{ text }] })} />);
  expect(container.querySelector("img, b, script")).toBeNull();
  expect(texts(container, "a")).toContain("l");
  expect([...container.querySelectorAll("a")].filter((one) => one.href.startsWith("javascript"))).toEqual([]);
  expect(container.textContent).toContain("<b>b</b>");
});

describe("a chart as another type", () => {
  const bars = { data: [{ type: "bar", orientation: "h", y: ["a", "b"], x: [1, 2] }], layout: { xaxis: { title: "n" }, yaxis: { autorange: "reversed" } } };

  test("lying bars stand up as a line, and come back as they were", () => {
    expect(ownType(bars)).toBe("bar");
    expect(typesOf(bars)).toEqual(["bar", "line", "points", "pie"]);
    const line = as(bars, "line");
    expect(line.data?.[0]).toMatchObject({ type: "scatter", x: ["a", "b"], y: [1, 2] });
    expect(line.layout?.["yaxis"]).toEqual({ title: "n" });
    expect(line.layout?.["xaxis"]).toEqual({});
    expect(as(bars, "bar")).toBe(bars);
  });

  test("what can't be changed offers nothing", () => {
    expect(typesOf({ data: [{ type: "heatmap", z: [[1]] }] })).toEqual([]);
    expect(typesOf({ data: [{ type: "bar", x: ["a"], y: [-1] }] })).not.toContain("pie");
  });

  test("texts of data are no markup for plotly, its own templates are", () => {
    expect(asText({ text: ["<b>&"], hovertemplate: "%{x}<br>" })).toEqual({ text: ["&lt;b>&amp;"], hovertemplate: "%{x}<br>" });
  });
});

test("a file's name comes from its header, the full one first", () => {
  expect(nameOf("attachment; filename=\"a_o.csv\"; filename*=UTF-8''a%C3%A7%C3%A3o.csv")).toBe("ação.csv");
  expect(nameOf('attachment; filename="a \\"b\\".csv"')).toBe('a "b".csv');
  expect(nameOf(null)).toBe("");
});

test("columns are as wide as their cells need, within bounds", () => {
  const [narrow = 0, wide = 0, widest = 0] = widthsOf(["n", "name", "text"], [["1"], ["São Paulo de Piratininga"], ["x".repeat(500)]]);
  expect(narrow).toBeLessThan(wide);
  expect(wide).toBeLessThan(widest);
  expect(widest).toBe(340);
  expect(fitted([100, 200], 280)).toEqual([93, 186]);
  expect(fitted([100, 200], 200)).toEqual([100, 200]);
  expect(fitted([100, 200], 500)).toEqual([100, 200]);
});

describe("the settings say what a language model sees", () => {
  const model = { analysts: ["auto", "rules", "llm"], analyst: "auto" };

  test.each([
    [{}, "en", "nothing is sent elsewhere"],
    [{ ...model, model_sees: "schema" }, "en", "never a value"],
    [{ ...model, model_sees: "aggregates" }, "en", "never a row"],
    [{ ...model, model_sees: "preview" }, "pt-BR", "no máximo 20 linhas"],
    [{ ...model, analyst: "rules", model_sees: "preview" }, "en", "nothing is sent elsewhere"],
  ] as const)("%j in %s", (info, locale, words) => {
    const { container } = shown(<Seen />, locale, info as Partial<ServerInfo>);
    expect(container.querySelector("#model-sees")?.textContent).toContain(words);
  });

  test("where somebody's own answerer is at work, nothing is claimed", () => {
    const { container } = shown(<Seen />, "en", { analysts: [], analyst: "" });
    expect(container.querySelector("#model-sees")).toBeNull();
  });
});
