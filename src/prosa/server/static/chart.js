// Plotly figures, drawn by plotly.js, which is loaded when the first chart comes.

import { h } from "./dom.js";
import { t } from "./words.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
/** No mode bar and no dragging: a finger that scrolls the page never lands in a zoomed chart. */
const CONFIG = { responsive: true, displayModeBar: false, doubleClick: false };
/** Colours of our charts that a dark page swallows, and those that stand in for them. */
const ON_DARK = { "#0072B2": "#56A8E0", "#000000": "#ECE8E1" };
/** Templates are Plotly's own language, so they stay; every other string is data and is shown as it stands. */
const TEMPLATES = /template$/;

let loading;

export function drawChart(chart) {
  const place = h("div", { class: "plot" });
  const title = chart.figure.layout?.title?.text ?? "";
  const figure = h("figure", { role: "img", "aria-label": [t("chart"), title].filter(Boolean).join(": ") }, place);
  plotly().then(
    (Plotly) => draw(Plotly, place, chart.figure),
    () => figure.replaceChildren(h("p", { class: "gone" }, t("chart_failed"))),
  );
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

async function draw(Plotly, place, figure) {
  const again = () => Plotly.react(place, shown(figure.data ?? []), layout(figure), CONFIG);
  await again();
  place.dataset.drawn = "true";
  dark.addEventListener("change", () => place.isConnected && again());
}

/** The figure's layout in the page's colours. Its title stands above already, as the reading; the names beside lying
 * bars need none. */
function layout(figure) {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const theirs = shown(figure.layout ?? {});
  const ours = {
    ...theirs,
    title: { text: "" },
    margin: { ...theirs.margin, t: 16 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...theirs.font, family: styles.fontFamily, color: colour("--text"), size: 13 },
    autosize: true,
    dragmode: false,
  };
  for (const axis of Object.keys(ours).filter((name) => /^[xy]axis\d*$/.test(name))) {
    ours[axis] = { ...ours[axis], gridcolor: colour("--line"), zerolinecolor: colour("--line-strong") };
    if (axis.startsWith("y") && ours[axis].type === "category") ours[axis].title = { text: "" };
  }
  return ours;
}

/** Traces and layout as the page shows them. Plotly reads a few HTML tags in texts; data has none, so its signs are
 * written out. */
function shown(value, key = "") {
  if (typeof value === "string" && dark.matches && value in ON_DARK) return ON_DARK[value];
  if (typeof value === "string")
    return TEMPLATES.test(key) ? value : value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  if (Array.isArray(value)) return value.map((item) => shown(item, key));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item, name)]));
  }
  return value;
}
