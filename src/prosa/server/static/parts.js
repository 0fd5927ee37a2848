// The smaller parts of an answer: question, reading, words, notices, choices, failures, files, SQL.

import { url } from "./api.js";
import { h } from "./dom.js";
import { inLines } from "./sql.js";
import { bytes, duration, number, t } from "./words.js";

/** Marks pieces of a text; places count characters (code points), as the server does. */
function marked(text, places, mark) {
  const letters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const place of [...places].sort((one, other) => one.start - other.start)) {
    if (place.start < at || place.end > letters.length) continue;
    parts.push(letters.slice(at, place.start).join(""), mark(letters.slice(place.start, place.end).join(""), place));
    at = place.end;
  }
  return [...parts, letters.slice(at).join("")];
}

const unknownWord = (text) => h("u", { class: "unknown", title: t("unknown_word") }, text);

export function drawQuestion(state) {
  return h("h2", {}, marked(state.question, state.unknown, unknownWord));
}

export function drawReading(state) {
  const lines = [];
  if (state.reading) lines.push(h("p", {}, h("span", { class: "label" }, t("reading")), " ", state.reading));
  if (state.unknown.length) {
    const words = state.unknown.flatMap((word) => [" ", unknownWord(word.text)]);
    lines.push(h("p", {}, h("span", { class: "label" }, t("not_understood")), words));
  }
  return lines;
}

export function drawWords(state) {
  return state.blocks
    .filter((block) => block.text)
    .map((block) => h("p", {}, marked(block.text, block.spans ?? [], checkedNumber)));
}

function checkedNumber(text, span) {
  const [kind, words] = span.confirmed ? ["confirmed", t("confirmed")] : ["unconfirmed", t("unconfirmed")];
  return h("mark", { class: kind, title: words }, text);
}

export function drawNotices(state) {
  return state.notices.map((notice) => h("p", { class: "notice", "data-code": notice.code }, notice.words));
}

export function drawClarification(state, actions) {
  if (!state.clarification) return null;
  const choose = (option) => () => actions.choose(option, state.run_id);
  return [
    h("p", {}, state.clarification.question),
    h(
      "div",
      { class: "options" },
      state.clarification.options.map((option) =>
        h("button", { type: "button", onclick: choose(option) }, option.label),
      ),
    ),
  ];
}

export function drawFailure(state) {
  if (state.cancelled) {
    const what = {
      stopped: t(`stage_${state.cancelled.stopped}`) || state.cancelled.stopped,
      time: duration(state.cancelled.after_ms),
    };
    return h("p", { class: "stopped" }, t("stopped", what));
  }
  if (!state.failure) return null;
  return drawProblem(state.failure.message, state.failure.hint);
}

/** What went wrong, and what to do. */
export function drawProblem(message, hint) {
  return h("div", { class: "problem" }, h("p", {}, message), hint ? h("p", { class: "hint" }, hint) : null);
}

export function drawFiles(state) {
  return state.files.map((file) => {
    const facts = [
      file.rows === undefined ? "" : t("rows", { count: file.rows, total: number(file.rows) }),
      file.size === undefined ? "" : bytes(file.size),
      file.complete === false ? t("truncated") : "",
    ];
    const link = h(
      "a",
      { class: "download", href: url(`files/${encodeURIComponent(file.file_id)}`), download: file.name },
      t("download_file", { filename: file.name }),
    );
    return h("p", {}, link, " ", h("span", { class: "count" }, facts.filter(Boolean).join(" · ")));
  });
}

export function drawSources(state) {
  if (!state.passages.length) return null;
  const cite = (passage) =>
    h("li", {}, h("strong", {}, passage.document), passage.page ? ` (${passage.page})` : "", `: ${passage.passage}`);
  return h("ul", {}, state.passages.map(cite));
}

export function drawSql(state) {
  return state.queries.map((query) =>
    h(
      "details",
      { open: true },
      h("summary", {}, "SQL", h("span", { class: "count" }, query.source ? ` · ${query.source}` : "")),
      drawCode(inLines(query.sql)),
      query.error && query.error !== state.failure?.message ? h("p", { class: "problem" }, query.error) : null,
    ),
  );
}

function drawCode(text) {
  const code = h("pre", { tabindex: "0" }, h("code", {}, text));
  const button = h("button", { type: "button", class: "quiet copy" }, t("copy"));
  button.addEventListener("click", () => copy(text, code, button));
  return h("div", { class: "code" }, code, button);
}

/** Browsers give the clipboard to encrypted and local pages alone; elsewhere the text is selected instead. */
async function copy(text, code, button) {
  if (!navigator.clipboard) {
    getSelection().selectAllChildren(code);
    return;
  }
  await navigator.clipboard.writeText(text);
  button.textContent = t("copied");
  setTimeout(() => (button.textContent = t("copy")), 1500);
}
