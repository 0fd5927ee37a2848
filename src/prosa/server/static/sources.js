// What can be asked: the sources with their tables and columns, which of them to ask, and files that people bring.

import { json } from "./api.js";
import { h } from "./dom.js";
import { number, t } from "./words.js";

/** The list of sources. A tick says that a source is asked; a file that was just brought is asked alone. */
export class SourceList {
  constructor(place, guarded) {
    [this.place, this.guarded] = [place, guarded];
    this.sources = [];
    this.left = new Set();
  }

  async load() {
    this.sources = await json("sources");
    if (this.focused) this.left = new Set(this.sources.map(({ id }) => id).filter((id) => id !== this.focused));
    this.focused = undefined;
    this.draw();
  }

  /** Ticks one source alone, once it is in the list. */
  focus(id) {
    this.focused = id;
  }

  /** The ids to ask; none means all. */
  chosen() {
    const chosen = this.sources.map(({ id }) => id).filter((id) => !this.left.has(id));
    return chosen.length === this.sources.length ? [] : chosen;
  }

  draw() {
    this.place.replaceChildren(...this.sources.map((source) => this.drawSource(source)));
  }

  drawSource(source) {
    const notes = [source.problem, ...(source.notices ?? [])].filter(Boolean);
    return h(
      "section", { class: "source", "data-source": source.name },
      h("div", { class: "source-head" }, this.drawName(source), source.mine && this.drawRemove(source)),
      notes.map((words) => h("p", { class: "hint" }, words)),
      (source.tables ?? []).map((table) => drawTable(source, table, this.guarded)),
    );
  }

  drawName(source) {
    if (this.sources.length < 2) return h("h3", {}, source.name);
    const tick = h("input", { type: "checkbox", checked: !this.left.has(source.id) });
    tick.addEventListener("change", () => this.tick(source.id, tick));
    return h("h3", {}, h("label", {}, tick, " ", source.name));
  }

  /** The last tick stays: somebody has to be asked. */
  tick(id, box) {
    if (box.checked) this.left.delete(id);
    else if (this.left.size < this.sources.length - 1) this.left.add(id);
    else box.checked = true;
  }

  drawRemove(source) {
    const words = t("remove_source", { name: source.name });
    const remove = async () => {
      await json(`sources/${encodeURIComponent(source.id)}`, { method: "DELETE" });
      this.left.clear();
      await this.load();
    };
    return h("button", { type: "button", class: "quiet", "aria-label": words, title: words, onclick: () => this.guarded(remove) }, "×");
  }
}

function drawTable(source, table, guarded) {
  const columns = h("ul");
  const entry = h(
    "details", { class: "entry", "data-table": table.name },
    h("summary", {}, h("span", { class: "table-name" }, table.name), h("span", { class: "count" }, number(table.rows))),
    columns,
  );
  entry.addEventListener("toggle", () => guarded(() => fillColumns(columns, source, table)), { once: true });
  return entry;
}

async function fillColumns(place, source, table) {
  const catalog = await json(`sources/${encodeURIComponent(source.id)}/catalog`);
  const found = catalog.tables.find((other) => other.name === table.name);
  place.replaceChildren(...(found?.columns ?? []).map(drawColumn));
}

const drawColumn = (column) => h("li", {}, column.name, " ", h("span", { class: "count" }, t(`type_${column.type}`) || column.type));

/** Sends files one by one; `onNote` is told what happens, `onSource` the id of each. Problem: the first refusal. */
export async function upload(files, onNote, onSource) {
  for (const file of files) {
    onNote(t("uploading", { name: file.name }));
    const body = new FormData();
    body.append("file", file);
    const source = await json("uploads", { method: "POST", body });
    onSource(source.id);
    onNote(t("uploaded", { name: source.name }));
  }
}
