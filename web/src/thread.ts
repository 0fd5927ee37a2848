// The conversation on the screen: its turns, the run that works, and what a person does with them. It knows the API and
// the reducer, and nothing of how it is drawn; whoever draws it subscribes.

import { Problem, type Client, type Conversation, type SavedTurn } from "./client";
import type { Answer, Entry, Option } from "./log/events";
import { follow } from "./log/follow";
import { empty, reduce } from "./log/reducer";

export interface Turn {
  key: number;
  answer: Answer;
  /** When the page first saw each stage, in milliseconds of its own clock. */
  seen: Record<string, number>;
  /** Whether the page watched it work; else it is an old one. */
  live: boolean;
}

export interface Asked {
  question: string;
  sources?: string[];
  documents?: string[];
  locale?: string;
  analyst?: string;
  replies_to?: string;
}

export interface Snapshot {
  turns: readonly Turn[];
  conversation: string;
  running: boolean;
  stopping: boolean;
  lost: boolean;
  loading: boolean;
  problem: Problem | null;
}

export interface Told {
  conversation?: (id: string) => void;
  question?: (question: string, runId: string) => void;
  answer?: (answer: Answer) => void;
  problem?: (problem: Problem) => void;
}

/** So many entries are taken in before the page is drawn again: a long replay stays smooth. */
const A_FRAME = 300;

export class Thread {
  private state: Snapshot = {
    turns: [],
    conversation: "",
    running: false,
    stopping: false,
    lost: false,
    loading: false,
    problem: null,
  };
  private readonly listeners = new Set<() => void>();
  private keys = 0;
  private aborter = new AbortController();
  private stopWanted = false;

