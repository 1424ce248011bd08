// The worker that has the release in Oxigraph: it gets engine and data once, and answers one query after the other.
import init, { Store } from "oxigraph/web.js";

import { answerOf } from "./answering.js";
import { statementsOf } from "./dataset.js";
import { NotReceived, lighter, received } from "./receiving.js";

const QUADS = { format: "application/n-quads", lenient: true, no_transaction: true };
const TRIPLES = { format: "application/n-triples", lenient: true, no_transaction: true };

/** @type {import("oxigraph/web.js").Store} */
let store;
/** A query is read by an empty store as by a full one, and at once. @type {import("oxigraph/web.js").Store} */
let empty;

addEventListener("message", async ({ data }) => {
  /** @type {WorkerOrder} */
  const order = data;
  postMessage("open" in order ? await opened(order.open) : answered(order.ask));
});

/**
 * Has the release in the store; returns what another worker needs to have it again without getting anything.
 * @param {{told: EngineFiles, base: string, kept?: EngineContent}} order
 * @returns {Promise<WorkerReport>}
 */
async function opened({ told, base, kept }) {
  try {
    const content = kept ?? (await got(told, base));
    await init({ module_or_path: content.module });
    store = new Store();
    empty = new Store();
    for (const { quads, triples } of statementsOf(content.data, told.apart)) {
      store.load(quads, QUADS);
      store.load(triples, TRIPLES);
    }
    return { opened: content };
  } catch (error) {
    if (error instanceof NotReceived) return { failed: { reason: error.reason, file: error.file } };
    return { failed: { reason: "unable", detail: error instanceof Error ? error.message : String(error) } };
  }
}

/**
 * @param {EngineFiles} told
 * @param {string} base
 * @returns {Promise<EngineContent>}
 */
async function got({ wasm, data }, base) {
  let [sum, of] = [0, wasm.packed.bytes + data.bytes];
  /** @param {number} bytes */
  const progress = (bytes) => postMessage({ progress: { bytes: (sum += bytes), of } });
  const program = async () => {
    const engine = await lighter(wasm, base);
    of = engine.bytes + data.bytes;
    return WebAssembly.compile(await received({ ...engine, sha256: wasm.sha256 }, base, progress));
  };
  const [module, content] = await Promise.all([
    program(),
    received(data, base, progress).then((it) => new TextDecoder().decode(it)),
  ]);
  return { module, data: content };
}

/**
 * @param {{query: string, mediaTypes: string[], reads?: boolean}} order
 * @returns {WorkerReport}
 */
function answered({ query, mediaTypes, reads }) {
  return { answer: answerOf(reads ? empty : store, query, mediaTypes) };
}
