// `reduce(state, entry)`: what a run's log adds up to so far. Mirrors prosa.answer.Answer, field by field.
// Pure: the state given is never changed, and parts that an entry does not touch stay the same objects.

export const empty = () => ({
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
});

export function reduce(state, entry) {
  const { run_id, seq, at, ...event } = entry;
  if (event.event === "snapshot") return event.upto > state.seq ? { ...empty(), ...event.answer } : state;
  if (seq <= state.seq) return state;
  const step = STEPS[event.event];
  return { ...state, ...(step ? step(state, event, at) : {}), run_id, seq };
}

const append = (field) => (state, event) => ({ [field]: [...state[field], event] });

const change = (list, is, update) => list.map((item) => (is(item) ? { ...item, ...update } : item));

const STEPS = {
  started: (state, event, at) => ({
    question: event.question,
    conversation: event.conversation ?? null,
    analyst: event.analyst ?? "auto",
    locale: event.locale ?? "en",
    replies_to: event.replies_to ?? null,
    started_at: at,
  }),
  stage_started: (state, event) => ({ stages: stage(state, event.stage, {}) }),
  stage_progress: (state, event) => ({
    stages: stage(state, event.stage, { fraction: event.fraction, eta_ms: event.eta_ms, message: event.message }),
  }),
  stage_completed: (state, event) => ({
    stages: stage(state, event.stage, {
      duration_ms: event.duration_ms,
      summary: event.summary,
      eta_ms: undefined,
      message: undefined,
    }),
  }),
  interpreted: (state, event) => ({
    reading: event.reading,
    unknown: event.unknown ?? [],
    confidence: event.confidence ?? null,
  }),
  sql: (state, event) => ({
    queries: [
      ...state.queries,
      { query_id: event.query_id, sql: event.text, dialect: event.dialect, source: event.source },
    ],
  }),
  query_failed: (state, event) => ({
    queries: change(state.queries, (query) => query.query_id === event.query_id, {
      code: event.code,
      error: event.message,
    }),
  }),
  table: append("tables"),
  chart: append("charts"),
  file_ready: append("files"),
  tool_called: (state, event) => ({
    tools: [...state.tools, { call_id: event.call_id, tool: event.tool, arguments: event.arguments }],
  }),
  tool_returned: (state, event) => ({
    tools: change(state.tools, (tool) => tool.call_id === event.call_id, {
      result: event.result,
      failed: event.failed,
      done: true,
    }),
  }),
  sources: (state, event) => ({ passages: [...state.passages, ...event.passages] }),
  text: (state, event) => ({
    blocks: block(state, event.block, (b) => ({ ...b, text: (b.text ?? "") + event.delta })),
  }),
  checked: (state, event) => ({
    blocks: block(state, event.block, (b) => ({ ...b, spans: [...(b.spans ?? []), ...event.spans] })),
  }),
  notice: append("notices"),
  clarification: (state, event) => ({ clarification: event }),
  completed: (state, event) => ({
    status: event.outcome,
    duration_ms: event.duration_ms,
    tokens: event.tokens ?? null,
    cost: event.cost ?? null,
  }),
  failed: (state, event) => ({ status: "failed", failure: event }),
  cancelled: (state, event) => ({ status: "cancelled", cancelled: event }),
};

function stage(state, name, update) {
  const known = state.stages.some((item) => item.stage === name);
  const stages = known ? state.stages : [...state.stages, { stage: name }];
  return change(stages, (item) => item.stage === name, update);
}

function block(state, place, update) {
  const blocks = [...state.blocks];
  while (blocks.length <= place) blocks.push({});
  blocks[place] = update(blocks[place]);
  return blocks;
}
