// The page: puts composer, sources and turns together. The conversation's id stands in the address (#id), so that a
// reload shows it again and goes on with a run that still works.

import { json, post } from "./api.js";
import { Composer } from "./composer.js";
import { byId, h } from "./dom.js";
import { empty, reduce } from "./reducer.js";
import { follow } from "./run.js";
import { SourceList, upload } from "./sources.js";
import { Turn } from "./turn.js";
import { current, preferred, remember, speak, t } from "./words.js";

const turns = [];
const composer = new Composer({ onAsk: ask, onStop: stop, onFiles: takeFiles });
const sources = new SourceList(byId("source-list"), guarded);
let conversation = location.hash.slice(1);
let settings = {};
let running = null;

async function start() {
  const problem = await json("settings").then(
    (found) => void (settings = found),
    (error) => error,
  );
  await chooseLanguage(preferred(settings.locale));
  if (problem) throw problem;
  guarded(() => sources.load());
  if (conversation) await guarded(reopen);
  byId("welcome").hidden = turns.length > 0;
  byId("question").focus({ preventScroll: true });
}

function listen() {
  for (const button of document.querySelectorAll("[data-locale]")) {
    button.addEventListener("click", () => guarded(() => switchLanguage(button.dataset.locale)));
  }
  byId("new").addEventListener("click", startAnew);
  byId("home").addEventListener("click", (event) => (event.preventDefault(), startAnew()));
  addEventListener("hashchange", () => location.hash.slice(1) !== conversation && location.reload());
  byId("sources").open = matchMedia("(min-width: 60rem)").matches;
}

async function switchLanguage(locale) {
  remember(locale);
  await chooseLanguage(locale);
  for (const turn of turns) turn.redraw();
  await sources.load();
}

async function chooseLanguage(locale) {
  speak(locale, await json(`messages?locale=${encodeURIComponent(locale)}`));
  for (const element of document.querySelectorAll("[data-words]")) element.textContent = t(element.dataset.words);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.matches("button")) element.title = t(element.dataset.label);
  }
  byId("question").placeholder = t(byId("question").dataset.placeholder);
  for (const button of document.querySelectorAll("[data-locale]")) {
    button.setAttribute("aria-pressed", String(button.dataset.locale === locale));
  }
  const examples = settings.examples?.[locale] ?? [];
  byId("examples").replaceChildren(
    ...examples.map((text) => h("li", {}, h("button", { type: "button", onclick: () => ask(text) }, text))),
  );
}

/** Shows a trouble that an action met, instead of losing it. */
async function guarded(action) {
  try {
    composer.trouble(null);
    await action();
  } catch (problem) {
    composer.trouble(problem);
  }
}

function startAnew() {
  history.pushState(null, "", location.pathname + location.search);
  conversation = "";
  running = null;
  turns.length = 0;
  byId("turns").replaceChildren();
  byId("welcome").hidden = false;
  composer.setRunning(false);
  composer.trouble(null);
  byId("question").focus();
}

async function reopen() {
  const found = await json(`conversations/${encodeURIComponent(conversation)}`).catch((problem) => {
    startAnew();
    throw problem;
  });
  for (const item of found.items) {
    const state = { ...empty(), ...item.answer, run_id: item.run_id };
    const isRunning = state.status === "running";
    const turn = addTurn(isRunning ? { ...empty(), run_id: item.run_id, question: item.question } : state);
    if (isRunning) followTurn(turn);
  }
}

function addTurn(state) {
  const turn = new Turn(state, {
    choose: (option, runId) => ask(option.label, { question: option.question, replies_to: runId }),
  });
  turns.push(turn);
  byId("turns").append(turn.element);
  byId("welcome").hidden = true;
  return turn;
}

/** Asks; `text` is what the page shows until the run says its question. */
function ask(text, more = {}) {
  if (running) return undefined;
  const turn = addTurn({ ...empty(), question: text });
  turn.element.scrollIntoView({ block: "start" });
  composer.setRunning(true);
  return guarded(() => startRun(turn, { question: text, locale: current(), sources: sources.chosen(), ...more }));
}

async function startRun(turn, body) {
  running = turn;
  try {
    if (!conversation) await startConversation();
    const { run_id } = await post(`conversations/${conversation}/runs`, body);
    turn.update({ ...turn.state, run_id });
    if (turn.stopWanted) stop();
  } catch (problem) {
    withdraw(turn, body.question);
    throw problem;
  }
  await followTurn(turn);
}

async function startConversation() {
  ({ id: conversation } = await post("conversations", {}));
  history.replaceState(null, "", `#${conversation}`);
}

function withdraw(turn, question) {
  turns.splice(turns.indexOf(turn), 1);
  turn.element.remove();
  byId("welcome").hidden = turns.length > 0;
  composer.restore(question);
  rest();
}

function rest() {
  running = null;
  composer.setRunning(false);
}

async function followTurn(turn) {
  running = turn;
  composer.setRunning(true);
  byId("status").textContent = t("working");
  try {
    await follow(turn.state.run_id, {
      seq: turn.state.seq,
      onEntry: (entry) => turn.update(reduce(turn.state, entry)),
      onLost: (lost) => composer.note(lost ? t("reconnecting") : ""),
    });
  } catch (problem) {
    turn.update({
      ...turn.state,
      status: "failed",
      failure: { message: problem.detail || t("failed"), hint: problem.hint },
    });
  }
  byId("status").textContent = spoken(turn.state);
  if (running === turn) rest();
}

/** What a screen reader says when a run has ended. */
function spoken(state) {
  const words = state.blocks.map((block) => block.text ?? "").join(" ");
  return words || state.clarification?.question || state.failure?.message || t("done");
}

/** Stops the run; one that the server has not named yet, as soon as it has. */
function stop() {
  running.stopWanted = !running.state.run_id;
  return running.stopWanted ? undefined : guarded(() => post(`runs/${running.state.run_id}/cancel`));
}

function takeFiles(files) {
  return guarded(async () => {
    byId("sources").open = true;
    try {
      await sources.focus(await upload(files, (words) => composer.note(words)));
    } catch (problem) {
      composer.note("");
      await sources.load();
      throw problem;
    }
  });
}

listen();
guarded(start);
