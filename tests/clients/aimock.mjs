// An imitated provider of models: serves the fixtures of a file until its standard input ends, and prints its address.
import { LLMock } from "@copilotkit/aimock";

const mock = new LLMock({ port: 0, chunkSize: 5, logLevel: "silent" });
mock.loadFixtureFile(JSON.parse(process.argv[2]).fixtures);
await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on("end", () => mock.stop().then(() => process.exit(0)));
