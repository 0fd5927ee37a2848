// A result's table: its first rows, more of them on demand, and all of them as a file.

import { json, url } from "./api.js";
import { h, hidden } from "./dom.js";
import { current, formatter, isNumeric, number, t } from "./words.js";

const MORE_ROWS = 100;

export function drawTable(table) {
  const kinds = table.columns.map(kind);
  const body = h("tbody");
  const caption = h("p", { class: "count", "aria-live": "polite" });
  const more = h("button", { type: "button", class: "quiet more-rows" }, t("more_rows"));
  const rows = [];
  const show = (added) => {
    rows.push(...added);
    const formats = table.columns.map((column, place) =>
      formatter(
        column,
        rows.map((row) => row[place]),
      ),
    );
    body.replaceChildren(
      ...rows.map((row) =>
        h(
          "tr",
          {},
          row.map((cell, place) => drawCell(cell, formats[place], kinds[place])),
        ),
      ),
    );
    caption.textContent = counted(rows.length, table);
    more.hidden = rows.length >= table.total;
  };
  more.addEventListener("click", () => loadMore(table, rows, show, more));
  show(table.rows);
  const head = h(
    "tr",
    {},
    table.columns.map((column, place) => h("th", { scope: "col", class: kinds[place] }, column.name)),
  );
  return h(
    "section",
    { class: "result" },
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("table") },
      h("table", {}, h("thead", {}, head), body),
    ),
    h("div", { class: "below" }, caption, more, drawDownload(table)),
  );
}

/** How a column's cells stand: numbers to the right, words as they are, all else on one line. */
function kind(column) {
  if (isNumeric(column)) return "number";
  return ["text", "list", "struct"].includes(column.type) ? null : "short";
}

function drawCell(cell, format, cellKind) {
  if (cell === null) return h("td", { class: ["null", cellKind].filter(Boolean).join(" ") }, t("null"));
  const text = format(cell);
  return h("td", { class: cellKind }, text === "" ? hidden(t("empty_text")) : text);
}

function counted(shown, table) {
  const words = { count: table.total, shown: number(shown), total: number(table.total) };
  const rows = shown < table.total ? t("first_rows", words) : t("rows", words);
  return table.truncated ? `${rows} ${t("truncated")}` : rows;
}

async function loadMore(table, rows, show, button) {
  button.disabled = true;
  try {
    const page = await json(`${resultPath(table)}?offset=${rows.length}&limit=${MORE_ROWS}`);
    show(page.rows);
    button.disabled = false;
  } catch (problem) {
    button.replaceWith(gone(problem));
  }
}

function drawDownload(table) {
  const options = new URLSearchParams({ format: "csv", bom: "true", locale: current() });
  const address = url(`${resultPath(table)}/export?${options}`);
  const words = { class: "download", href: address, download: "", title: t("download_csv_title") };
  const link = h("a", words, t("download_csv"));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    checkThenOpen(table, link);
  });
  return link;
}

/** A download that fails tells nobody why: so the page asks first whether the rows are still there. */
async function checkThenOpen(table, link) {
  try {
    await json(`${resultPath(table)}?limit=1`);
    location.assign(link.href);
  } catch (problem) {
    link.replaceWith(gone(problem));
  }
}

const resultPath = (table) => `results/${encodeURIComponent(table.result_id)}`;

const gone = (problem) =>
  h(
    "span",
    { class: "gone", role: "alert" },
    [problem.detail || t("rows_gone"), problem.hint].filter(Boolean).join(" "),
  );
