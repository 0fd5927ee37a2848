// A chart, drawn by plotly.js: another type at a click, the whole screen, and as a picture.

import { useEffect, useRef, useState } from "react";
import type { ChartData, Figure } from "../log/events";
import { useSite } from "./context";
import { as, asText, ownType, pointsOf, titleOf, typesOf, type ChartType } from "./figure";
import { Icon } from "./Icon";
import { Menu, type MenuItem } from "./Menu";
import { adoptStyles, loadPlotly, type Plotly } from "./plotly";
import { saveBlob } from "./saving";
import { formatName, Gone, pathOf, Progress, useTaking } from "./Take";

/** No mode bar and no dragging: a finger that scrolls the page never lands in a zoomed chart. */
const CONFIG = { displayModeBar: false, doubleClick: false };
/** What people want of a chart comes before its data. */
const LOOKS = ["png", "svg", "pdf", "html"];
/** The paper of charts that nobody asked to look otherwise; on the page it is the page's own. */
const OUR_PAPER = "#ffffff";
/** Colours of our charts that a dark page swallows, and those that stand in for them. */
const ON_DARK: Record<string, string> = { "#0072B2": "#56A8E0", "#000000": "#ECE8E1" };

export function Chart({ chart, run }: { chart: ChartData; run: string }) {
  const { client, words, preferences } = useSite();
  const types = typesOf(chart.figure);
  const [type, setType] = useState<ChartType | null>(ownType(chart.figure));
  const figure = type ? as(chart.figure, type) : chart.figure;
  const place = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLElement>(null);
  const plotly = useRef<Plotly>(undefined);
  const [failed, setFailed] = useState(false);
  const dark = useDark(preferences.theme);
  const title = titleOf(chart.figure);
  useEffect(() => {
    let gone = false;
    const target = place.current;
    if (!target) return;
    loadPlotly(client.root)
      .then(async (loaded) => {
        if (gone) return;
        plotly.current = loaded;
        await draw(loaded, target, figure, dark, words.locale);
        if (gone) return;
        adoptStyles(target.getRootNode());
        target.dataset["drawn"] = type ?? "true";
      })
      .catch(() => !gone && setFailed(true));
    return () => {
      gone = true;
    };
    // The figure's own object changes with each drawing; what it shows depends on these alone.
  }, [chart.figure, type, dark, words.locale, client.root]);
  useEffect(() => {
    const target = place.current;
    if (!target) return;
    // plotly.js itself follows the window alone; a full screen or a panel changes the chart's place without it.
    const observer = new ResizeObserver(() => target.dataset["drawn"] && target.clientWidth && plotly.current?.Plots.resize(target));
    observer.observe(target);
    return () => (observer.disconnect(), plotly.current?.purge(target));
  }, []);
  const described = words.t("chart_described", {
    title: title || words.t("chart"),
    type: type ? words.t(`chart_${type}`) : "",
    count: pointsOf(figure),
    points: words.number(pointsOf(figure)),
  });
  return (
    <figure className="chart" ref={frame}>
      <div className="chart-head">
        <figcaption>{title}</figcaption>
        {types.length > 1 && (
          <div className="types" role="group" aria-label={words.t("chart_type")}>
            {types.map((one) => (
              <button key={one} type="button" className="quiet" aria-pressed={one === type} data-type={one} onClick={() => setType(one)}>
                {words.t(`chart_${one}`)}
              </button>
            ))}
          </div>
        )}
        <ChartTools chart={chart} run={run} plotly={plotly} place={place} frame={frame} />
      </div>
      {failed ? <p className="faint">{words.t("chart_failed")}</p> : <div className="plot" ref={place} role="img" aria-label={described} />}
    </figure>
  );
}

interface ToolsProps {
  chart: ChartData;
  run: string;
  plotly: React.RefObject<Plotly | undefined>;
  place: React.RefObject<HTMLDivElement | null>;
  frame: React.RefObject<HTMLElement | null>;
}

