// Following a run: its entries one by one, going on after a lost connection exactly where it broke.

import { Problem, type Client } from "../client";
import { TERMINAL, type Entry } from "./events";
import { messages } from "./sse";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

export interface Following {
  /** The last entry that is known already. */
  seq?: number;
  signal?: AbortSignal;
  onEntry: (entry: Entry) => void;
  /** `true`: the connection is gone and tried again; `false`: it is there. */
  onLost: (lost: boolean) => void;
}

/** Calls `onEntry` for each entry after `seq` until the last, or until `signal` aborts. Throws the Problem where the
 * run is not there (any more). */
export async function follow(client: Client, runId: string, following: Following): Promise<void> {
  const { signal, onEntry, onLost } = following;
  let { seq = 0 } = following;
  let wait = FIRST_WAIT_MS;
  while (!signal?.aborted) {
    try {
      const response = await client.events(runId, seq, signal);
      onLost(false);
      if (response.status === 204 || !response.body) return;
      for await (const { data } of messages(response.body)) {
        if (signal?.aborted) return;
        const entry = JSON.parse(data) as Entry;
        seq = entry.event === "snapshot" ? entry.upto : entry.seq;
        wait = FIRST_WAIT_MS;
        onEntry(entry);
        if (TERMINAL.has(entry.event)) return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof Problem && error.status >= 400 && error.status < 500) throw error;
    }
    onLost(true);
    await later(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** Waits, but no longer than until the network is back. */
function later(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      signal?.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    addEventListener("online", over);
    signal?.addEventListener("abort", over);
  });
}
