// Answers queries as the worker does: reads {data, apart, mediaTypes, queries} from standard input, writes the answers by name.
import { readFileSync } from "node:fs";

const WEB = new URL("../../web/", import.meta.url);
const { default: init, Store } = await import(new URL("node_modules/oxigraph/web.js", WEB).href);
const { answerOf, statementsOf } = await import(new URL("edition/answering.ts", WEB).href);

const asked = JSON.parse(readFileSync(0, "utf8"));
await init({ module_or_path: readFileSync(new URL("node_modules/oxigraph/web_bg.wasm", WEB)) });
const store = new Store();
for (const { quads, triples } of statementsOf(readFileSync(asked.data, "utf8"), asked.apart)) {
  store.load(quads, { format: "application/n-quads", lenient: true });
  store.load(triples, { format: "application/n-triples", lenient: true });
}
const answers = Object.entries(asked.queries).map(([name, query]) => [name, answerOf(store, query, asked.mediaTypes)]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
