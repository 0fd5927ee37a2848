// Following a run: its entries one by one, going on after a lost connection exactly where it broke.

import { call, Problem } from "./api.js";
import { events } from "./sse.js";

const TERMINAL = new Set(["completed", "failed", "cancelled"]);
const LONGEST_WAIT_MS = 5000;

/** Calls `onEntry` for each entry after `seq` until the last. `onLost(true)` says that the connection is gone,
 * `onLost(false)` that it is back. Problem: the run is not there (any more). */
export async function follow(runId, { seq = 0, onEntry, onLost }) {
  let wait = 250;
  for (;;) {
    try {
      const headers = { Accept: "text/event-stream", ...(seq ? { "Last-Event-ID": `${runId}-${seq}` } : {}) };
      const response = await call(`runs/${encodeURIComponent(runId)}/events`, { headers });
      onLost(false);
      if (response.status === 204) return;
      for await (const { data } of events(response.body)) {
        const entry = JSON.parse(data);
        seq = entry.event === "snapshot" ? entry.upto : entry.seq;
        wait = 250;
        onEntry(entry);
        if (TERMINAL.has(entry.event)) return;
      }
    } catch (error) {
      if (error instanceof Problem && error.status && error.status < 500) throw error;
    }
    onLost(true);
    await later(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** Waits, but no longer than until the network is back. */
function later(ms) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });
}
