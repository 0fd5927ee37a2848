// Runs the agent through AG-UI's own HTTP client, which checks every event and their order. Prints the events, then the
// messages that the client made of them, and how it ended.
import { HttpAgent } from "@ag-ui/client";

const { url, token, thread, words, resume, forwardedProps } = JSON.parse(process.argv[2]);
const print = (value) => console.log(JSON.stringify(value));
const agent = new HttpAgent({
  url: `${url}/api/agui`,
  headers: { Authorization: `Bearer ${token}` },
  threadId: thread,
  initialMessages: words ? [{ id: "m1", role: "user", content: words }] : [],
});
try {
  const { newMessages } = await agent.runAgent({ resume, forwardedProps }, { onEvent: ({ event }) => print({ event }) });
  print({ messages: newMessages });
} catch (error) {
  print({ thrown: error.message });
}
