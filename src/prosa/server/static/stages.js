// The five stages as one calm line that fills while a run works.

import { h } from "./dom.js";
import { duration, number, t } from "./words.js";

const STAGES = ["classify", "select", "plan", "execute", "respond"];

/** When each running stage was first seen, by run and stage, in milliseconds of the page's own clock. */
const since = new Map();

export function drawStages(state) {
  if (!state.stages.length) return state.status === "running" ? h("p", { class: "starting" }, t("starting")) : null;
  const known = STAGES.filter((name) => state.status === "running" || find(state, name));
  return [
    h(
      "ol",
      { class: "line", "aria-label": t("stages") },
      known.map((name) => drawStage(state, name)),
    ),
    drawTotal(state),
  ];
}

function drawStage(state, name) {
  const stage = find(state, name);
  const standing = !stage ? "waiting" : stage.duration_ms !== undefined ? "done" : ended(state) ? "stopped" : "running";
  const item = h("li", { class: `stage ${standing}`, "data-stage": name, "data-standing": standing });
  const bar = h("progress", { max: 1, "aria-hidden": "true" });
  if (standing === "done") bar.value = 1;
  else if (stage?.fraction !== undefined) bar.value = stage.fraction;
  else if (standing !== "running") bar.value = 0;
  const time = h("span", { class: "time" });
  if (standing === "done") time.textContent = duration(stage.duration_ms);
  if (standing === "running") tick(item, bar, time, stage, `${state.run_id} ${name}`);
  const more = stage?.message || stage?.summary;
  item.append(
    bar,
    h(
      "div",
      { class: "label" },
      h("span", { class: "name" }, t(`stage_${name}`)),
      " ",
      time,
      h("span", { class: "more" }, more ?? ""),
    ),
  );
  return item;
}

/** Stands in for the stages' own times where there is no room for them. */
function drawTotal(state) {
  return state.duration_ms === null
    ? null
    : h("p", { class: "total" }, t("took", { time: duration(state.duration_ms) }));
}

const find = (state, name) => state.stages.find((stage) => stage.stage === name);

const ended = (state) => state.status !== "running";

/** Counts the time of a running stage, and fills its bar by the time it should take where no work can be counted. */
function tick(item, bar, time, stage, key) {
  if (!since.has(key)) since.set(key, performance.now());
  const step = () => {
    const spent = performance.now() - since.get(key);
    const left = stage.eta_ms === undefined ? undefined : Math.max(0, stage.eta_ms - spent);
    time.textContent =
      spent < 300 ? "" : [elapsed(spent, stage), left > 500 ? remaining(left) : ""].filter(Boolean).join(" · ");
    if (stage.fraction === undefined && stage.eta_ms) bar.value = Math.min(0.95, spent / (spent + left + 1));
    if (item.isConnected || spent < 100) setTimeout(step, 100);
  };
  step();
}

function elapsed(spent, stage) {
  const share = stage.fraction === undefined ? "" : number(stage.fraction, { style: "percent" });
  return [share, duration(spent)].filter(Boolean).join(" · ");
}

const remaining = (ms) => t("time_left", { time: `${number(Math.ceil(ms / 1000))} s` });
