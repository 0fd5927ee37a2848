// A figure as the page shows it: in the page's colours, with every text as text, and as another type where it can be.

import type { Figure } from "../log/events";

export type ChartType = "bar" | "line" | "points" | "pie";

type Trace = Record<string, unknown>;

/** Okabe and Ito's colours, which people with any colour vision tell apart; black gives way to grey. */
export const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A8A8A", "#B8A800"];
const MOST_SLICES = 12;

const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;

/** The types that a figure can be shown as, its own among them; none where it is of a kind of its own. */
export function typesOf(figure: Figure): ChartType[] {
  const traces = figure.data ?? [];
  const own = ownType(figure);
  if (!own || !traces.every((trace) => isList(trace["x"] ?? trace["labels"]))) return [];
  const [only] = traces;
  const sizes = only ? seriesOf(only).values.map(Number) : [];
  const canBePie = traces.length === 1 && sizes.length <= MOST_SLICES && sizes.every((size) => size >= 0);
  return ["bar", "line", "points", ...(canBePie ? (["pie"] as const) : [])];
}

export function ownType(figure: Figure): ChartType | null {
  const types = new Set((figure.data ?? []).map((trace) => trace["type"] ?? "scatter"));
  const [type] = types;
  if (types.size !== 1) return null;
  if (type === "bar" || type === "pie") return type;
  if (type !== "scatter") return null;
  const mode = String(figure.data?.[0]?.["mode"] ?? "lines");
  return mode === "markers" ? "points" : "line";
}

interface Series {
  name: string;
  names: unknown[];
  values: unknown[];
}

function seriesOf(trace: Trace): Series {
  const lying = trace["orientation"] === "h";
  const pie = trace["type"] === "pie";
  const names = (pie ? trace["labels"] : lying ? trace["y"] : trace["x"]) as unknown[];
  const values = (pie ? trace["values"] : lying ? trace["x"] : trace["y"]) as unknown[];
  return { name: String(trace["name"] ?? ""), names: names ?? [], values: values ?? [] };
}

/** The figure as another type; its own stays as it is. */
export function as(figure: Figure, type: ChartType): Figure {
  if (type === ownType(figure)) return figure;
  const traces = (figure.data ?? []).map((trace, at) => {
    const { name, names, values } = seriesOf(trace);
    const color = COLOURS[at % COLOURS.length];
    if (type === "pie") return { type, name, labels: names, values, sort: false, marker: { colors: COLOURS }, textinfo: "percent" };
    if (type === "bar") return { type, name, x: names, y: values, marker: { color } };
    return { type: "scatter", mode: type === "points" ? "markers" : "lines+markers", name, x: names, y: values, line: { color }, marker: { color } };
  });
  const layout = { ...figure.layout };
  const lying = figure.data?.[0]?.["orientation"] === "h";
  if (lying) [layout["xaxis"], layout["yaxis"]] = [upright(layout["yaxis"]), upright(layout["xaxis"])];
  return { data: traces, layout: { ...layout, showlegend: traces.length > 1 || type === "pie" } };
}

/** An axis that stood up lies down the other way round: names then go from left to right. */
function upright(axis: unknown): unknown {
  const { autorange: _, ...rest } = (axis ?? {}) as Record<string, unknown>;
  return rest;
}

/** Templates are Plotly's own language, so they stay; every other string is data. Plotly reads a few HTML tags in
 * texts; data has none, so its signs are written out. */
export function asText(value: unknown, key = ""): unknown {
  if (typeof value === "string") return /template$/.test(key) ? value : value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  if (Array.isArray(value)) return value.map((item) => asText(item, key));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asText(item, name)]));
  }
  return value;
}

export const titleOf = (figure: Figure): string => {
  const title = figure.layout?.["title"];
  return typeof title === "string" ? title : String((title as { text?: unknown } | undefined)?.text ?? "");
};

export const pointsOf = (figure: Figure): number =>
  (figure.data ?? []).reduce((sum, trace) => sum + seriesOf(trace).values.length, 0);
