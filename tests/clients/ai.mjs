// Asks through the AI SDK's own transport, or takes up what is being answered. Prints each checked chunk, the message
// that a page would show, and how it ended.
import { DefaultChatTransport, readUIMessageStream, validateUIMessages } from "ai";

const { url, token, chat, words, resume, body } = JSON.parse(process.argv[2]);
const print = (value) => console.log(JSON.stringify(value));
const transport = new DefaultChatTransport({ api: `${url}/api/ai-sdk`, headers: { Authorization: `Bearer ${token}` }, body });
const messages = [{ id: "m1", role: "user", parts: [{ type: "text", text: words ?? "" }] }];

try {
  const chunks = resume
    ? await transport.reconnectToStream({ chatId: chat })
    : await transport.sendMessages({ trigger: "submit-message", chatId: chat, messages });
  if (chunks === null) {
    print({ idle: true });
  } else {
    const watched = chunks.pipeThrough(
      new TransformStream({
        transform(chunk, out) {
          print({ chunk });
          out.enqueue(chunk);
        },
      }),
    );
    let last;
    const onError = (error) => print({ error: error.message });
    for await (const message of readUIMessageStream({ stream: watched, onError })) last = message;
    print({ message: last });
    await validateUIMessages({ messages: [...messages, last] });
    print({ valid: true });
  }
} catch (error) {
  print({ thrown: { name: error.constructor.name, message: error.message } });
}
