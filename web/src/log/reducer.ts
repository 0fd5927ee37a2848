// `reduce(answer, entry)`: what a run's log adds up to so far. Mirrors prosa.answer.Answer, field by field.
// Pure: the answer given is never changed, and parts that an entry does not touch stay the same objects.

import type { Answer, Block, Entry, Event, Stage, StageName } from "./events";

export function empty(): Answer {
  return {
    run_id: "",
    seq: 0,
    status: "running",
    question: "",
    conversation: null,
    analyst: "",
    locale: "en",
    replies_to: null,
    started_at: 0,
    reading: "",
    unknown: [],
    confidence: null,
    stages: [],
    queries: [],
    tables: [],
    charts: [],
    files: [],
    tools: [],
    passages: [],
    blocks: [],
    notices: [],
    clarification: null,
    failure: null,
    cancelled: null,
    duration_ms: null,
    tokens: null,
    cost: null,
  };
}

export function reduce(answer: Answer, entry: Entry): Answer {
  if (entry.event === "snapshot") {
    return entry.upto > answer.seq ? { ...empty(), ...entry.answer } : answer;
  }
  if (entry.seq <= answer.seq) return answer;
  const { run_id, seq, at, ...event } = entry;
  return { ...answer, ...step(answer, event as Event, at), run_id, seq };
}

function step(answer: Answer, event: Event, at: number): Partial<Answer> {
  switch (event.event) {
    case "started":
      return {
        question: event.question,
        conversation: event.conversation ?? null,
        analyst: event.analyst ?? "auto",
        locale: event.locale ?? "en",
        replies_to: event.replies_to ?? null,
        started_at: at,
      };
    case "stage_started":
      return { stages: stage(answer, event.stage, {}) };
    case "stage_progress":
      return {
        stages: stage(answer, event.stage, {
          fraction: event.fraction,
          eta_ms: event.eta_ms,
          message: event.message,
        }),
      };
    case "stage_completed":
      return {
        stages: stage(answer, event.stage, {
          duration_ms: event.duration_ms,
          summary: event.summary,
          eta_ms: undefined,
          message: undefined,
        }),
      };
    case "interpreted":
      return { reading: event.reading, unknown: event.unknown ?? [], confidence: event.confidence ?? null };
    case "sql": {
      const { query_id, text, dialect, source } = event;
      return { queries: [...answer.queries, { query_id, sql: text, dialect, source }] };
    }
    case "query_failed": {
      const failed = { code: event.code, error: event.message };
      return { queries: change(answer.queries, (query) => query.query_id === event.query_id, failed) };
    }
    case "table":
      return { tables: [...answer.tables, event] };
    case "chart":
      return { charts: [...answer.charts, event] };
    case "file_ready":
      return { files: [...answer.files, event] };
    case "tool_called": {
      const { call_id, tool, arguments: given } = event;
      return { tools: [...answer.tools, { call_id, tool, arguments: given }] };
    }
    case "tool_returned": {
      const returned = { result: event.result, failed: event.failed, done: true };
      return { tools: change(answer.tools, (tool) => tool.call_id === event.call_id, returned) };
    }
    case "sources":
      return { passages: [...answer.passages, ...event.passages] };
    case "text":
      return { blocks: block(answer, event.block, (b) => ({ ...b, text: (b.text ?? "") + event.delta })) };
    case "checked":
      return { blocks: block(answer, event.block, (b) => ({ ...b, spans: [...(b.spans ?? []), ...event.spans] })) };
    case "notice":
      return { notices: [...answer.notices, event] };
    case "clarification":
      return { clarification: event };
    case "completed":
      return {
        status: event.outcome,
        duration_ms: event.duration_ms,
        tokens: event.tokens ?? null,
        cost: event.cost ?? null,
      };
    case "failed":
      return { status: "failed", failure: event };
    case "cancelled":
      return { status: "cancelled", cancelled: event };
    default:
      return {}; // an event of a newer server: counted, not shown
  }
}

function change<Item extends object>(list: Item[], is: (item: Item) => boolean, update: Partial<Item>): Item[] {
  return list.map((item) => (is(item) ? { ...item, ...update } : item));
}

function stage(answer: Answer, name: StageName, update: Partial<Stage>): Stage[] {
  const known = answer.stages.some((item) => item.stage === name);
  const stages = known ? answer.stages : [...answer.stages, { stage: name }];
  return change(stages, (item) => item.stage === name, update);
}

function block(answer: Answer, place: number, update: (block: Block) => Block): Block[] {
  const blocks = [...answer.blocks];
  while (blocks.length <= place) blocks.push({});
  blocks[place] = update(blocks[place] ?? {});
  return blocks;
}

/** The answer in words: every block, with an empty line between. */
export const textOf = (answer: Answer): string =>
  answer.blocks
    .map((block) => block.text ?? "")
    .filter(Boolean)
    .join("\n\n");
