// Taking a file: fetched with its progress, so that a failure on the way is told, then handed to the browser.

import { Problem, type Client } from "../client";

/** Above so many rows the browser writes to disk by itself, wherever it can sign the request. */
const TO_DISK_ROWS = 500_000;

export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  click(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function click(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.rel = "noopener";
  document.body.append(link);
  link.click();
  link.remove();
}

/** A file's name, and the signs that the fonts of a picture lack. */
export interface Saved {
  name: string;
  missing: string;
}

/** Fetches `path` and saves it under the name that the server gives; `onBytes` is told how far it has come. Problem
 * where the file is gone or broke off. */
export async function save(client: Client, path: string, onBytes: (bytes: number) => void, rows = 0): Promise<Saved> {
  if (client.plain && rows > TO_DISK_ROWS) {
    click(client.url(path), "");
    return { name: "", missing: "" };
  }
  const response = await client.call(path, { headers: { Accept: "*/*" } });
  const name = nameOf(response.headers.get("content-disposition")) || "export";
  saveBlob(await bodyOf(response, onBytes), name);
  return { name, missing: decodeURIComponent(response.headers.get("prosa-missing-signs") ?? "") };
}

async function bodyOf(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  const type = response.headers.get("content-type") ?? "";
  const parts: BlobPart[] = [];
  let count = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done || !value) break;
      parts.push(value as BlobPart);
      count += value.length;
      onBytes(count);
    }
  } catch {
    throw new Problem("broken_off");
  }
  return new Blob(parts, { type });
}

/** The file name of a Content-Disposition header (RFC 6266), its UTF-8 form first. */
export function nameOf(header: string | null): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="((?:[^"\\]|\\.)*)"/i.exec(header ?? "")?.[1]?.replace(/\\(.)/g, "$1") ?? "";
}

/** The first lines of a text file, without fetching the rest. */
export async function firstLines(client: Client, path: string, lines: number): Promise<string> {
  const response = await client.call(path, { headers: { Accept: "*/*" } });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || !value) break;
    text += decoder.decode(value, { stream: true });
    if (text.split("\n").length > lines * 2) break;
  }
  void reader?.cancel().catch(() => undefined);
  return text;
}
