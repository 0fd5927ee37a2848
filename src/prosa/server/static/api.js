// Calls of the native HTTP API, relative to the page, so that it works under any prefix.

import { current } from "./words.js";

const ROOT = new URL("api/", document.baseURI);

export const url = (path) => new URL(path, ROOT).href;

/** A problem document (RFC 9457) as an error; `code` is "offline" where the server did not answer at all. */
export class Problem extends Error {
  constructor({ code = "internal", detail = "", hint = "" }, status = 0) {
    super(detail || code);
    Object.assign(this, { code, detail, hint, status });
  }
}

export async function call(path, { method = "GET", body, headers = {}, signal } = {}) {
  const isForm = body instanceof FormData;
  const sent = { Accept: "application/json", "Accept-Language": current(), ...headers };
  if (body && !isForm) sent["Content-Type"] = "application/json";
  const payload = body && !isForm ? JSON.stringify(body) : body;
  let response;
  try {
    response = await fetch(url(path), { method, body: payload, headers: sent, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ code: "offline" });
  }
  if (!response.ok) throw new Problem(await response.json().catch(() => ({})), response.status);
  return response;
}

export async function json(path, options) {
  const response = await call(path, options);
  return response.status === 204 ? null : response.json();
}

export const post = (path, body) => json(path, { method: "POST", body });
