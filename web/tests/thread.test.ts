// The conversation on the screen against a server of the test's own: cut streams, replays, refusals, two at once.

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client } from "../src/client";
import type { Entry } from "../src/log/events";
import { Thread } from "../src/thread";

interface Case {
  name: string;
  entries: Entry[];
}

const cases = JSON.parse(readFileSync("../tests/golden/folding.json", "utf8")) as Case[];
const answered = cases.find((one) => one.name === "answered")?.entries ?? [];
const runId = answered[0]?.run_id ?? "";

/** How often the stream has been asked for, and after which entry. */
let asked: number[];
/** After how many entries each connection breaks. */
let breaks: number[];

function stream(after: number): Response {
  asked.push(after);
  const rest = answered.filter((entry) => entry.seq > after).slice(0, breaks.shift() ?? Infinity);
  const text = rest.map((entry) => `event: ${entry.event}\nid: ${runId}-${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } });
}

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
let refuse: Response | null;

beforeEach(() => {
  [asked, breaks, refuse] = [[], [], null];
  vi.stubGlobal("fetch", (address: string, { method, headers }: { method: string; headers: Record<string, string> }) => {
    const path = new URL(address).pathname;
    if (path.endsWith("/events")) return Promise.resolve(stream(Number(headers["Last-Event-ID"]?.split("-").at(-1) ?? 0)));
    if (path.endsWith("/runs") || path.endsWith("/query")) return Promise.resolve(refuse ?? json({ run_id: runId }, 202));
    if (path.endsWith("/conversations/c1")) {
      return Promise.resolve(json({ id: "c1", items: [{ run_id: runId, question: "again?", answer: { status: "running" } }] }));
    }
    if (method === "POST") return Promise.resolve(json({ id: "c1" }, 201));
    return Promise.resolve(json({ code: "not_found", detail: "Not here.", hint: "Look elsewhere." }, 404));
  });
});

afterEach(() => vi.unstubAllGlobals());

function until(thread: Thread, is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => is() && (stop(), resolve());
    const stop = thread.subscribe(look);
    look();
  });
}

const client = () => new Client("http://prosa.test/");

test("a question becomes a conversation, a run and an answer", async () => {
  const told: string[] = [];
  const thread = new Thread(client(), { conversation: (id) => told.push(id), answer: (answer) => told.push(answer.status) });
  expect(await thread.ask({ question: "gross amount by store in 2025" })).toBe(true);
  await until(thread, () => !thread.snapshot().running);
  const [turn] = thread.snapshot().turns;
  expect(turn?.answer.status).toBe("answered");
  expect(turn?.answer.tables[0]?.total).toBe(3);
  expect(told).toEqual(["c1", "answered"]);
});

test("a stream that breaks is taken up exactly where it broke", async () => {
  breaks = [3, 5];
  const thread = new Thread(client());
  await thread.ask({ question: "x" });
  await until(thread, () => !thread.snapshot().running);
  expect(asked).toEqual([0, 3, 8]);
  expect(thread.snapshot().turns[0]?.answer.blocks[0]?.text).toContain("Ipanema comes first");
  expect(thread.snapshot().lost).toBe(false);
});

test("a conversation with a run at work goes on with it", async () => {
  const thread = new Thread(client());
  await thread.open("c1");
  await until(thread, () => !thread.snapshot().running && thread.snapshot().turns.length === 1);
  expect(thread.snapshot().turns[0]?.answer.status).toBe("answered");
});

test("one question at a time", async () => {
  const thread = new Thread(client());
  const first = thread.ask({ question: "x" });
  expect(await thread.ask({ question: "y" })).toBe(false);
  expect(await first).toBe(true);
});

test("a question that is refused leaves no turn behind, and says why", async () => {
  refuse = json({ code: "busy", detail: "Too many.", hint: "Wait." }, 429);
  const thread = new Thread(client());
  expect(await thread.ask({ question: "x" })).toBe(false);
  const { turns, problem, running } = thread.snapshot();
  expect([turns.length, running, problem?.code, problem?.hint]).toEqual([0, false, "busy", "Wait."]);
});

test("a conversation that is not there says so, and a new one begins", async () => {
  const told: string[] = [];
  const thread = new Thread(client(), { conversation: (id) => told.push(id) });
  await thread.open("nowhere");
  expect(thread.snapshot().problem?.detail).toBe("Not here.");
  expect(thread.snapshot().conversation).toBe("");
  expect(told).toEqual([""]);
});
