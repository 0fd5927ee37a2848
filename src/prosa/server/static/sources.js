// What can be asked: the sources with their tables and columns, and files that people bring.

import { json } from "./api.js";
import { h } from "./dom.js";
import { number, t } from "./words.js";

/** Draws the sources into `place`; the columns of a source are fetched when one of its tables is opened. */
export async function drawSourceList(place) {
  const sources = await json("sources");
  place.replaceChildren(...sources.map(drawSource));
  return sources;
}

function drawSource(source) {
  return h("section", { class: "source", "data-source": source.id }, h("h3", {}, source.name), (source.tables ?? []).map((table) => drawTableEntry(source, table)));
}

function drawTableEntry(source, table) {
  const columns = h("ul");
  const entry = h(
    "details", { class: "entry", "data-table": table.name },
    h("summary", {}, h("span", { class: "table-name" }, table.name), h("span", { class: "count" }, number(table.rows))),
    columns,
  );
  entry.addEventListener("toggle", () => fillColumns(columns, source, table), { once: true });
  return entry;
}

async function fillColumns(place, source, table) {
  const catalog = await json(`sources/${encodeURIComponent(source.id)}/catalog`);
  const found = catalog.tables.find((other) => other.name === table.name);
  place.replaceChildren(...(found?.columns ?? []).map((column) => h("li", {}, column.name, " ", h("span", { class: "count" }, t(`type_${column.type}`) || column.type))));
}

/** Sends files one by one; `onNote` is told what happens. Problem: the first that was refused. */
export async function upload(files, onNote) {
  for (const file of files) {
    onNote(t("uploading", { name: file.name }));
    const body = new FormData();
    body.append("file", file);
    const source = await json("uploads", { method: "POST", body });
    onNote(t("uploaded", { name: source.name ?? file.name }));
  }
}
