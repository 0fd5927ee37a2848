// Follows a run with EventSource while the connection is cut after every `cut` bytes. Prints each event once it came,
// and how often it had to connect.
import { EventSource } from "eventsource";

const { url, token, names, cut } = JSON.parse(process.argv[2]);
let connections = 0;

// The client's own waiting time is 3 s; a `retry:` of 1 ms in front keeps the test short.
async function cutting(address, init) {
  connections += 1;
  const reply = await fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
  if (reply.status !== 200) return reply;
  let left = cut;
  const body = reply.body.pipeThrough(
    new TransformStream({
      start: (out) => out.enqueue(new TextEncoder().encode("retry: 1\n\n")),
      transform(chunk, out) {
        out.enqueue(chunk.slice(0, left));
        left -= chunk.length;
        if (left <= 0) out.terminate();
      },
    }),
  );
  return { ...reply, url: reply.url, status: 200, redirected: false, headers: reply.headers, body };
}

const source = new EventSource(url, { fetch: cutting });
for (const name of names)
  source.addEventListener(name, (event) => {
    console.log(JSON.stringify({ name, id: event.lastEventId, data: JSON.parse(event.data) }));
    if (["completed", "failed", "cancelled"].includes(name)) {
      source.close();
      console.log(JSON.stringify({ connections }));
    }
  });
