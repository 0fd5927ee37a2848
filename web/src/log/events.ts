// The vocabulary of a run's log as the native wire writes it (prosa.events), and what it adds up to (prosa.answer).

export type StageName = "classify" | "select" | "plan" | "execute" | "respond";
export const STAGES: readonly StageName[] = ["classify", "select", "plan", "execute", "respond"];

export type Cell = string | number | boolean | null | Cell[] | { [name: string]: Cell };

export interface Column {
  name: string;
  type: string;
  format?: string;
}

export interface Place {
  start: number;
  end: number;
}

export interface Word extends Place {
  text: string;
}

export interface Span extends Place {
  confirmed: boolean;
}

export interface Option {
  label: string;
  question: string;
  sql?: string;
}

export interface Passage {
  document: string;
  passage: string;
  page?: number | null;
  score?: number | null;
  heading?: string;
  /** The sentence that answers, in characters of the passage; both 0: none. */
  start?: number;
  end?: number;
  document_id?: string;
  place?: number;
}

export interface TableData {
  result_id: string;
  query_id: string;
  columns: Column[];
  rows: Cell[][];
  total: number;
  truncated?: boolean;
}

export interface Figure {
  data?: Record<string, unknown>[];
  layout?: Record<string, unknown>;
}

export interface ChartData {
  chart_id: string;
  result_id: string;
  figure: Figure;
}

export interface FileData {
  file_id: string;
  name: string;
  mime: string;
  url: string;
  size?: number | null;
  rows?: number | null;
  complete?: boolean;
}

export interface Stage {
  stage: StageName;
  duration_ms?: number | null;
  fraction?: number | null;
  eta_ms?: number | null;
  message?: string;
  summary?: string;
}

export interface Query {
  query_id: string;
  sql: string;
  dialect: string;
  source: string;
  code?: string;
  error?: string;
}

export interface Block {
  text?: string;
  spans?: Span[];
}

export interface Tool {
  call_id: string;
  tool: string;
  arguments?: Record<string, unknown>;
  result?: unknown;
  done?: boolean;
  failed?: boolean;
}

export interface Notice {
  code: string;
  words: string;
}

export interface Clarification {
  question: string;
  options: Option[];
}

export interface Failure {
  code: string;
  message: string;
  hint?: string;
  stage?: StageName | null;
}

export interface Cancelled {
  stopped: string;
  after_ms: number;
}

export type Status = "running" | "answered" | "clarify" | "refused" | "failed" | "cancelled";

export interface Answer {
  run_id: string;
  seq: number;
  status: Status;
  question: string;
  conversation: string | null;
  analyst: string;
  locale: string;
  replies_to: string | null;
  started_at: number;
  reading: string;
  unknown: Word[];
  confidence: number | null;
  stages: Stage[];
  queries: Query[];
  tables: TableData[];
  charts: ChartData[];
  files: FileData[];
  tools: Tool[];
  passages: Passage[];
  blocks: Block[];
  notices: Notice[];
  clarification: Clarification | null;
  failure: Failure | null;
  cancelled: Cancelled | null;
  duration_ms: number | null;
  tokens: number | null;
  cost: number | null;
}

type Outcome = "answered" | "clarify" | "refused";

export type Event =
  | { event: "started"; question: string; conversation?: string | null; analyst?: string; locale?: string; replies_to?: string | null }
  | { event: "stage_started"; stage: StageName }
  | { event: "stage_progress"; stage: StageName; fraction?: number; done?: number; total?: number; eta_ms?: number; message?: string }
  | { event: "stage_completed"; stage: StageName; duration_ms: number; summary?: string }
  | { event: "interpreted"; reading: string; unknown?: Word[]; confidence?: number | null }
  | { event: "sql"; query_id: string; text: string; dialect: string; source: string }
  | { event: "query_failed"; query_id: string; code: string; message: string }
  | ({ event: "table" } & TableData)
  | ({ event: "chart" } & ChartData)
  | ({ event: "file_ready" } & FileData)
  | { event: "tool_called"; call_id: string; tool: string; arguments?: Record<string, unknown> }
  | { event: "tool_returned"; call_id: string; tool: string; result?: unknown; failed?: boolean }
  | { event: "sources"; passages: Passage[] }
  | { event: "text"; block: number; delta: string }
  | { event: "checked"; block: number; spans: Span[] }
  | ({ event: "notice" } & Notice)
  | ({ event: "clarification" } & Clarification)
  | { event: "completed"; outcome: Outcome; duration_ms: number; stages?: Record<string, number>; tokens?: number | null; cost?: number | null }
  | ({ event: "failed" } & Failure)
  | ({ event: "cancelled" } & Cancelled)
  | { event: "snapshot"; upto: number; answer: Partial<Answer> };

export type Entry = { run_id: string; seq: number; at: number } & Event;

export const TERMINAL: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);
