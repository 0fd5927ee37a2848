// Calls of the native HTTP API. Where the server lies, who we are and which language we speak is given once.

import type { Answer, Cell, Column } from "./log/events";

/** A problem document (RFC 9457) as an error; `code` is "offline" where the server did not answer at all. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly detail = "",
    readonly hint = "",
    readonly status = 0,
  ) {
    super(detail || code);
  }
}

export type Token = () => string | Promise<string>;

export interface FormatInfo {
  name: string;
  extension: string;
  /** Path under the API, with `{id}` in the place of the result's, chart's, run's or conversation's id. */
  path: string;
}

export interface ServerInfo {
  version: string;
  locales: string[];
  locale: string;
  /** Those that a question may name; none where the server's own answerer takes them all. */
  analysts: string[];
  /** Who answers where the question names nobody. */
  analyst: string;
  /** What of the data may reach a language model; empty where there is none. */
  model_sees: "schema" | "aggregates" | "preview" | "";
  max_upload: number;
  question_length: number;
  page_rows: number;
  formats: Record<string, FormatInfo[]>;
}

export interface TableSummary {
  name: string;
  rows: number;
}

export interface Source {
  id: string;
  name: string;
  kind: string;
  dialect: string;
  tables: TableSummary[];
  notices: string[];
  mine: boolean;
  problem: string;
}

export interface DocumentSummary {
  id: string;
  name: string;
  kind: string;
  title: string;
  pages: number | null;
  passages: number;
  notices: string[];
  mine: boolean;
  problem: string;
}

export interface PassageView {
  document: string;
  passage: string;
  page: number | null;
  heading: string;
  before: string;
  after: string;
}

export interface CatalogColumn {
  name: string;
  type: string;
  samples?: Cell[];
  nulls?: number;
  distinct?: number | null;
  min?: Cell;
  max?: Cell;
  comment?: string;
  format?: string;
}

export interface CatalogTable {
  name: string;
  rows: number;
  columns: CatalogColumn[];
  comment?: string;
}

export interface Conversation {
  id: string;
  title: string;
  created: number;
  updated: number;
  turns: number;
}

export interface SavedTurn {
  run_id: string;
  question: string;
  asked: number;
  answer: Partial<Answer>;
}

export interface Pin {
  id: string;
  question: string;
  sources: string[];
}

export interface Page {
  columns: Column[];
  rows: Cell[][];
  offset: number;
  total: number;
  rows_in_all: number;
  truncated: boolean;
}

interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  keepalive?: boolean;
}

export class Client {
  locale = "en";

  /** `root` is the server's address with a slash at its end; `token` gives a bearer token wherever one is needed. */
  constructor(
    readonly root: string,
    readonly token?: Token,
  ) {}

  url(path: string): string {
    return new URL(`api/${path}`, this.root).href;
  }

  /** Whether the browser signs requests in by itself, so that plain links work. */
  get plain(): boolean {
    return !this.token && new URL(this.root).origin === location.origin;
  }

  async call(path: string, { method = "GET", body, headers = {}, signal, keepalive }: Call = {}): Promise<Response> {
    const isForm = body instanceof FormData;
    const sent: Record<string, string> = { Accept: "application/json", "Accept-Language": this.locale, ...headers };
    if (body !== undefined && !isForm) sent["Content-Type"] = "application/json";
    if (this.token) sent["Authorization"] = `Bearer ${await this.token()}`;
    const payload = body === undefined || isForm ? (body as FormData | undefined) : JSON.stringify(body);
    let response: Response;
    try {
      const credentials = this.token ? "omit" : "same-origin";
      response = await fetch(this.url(path), { method, body: payload, headers: sent, signal, keepalive, credentials });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem("offline");
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async json<Value>(path: string, call?: Call): Promise<Value> {
    const response = await this.call(path, call);
    return (response.status === 204 ? null : await response.json()) as Value;
  }

  post<Value>(path: string, body?: unknown): Promise<Value> {
    return this.json<Value>(path, { method: "POST", body });
  }

  /** The run's event stream after entry `seq`; 204 where that was the last. */
  events(runId: string, seq: number, signal?: AbortSignal): Promise<Response> {
    const after = seq ? { "Last-Event-ID": `${runId}-${seq}` } : undefined;
    const headers = { Accept: "text/event-stream", ...after };
    return this.call(`runs/${encodeURIComponent(runId)}/events`, { headers, signal });
  }

  /** A window of a result's rows, sorted and filtered over all of them; `sort` as the API takes it. */
  page(resultId: string, offset: number, limit: number, sort = "", filter = "", signal?: AbortSignal): Promise<Page> {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (sort) query.set("sort", sort);
    if (filter) query.set("filter", filter);
    return this.json<Page>(`results/${encodeURIComponent(resultId)}?${query}`, { signal });
  }

  /** A file becomes a source or a document, whichever its content is. */
  upload(file: File): Promise<Source | DocumentSummary> {
    const body = new FormData();
    body.append("file", file);
    return this.post<Source | DocumentSummary>("uploads", body);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const document = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const said = (name: string) => (typeof document[name] === "string" ? document[name] : "");
  return new Problem(said("code") || "internal", said("detail"), said("hint"), response.status);
}