function ChartTools({ chart, run, plotly, place, frame }: ToolsProps) {
  const { words, info } = useSite();
  const taking = useTaking();
  const offered = info.formats["chart"] ?? [];
  const items: MenuItem[] = offered.map((format) => ({
    key: format.name,
    words: formatName(words, format),
    hint: `.${format.extension}`,
    run: () => void taking.take(pathOf(format, chart.chart_id, { locale: words.numbers }, run)),
  }));
  const draws = (name: string) => offered.some((format) => format.name === name);
  for (const name of ["png", "svg"].filter((one) => !draws(one))) {
    const run = () => void picture(plotly.current, place.current, name);
    items.push({ key: name, words: words.t(`format_${name}`), hint: `.${name}`, run });
  }
  const looks = LOOKS.flatMap((name) => items.filter((item) => item.key === name));
  const full = () => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen());
  return (
    <div className="chart-tools">
      <Progress taking={taking} />
      <Menu label={words.t("take_chart")} className="round" button={<Icon name="download" />} items={[...looks, null, ...items.filter((item) => !looks.includes(item))]} />
      {document.fullscreenEnabled && (
        <button type="button" className="round full" aria-label={words.t("full_screen")} title={words.t("full_screen")} onClick={full}>
          <Icon name="expand" />
        </button>
      )}
      {taking.problem && <Gone problem={taking.problem} />}
    </div>
  );
}

/** The chart as it stands on the page, as a picture. */
async function picture(plotly: Plotly | undefined, place: HTMLElement | null, format: string): Promise<void> {
  if (!plotly || !place) return;
  const address = await plotly.toImage(place, { format, width: 1000, height: 600, scale: 2 });
  const [, data = ""] = address.split(/,(.*)/s);
  const bytes = format === "svg" ? decodeURIComponent(data) : Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  saveBlob(new Blob([bytes], { type: format === "svg" ? "image/svg+xml" : "image/png" }), `chart.${format}`);
}

function useDark(theme: string): boolean {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const [dark, setDark] = useState(system.matches);
  useEffect(() => {
    const changed = () => setDark(system.matches);
    system.addEventListener("change", changed);
    return () => system.removeEventListener("change", changed);
  }, [system]);
  return theme === "system" ? dark : theme === "dark";
}

async function draw(plotly: Plotly, place: HTMLElement, figure: Figure, dark: boolean, locale: string): Promise<void> {
  const own = hasOwnPaper(figure);
  const data = recoloured(asText(figure.data ?? []), dark && !own) as unknown[];
  const theirs = recoloured(asText(figure.layout ?? {}), dark && !own) as Record<string, Record<string, unknown>>;
  const colour = colours(place);
  const font = { family: getComputedStyle(place).fontFamily, ...theirs["font"], size: 13 };
  const layout: Record<string, unknown> = {
    ...theirs,
    title: { text: "" },
    margin: { l: 56, r: 16, b: 48, ...theirs["margin"], t: 8 },
    ...(own ? { font } : { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { ...font, color: colour("--text") } }),
    separators: locale === "pt-BR" ? ",." : ".,",
    autosize: true,
    dragmode: false,
  };
  for (const axis of Object.keys(theirs).filter((name) => /^[xy]axis\d*$/.test(name))) {
    const lines = own ? {} : { gridcolor: colour("--line"), zerolinecolor: colour("--line-strong") };
    layout[axis] = { ...theirs[axis], ...lines, title: { ...(theirs[axis]?.["title"] as object), font: { size: 13 } } };
    // The names beside lying bars need no title.
    if (axis.startsWith("y") && theirs[axis]?.["type"] === "category") layout[axis] = { ...theirs[axis], ...lines, title: { text: "" } };
  }
  await plotly.react(place, data, layout, CONFIG);
}

/** Whether a chart was asked for on paper of its own, such as a dark one: then it stays as it was drawn. */
function hasOwnPaper(figure: Figure): boolean {
  const paper = (figure.layout as Record<string, unknown> | undefined)?.["paper_bgcolor"];
  return typeof paper === "string" && paper.toLowerCase() !== OUR_PAPER;
}

function recoloured(value: unknown, dark: boolean): unknown {
  if (!dark) return value;
  if (typeof value === "string") return ON_DARK[value.toUpperCase()] ?? value;
  if (Array.isArray(value)) return value.map((item) => recoloured(item, dark));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, recoloured(item, dark)]));
  }
  return value;
}

/** The page's colours as plain ones, which is all that plotly.js understands. */
function colours(place: HTMLElement): (name: string) => string {
  const probe = document.createElement("span");
  place.parentElement?.append(probe);
  const found = new Map<string, string>();
  for (const name of ["--text", "--line", "--line-strong"]) {
    probe.style.color = `var(${name})`;
    found.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return (name) => found.get(name) ?? "";
}
