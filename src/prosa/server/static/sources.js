// What can be asked: the sources with their tables and columns, which of them to ask, and files that people bring.

import { json } from "./api.js";
import { h } from "./dom.js";
import { number, t } from "./words.js";

/** The list of sources in groups: what the server was given, and each file that the person has brought. Where there is
 * more than one group, a tick says whether it is asked; a file that was just brought is asked alone. */
export class SourceList {
  constructor(place, guarded) {
    [this.place, this.guarded] = [place, guarded];
    this.groups = [];
    this.left = new Set();
  }

  async load() {
    const sources = await json("sources");
    const given = sources.filter((source) => !source.mine);
    this.groups = [given, ...sources.filter((source) => source.mine).map((source) => [source])].filter(
      (group) => group.length,
    );
    this.draw();
  }

  /** Loads the list again, with one source ticked alone. */
  async focus(id) {
    await this.load();
    this.left = new Set(this.groups.map(key).filter((other) => other !== id));
    this.draw();
  }

  /** The ids to ask; none means all. */
  chosen() {
    const chosen = this.groups.filter((group) => !this.left.has(key(group)));
    return chosen.length === this.groups.length ? [] : chosen.flat().map((source) => source.id);
  }

  draw() {
    this.place.replaceChildren(...this.groups.map((group) => this.drawGroup(group)));
  }

  drawGroup(group) {
    const [first] = group;
    const name = first.mine || group.length === 1 ? first.name : t("given");
    return h(
      "section",
      { class: "source", "data-source": name },
      h("div", { class: "source-head" }, this.drawName(group, name), first.mine && this.drawRemove(first)),
      group.map((source) => this.drawSource(source)),
    );
  }

  drawSource(source) {
    const notes = [source.problem && `${source.name}: ${source.problem}`, ...(source.notices ?? [])].filter(Boolean);
    return [
      (source.tables ?? []).map((table) => drawTable(source, table, this.guarded)),
      notes.map((words) => h("p", { class: "hint" }, words)),
    ].flat();
  }

  drawName(group, name) {
    if (this.groups.length < 2) return h("h3", {}, name);
    const tick = h("input", { type: "checkbox", checked: !this.left.has(key(group)) });
    tick.addEventListener("change", () => this.tick(key(group), tick));
    return h("h3", {}, h("label", {}, tick, " ", name));
  }

  /** The last tick stays: somebody has to be asked. */
  tick(id, box) {
    if (box.checked) this.left.delete(id);
    else if (this.left.size < this.groups.length - 1) this.left.add(id);
    else box.checked = true;
  }

  drawRemove(source) {
    const words = t("remove_source", { name: source.name });
    const remove = async () => {
      await json(`sources/${encodeURIComponent(source.id)}`, { method: "DELETE" });
      this.left.clear();
      await this.load();
    };
    return h(
      "button",
      { type: "button", class: "quiet", "aria-label": words, title: words, onclick: () => this.guarded(remove) },
      "×",
    );
  }
}

const key = ([first]) => (first.mine ? first.id : "given");

function drawTable(source, table, guarded) {
  const columns = h("ul");
  const entry = h(
    "details",
    { class: "entry", "data-table": table.name },
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

const drawColumn = (column) =>
  h("li", {}, column.name, " ", h("span", { class: "count" }, t(`type_${column.type}`) || column.type));

/** Sends files one by one and gives the last one's id; `onNote` is told what happens. Problem: the first refusal. */
export async function upload(files, onNote) {
  let id;
  for (const file of files) {
    onNote(t("uploading", { name: file.name }));
    const body = new FormData();
    body.append("file", file);
    const source = await json("uploads", { method: "POST", body });
    onNote(t("uploaded", { name: source.name }));
    id = source.id;
  }
  return id;
}
