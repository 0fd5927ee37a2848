// Asks through OpenAI's own client, in chunks or at once. Prints what came, then how it ended.
import OpenAI from "openai";

const { url, token, model, messages, stream } = JSON.parse(process.argv[2]);
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
const print = (value) => console.log(JSON.stringify(value));

try {
  if (stream) {
    const chunks = await client.chat.completions.create({ model, messages, stream, stream_options: { include_usage: true } });
    for await (const chunk of chunks) print({ chunk });
  } else {
    print({ completion: await client.chat.completions.create({ model, messages }) });
  }
  print({ models: (await client.models.list()).data });
} catch (error) {
  print({ error: { name: error.constructor.name, status: error.status ?? null, code: error.code, message: error.message } });
}