  constructor(
    private readonly client: Client,
    private readonly told: Told = {},
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.state;

  /** Shows a saved conversation, and goes on with a run that still works in it. */
  async open(id: string): Promise<void> {
    this.clear({ conversation: id, loading: true });
    const signal = this.aborter.signal;
    try {
      const found = await this.client.json<Conversation & { items: SavedTurn[] }>(
        `conversations/${encodeURIComponent(id)}`,
      );
      if (signal.aborted) return;
      this.set({ turns: found.items.map((item) => this.saved(item)), loading: false });
    } catch (error) {
      if (signal.aborted) return;
      this.clear({});
      this.fail(error);
      this.told.conversation?.("");
      return;
    }
    const last = this.state.turns.at(-1);
    if (last?.answer.status === "running") await this.watch(last.key);
  }

  /** A new, empty conversation; a run that works goes on by itself. */
  reset(): void {
    this.clear({});
    this.told.conversation?.("");
  }

  dismiss(): void {
    this.set({ problem: null });
  }

  /** Asks a question; false where it could not be asked, so that its words are not lost. */
  ask(asked: Asked, shown = asked.question): Promise<boolean> {
    return this.begin(shown, (conversation) => [`conversations/${encodeURIComponent(conversation)}/runs`, asked]);
  }

  /** Asks what an option of a clarification means. */
  choose(option: Option, runId: string, asked: Omit<Asked, "question">): Promise<boolean> {
    return this.ask({ ...asked, question: option.question, replies_to: runId }, option.label);
  }

  /** Runs SQL that a person has edited. */
  query(sql: string, source: string, locale: string): Promise<boolean> {
    return this.begin(sql, (conversation) => ["query", { sql, source, locale, conversation }]);
  }

  /** Stops the run; one that the server has not named yet, as soon as it has. */
  async stop(): Promise<void> {
    const turn = this.state.turns.at(-1);
    if (!this.state.running || !turn) return;
    this.stopWanted = true;
    this.set({ stopping: true });
    if (!turn.answer.run_id) return;
    try {
      await this.client.post(`runs/${turn.answer.run_id}/cancel`);
    } catch (error) {
      this.set({ stopping: false });
      this.fail(error);
    }
  }

  private async begin(shown: string, request: (conversation: string) => [string, unknown]): Promise<boolean> {
    if (this.state.running) return false;
    this.stopWanted = false;
    const turn = this.turn({ ...empty(), question: shown }, true);
    this.set({ turns: [...this.state.turns, turn], running: true, stopping: false, problem: null });
    const signal = this.aborter.signal;
    try {
      const conversation = this.state.conversation || (await this.make());
      const { run_id } = await this.client.post<{ run_id: string }>(...request(conversation));
      if (signal.aborted) return true;
      this.update(turn.key, (answer) => ({ ...answer, run_id }));
      this.told.question?.(shown, run_id);
    } catch (error) {
      if (signal.aborted) return false;
      this.set({ turns: this.state.turns.filter((other) => other.key !== turn.key), running: false, stopping: false });
      this.fail(error);
      return false;
    }
    void this.watch(turn.key);
    return true;
  }

  private async make(): Promise<string> {
    const signal = this.aborter.signal;
    const { id } = await this.client.post<Conversation>("conversations", {});
    if (signal.aborted) throw new Problem("aborted");
    this.set({ conversation: id });
    this.told.conversation?.(id);
    return id;
  }

  private async watch(key: number): Promise<void> {
    this.set({ running: true });
    const signal = this.aborter.signal;
    const turn = this.find(key);
    if (!turn) return;
    const intake = new Intake((entries) => this.take(key, entries), signal);
    const { run_id, seq } = turn.answer;
    if (this.stopWanted) void this.stop();
    try {
      const onLost = (lost: boolean) => lost !== this.state.lost && this.set({ lost });
      await follow(this.client, run_id, { seq, signal, onEntry: (entry) => intake.add(entry), onLost });
      await intake.drained();
    } catch (error) {
      if (signal.aborted) return;
      this.update(key, (answer) => failed(answer, error));
    }
    if (signal.aborted) return;
    this.set({ running: false, stopping: false, lost: false });
    const ended = this.find(key);
    if (ended) this.told.answer?.(ended.answer);
  }

  private take(key: number, entries: readonly Entry[]): void {
    this.update(key, (answer) => entries.reduce(reduce, answer));
  }

  private update(key: number, change: (answer: Answer) => Answer): void {
    const turns = this.state.turns.map((turn) => {
      if (turn.key !== key) return turn;
      const answer = change(turn.answer);
      return { ...turn, answer, seen: seenNow(turn.seen, answer) };
    });
    this.set({ turns });
  }

  private saved(item: SavedTurn): Turn {
    const isRunning = item.answer.status === "running" || !item.answer.status;
    const answer = isRunning ? empty() : { ...empty(), ...item.answer };
    return this.turn({ ...answer, run_id: item.run_id, question: answer.question || item.question }, isRunning);
  }

  private turn(answer: Answer, live: boolean): Turn {
    this.keys += 1;
    return { key: this.keys, answer, live, seen: {} };
  }

  private find(key: number): Turn | undefined {
    return this.state.turns.find((turn) => turn.key === key);
  }

  private clear(start: Partial<Snapshot>): void {
    this.aborter.abort();
    this.aborter = new AbortController();
    const nothing = { turns: [], conversation: "", running: false, stopping: false, lost: false, loading: false };
    this.set({ ...nothing, problem: null, ...start });
  }

  /** Shows what went wrong with something that a person did beside the conversation. */
  report(error: unknown): void {
    this.fail(error);
  }

  private fail(error: unknown): void {
    const problem = error instanceof Problem ? error : new Problem("internal");
    this.set({ problem });
    this.told.problem?.(problem);
  }

  private set(change: Partial<Snapshot>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function failed(answer: Answer, error: unknown): Answer {
  const problem = error instanceof Problem ? error : new Problem("internal");
  const failure = { code: problem.code, message: problem.detail, hint: problem.hint };
  return { ...answer, status: "failed", failure };
}

function seenNow(seen: Record<string, number>, answer: Answer): Record<string, number> {
  const fresh = answer.stages.filter((stage) => !(stage.stage in seen));
  if (!fresh.length) return seen;
  return { ...seen, ...Object.fromEntries(fresh.map((stage) => [stage.stage, performance.now()])) };
}

/** Gathers entries and hands them on once a frame, so many at a time; where the last frame took long, it waits as
 * long again. */
class Intake {
  private readonly waiting: Entry[] = [];
  private scheduled = false;
  private pause = 0;
  private onEmpty: (() => void) | null = null;

  constructor(
    private readonly take: (entries: readonly Entry[]) => void,
    private readonly signal: AbortSignal,
  ) {}

  add(entry: Entry): void {
    this.waiting.push(entry);
    this.schedule();
  }

  drained(): Promise<void> {
    if (!this.waiting.length) return Promise.resolve();
    return new Promise((resolve) => (this.onEmpty = resolve));
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // A hidden page gets no frames, but its answer should be there when it is shown again.
    if (document.hidden || this.pause > 8) setTimeout(() => this.flush(), this.pause);
    else requestAnimationFrame(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    if (this.signal.aborted) return this.onEmpty?.();
    const begun = performance.now();
    this.take(this.waiting.splice(0, A_FRAME));
    this.pause = Math.min(performance.now() - begun, 200);
    if (this.waiting.length) this.schedule();
    else this.onEmpty?.();
  }
}
