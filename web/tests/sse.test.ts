// @vitest-environment node
import { expect, test } from "vitest";
import { messages } from "../src/log/sse";

const EXPECTED = [
  { event: "text", id: "r-1", data: '{"a": "é"}' },
  { event: "completed", id: "r-2", data: "{}" },
];

const encoder = new TextEncoder();

async function parsed(chunks: (string | number[])[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : new Uint8Array(chunk));
      controller.close();
    },
  });
  const found = [];
  for await (const message of messages(body)) found.push(message);
  return found;
}

test.each([
  { chunks: ['event: text\nid: r-1\ndata: {"a": "é"}\n\n: ping\n\nevent: completed\nid: r-2\ndata: {}\n\n'] },
  { chunks: ["event: te", "xt\nid: r-1\nda", 'ta: {"a": "é"}\n', "\n: ping\n", "\nevent: completed\nid: r-2\ndata: {}\n\n"] },
  { chunks: ['event: text\r\nid: r-1\r\ndata: {"a": "', [0xc3], [0xa9], '"}\r\n\r\nevent: completed\nid: r-2\ndata: {}\n\nda'] },
])("a stream is parsed however it is cut", async ({ chunks }) => {
  expect(await parsed(chunks)).toEqual(EXPECTED);
});

test("several data lines are one message with line breaks", async () => {
  expect(await parsed(["data: a\ndata: b\n\n"])).toEqual([{ event: "", id: "", data: "a\nb" }]);
});
