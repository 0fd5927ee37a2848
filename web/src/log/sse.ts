// A parser of `text/event-stream` (WHATWG HTML, 9.2.6) for fetch, since EventSource can't send headers.

export interface Message {
  event: string;
  id: string;
  data: string;
}

/** Yields each message of a response's body, however its bytes are cut. */
export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  let [event, id] = ["", ""];
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length) yield { event, id, data: data.join("\n") };
      [event, data] = ["", []];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  }
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) yield part.endsWith("\r") ? part.slice(0, -1) : part;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
