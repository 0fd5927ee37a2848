// A parser of `text/event-stream` (WHATWG HTML, 9.2.6) for fetch, since EventSource can't send headers.

/** Yields {event, id, data} for each event of a response's body. */
export async function* events(body) {
  let message = { event: "", id: "", data: [] };
  for await (const line of lines(body)) {
    if (line === "") {
      if (message.data.length) yield { ...message, data: message.data.join("\n") };
      message = { event: "", id: message.id, data: [] };
      continue;
    }
    const [, field, value] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line);
    if (field === "data") message.data.push(value);
    else if (field === "event" || field === "id") message[field] = value;
  }
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield part.endsWith("\r") ? part.slice(0, -1) : part;
  }
}
