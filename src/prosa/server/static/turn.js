// One question and its answer on the page, drawn from the folded state. Only parts whose state changed are redrawn.

import { h } from "./dom.js";
import { drawChart } from "./chart.js";
import { drawStages } from "./stages.js";
import { drawTable } from "./table.js";
import {
  drawClarification,
  drawFailure,
  drawFiles,
  drawNotices,
  drawQuestion,
  drawReading,
  drawSources,
  drawSql,
  drawWords,
} from "./parts.js";

/** Name, the state that the part shows, and how; in the order in which they stand on the page. */
const PARTS = [
  ["question", (s) => [s.question, s.unknown], drawQuestion],
  ["stages", (s) => [s.stages, s.status, s.duration_ms], drawStages],
  ["reading", (s) => [s.reading, s.unknown], drawReading],
  ["words", (s) => [s.blocks, s.status], drawWords],
  ["notices", (s) => [s.notices], drawNotices],
  ["failure", (s) => [s.failure, s.cancelled], drawFailure],
  ["clarification", (s) => [s.clarification, s.status], drawClarification],
  ["chart", (s) => [s.charts], (s) => s.charts.map(drawChart)],
  ["table", (s) => [s.tables], (s) => s.tables.map(drawTable)],
  ["files", (s) => [s.files], drawFiles],
  ["sources", (s) => [s.passages], drawSources],
  ["sql", (s) => [s.queries, s.failure], drawSql],
];

export class Turn {
  constructor(state, actions) {
    this.state = state;
    this.actions = actions;
    this.places = new Map(PARTS.map(([name]) => [name, h("div", { class: `part ${name}` })]));
    this.shown = new Map();
    this.element = h("article", { class: "turn" }, [...this.places.values()]);
    this.redraw();
  }

  /** Shows another state; draws once a frame at most. */
  update(state) {
    this.state = state;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** Draws all parts again: in another language, say. */
  redraw() {
    this.shown.clear();
    this.draw();
  }

  draw() {
    this.element.dataset.status = this.state.status;
    this.element.setAttribute("aria-busy", String(this.state.status === "running"));
    for (const [name, reads, drawPart] of PARTS) {
      const now = reads(this.state);
      const before = this.shown.get(name);
      if (before && now.every((value, place) => value === before[place])) continue;
      this.shown.set(name, now);
      const place = this.places.get(name);
      place.replaceChildren(...[drawPart(this.state, this.actions)].flat().filter(Boolean));
    }
  }
}
