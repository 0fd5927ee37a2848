// Plotly figures, drawn by plotly.js, which is loaded when the first chart comes.

import { h } from "./dom.js";
import { t } from "./words.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** No mode bar and no dragging: a finger that scrolls the page never lands in a zoomed chart. */
const CONFIG = { responsive: true, displayModeBar: false, doubleClick: false };
/** Templates are Plotly's own language, so they stay; every other string is data and is shown as it stands. */
const TEMPLATES = /template$/;

let loading;

export function drawChart(chart) {
  const place = h("div", { class: "plot" });
  const title = chart.figure.layout?.title?.text ?? "";
  const figure = h("figure", { role: "img", "aria-label": [t("chart"), title].filter(Boolean).join(": ") }, place);
  plotly().then((Plotly) => show(Plotly, place, chart.figure), () => figure.replaceChildren(h("p", { class: "gone" }, t("chart_failed"))));
  return figure;
}

function plotly() {
  loading ??= new Promise((done, failed) => {
    const script = h("script", { src: new URL("static/plotly.min.js", document.baseURI).href });
    script.addEventListener("load", () => done(globalThis.Plotly));
    script.addEventListener("error", () => ((loading = undefined), failed(new Error("plotly"))));
    document.head.append(script);
  });
  return loading;
}

async function show(Plotly, place, figure) {
  const draw = () => Plotly.react(place, escaped(figure.data ?? []), layout(figure), CONFIG);
  await draw();
  place.dataset.drawn = "true";
  dark.addEventListener("change", () => place.isConnected && draw());
}

/** The figure's layout in the page's colours. Its title stands above already, as the reading. */
function layout(figure) {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const theirs = escaped(figure.layout ?? {});
  const ours = {
    ...theirs,
    title: { text: "" },
    margin: { ...theirs.margin, t: 16 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...theirs.font, family: styles.fontFamily, color: colour("--text"), size: 13 },
    autosize: true,
    dragmode: false,
    transition: calm.matches ? { duration: 0 } : undefined,
  };
  for (const axis of Object.keys(ours).filter((name) => /^[xy]axis\d*$/.test(name))) {
    ours[axis] = { ...ours[axis], gridcolor: colour("--line"), zerolinecolor: colour("--line-strong") };
  }
  return ours;
}

/** Plotly reads a few HTML tags in texts; data has none, so its signs are written out. */
function escaped(value, key = "") {
  if (typeof value === "string") return TEMPLATES.test(key) ? value : value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  if (Array.isArray(value)) return value.map((item) => escaped(item, key));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, escaped(item, name)]));
  }
  return value;
}
