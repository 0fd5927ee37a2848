// Where questions are written: Enter sends, Shift+Enter breaks the line, Stop stands in for Send while a run works.

import { byId, h } from "./dom.js";
import { t } from "./words.js";

export class Composer {
  /** `onAsk(text)`, `onStop()` and `onFiles(files)` are called when a person wants that. */
  constructor({ onAsk, onStop, onFiles }) {
    this.box = byId("question");
    this.onAsk = onAsk;
    this.running = false;
    byId("composer").addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("input", () => this.refresh());
    byId("stop").addEventListener("click", onStop);
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", (event) => {
      onFiles([...event.target.files]);
      event.target.value = "";
    });
    takeDrops(onFiles);
    this.refresh();
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.box.value.trim();
    if (!text || this.running) return;
    this.box.value = "";
    this.refresh();
    this.onAsk(text);
  }

  /** Puts words back that could not be asked. */
  restore(text) {
    this.box.value ||= text;
    this.refresh();
  }

  setRunning(running) {
    const hadFocus = document.activeElement === byId(this.running ? "stop" : "send");
    this.running = running;
    byId("stop").hidden = !running;
    byId("send").hidden = running;
    this.refresh();
    if (hadFocus) (running ? byId("stop") : this.box).focus();
  }

  /** Fits the box to its words, and Send to whether there are any. */
  refresh() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
    byId("send").disabled = !this.box.value.trim();
  }

  /** A passing note above the box; empty takes it away. */
  note(words) {
    byId("note").textContent = words;
    byId("note").hidden = !words;
  }

  /** What went wrong, above the box; null takes it away. */
  trouble(problem) {
    const place = byId("trouble");
    place.hidden = !problem;
    if (problem) place.replaceChildren(...explained(problem));
  }
}

function explained(problem) {
  if (problem.code === "offline") return [t("offline")];
  const detail = problem.detail || t("failed");
  return [detail, problem.hint ? h("span", { class: "hint" }, ` ${problem.hint}`) : ""];
}

/** Files may be dropped anywhere on the page; a veil shows that they will be taken. */
function takeDrops(onFiles) {
  const veil = byId("veil");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const show = (change) => {
    depth = Math.max(0, change(depth));
    veil.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => hasFiles(event) && show((now) => now + 1));
  addEventListener("dragleave", (event) => hasFiles(event) && show((now) => now - 1));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(() => 0);
    onFiles([...event.dataTransfer.files]);
  });
}
