// The worker that has the release in Oxigraph: it gets engine and data once, and answers one query after the other.
import { decompress } from "fzstd";
import init, { Store } from "oxigraph/web.js";

import { answerOf, statementsOf } from "./answering.ts";

const QUADS = { format: "application/n-quads", lenient: true, no_transaction: true };
const TRIPLES = { format: "application/n-triples", lenient: true, no_transaction: true };

let store: Store;
/** A query is read by an empty store as by a full one, and at once. */
let empty: Store;

addEventListener("message", async ({ data }) => {
  const order: WorkerOrder = data;
  postMessage("open" in order ? await opened(order.open) : answered(order.ask));
});

/** Has the release in the store; returns what another worker needs to have it again without getting anything. */
async function opened({
  told,
  base,
  kept,
}: {
  told: EngineFiles;
  base: string;
  kept?: EngineContent;
}): Promise<WorkerReport> {
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

async function got({ wasm, data }: EngineFiles, base: string): Promise<EngineContent> {
  let [sum, of] = [0, wasm.packed.bytes + data.bytes];
  const progress = (bytes: number) => postMessage({ progress: { bytes: (sum += bytes), of } });
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

function answered({
  query,
  mediaTypes,
  reads,
}: {
  query: string;
  mediaTypes: string[];
  reads?: boolean;
}): WorkerReport {
  return { answer: answerOf(reads ? empty : store, query, mediaTypes) };
}

// A file of the edition on its way: its bytes counted as they come, unpacked, and held against its hash.

/** How an address leads to the root of the edition. */
const UP = /^(?:\.\.?\/)+/;
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
/** What a server packs better in than we did, on its way. */
const BETTER = /\b(?:br|zstd)\b/;

/** A file did not come, or is not the one that was published; carries why, and its name as the edition lists it. */
class NotReceived extends Error {
  reason;
  file;

  constructor(reason: "missing" | "damaged" | "unreachable", address: string) {
    super(reason);
    this.reason = reason;
    this.file = address.replace(UP, "");
  }
}

/**
 * Returns the content of a file of the edition; raises NotReceived.
 * @param base the address that the file's is relative to
 * @param progress told of the bytes that came since it was told last
 */
export async function received({ address, sha256 }: EditionFile, base: string, progress: (bytes: number) => void) {
  const at = new URL(address, base);
  const answer = await fetch(at).catch(() => null);
  if (!answer) throw new NotReceived("unreachable", address);
  if (!answer.ok || !answer.body) throw new NotReceived("missing", address);
  try {
    const content = await unpacked(await bytesOf(answer.body, progress));
    if (await isPublished(content, sha256)) return content;
  } catch {
    // What was cut off cannot be unpacked.
  }
  throw new NotReceived("damaged", address);
}

/** Returns which of two files to get: the one as it is where the server packs it better on its way, else the packed one. */
async function lighter(file: EditionFile & { packed: EditionFile }, base: string) {
  const head = await fetch(new URL(file.address, base), { method: "HEAD" }).catch(() => null);
  return head?.ok && BETTER.test(head.headers.get("Content-Encoding") ?? "") ? file : file.packed;
}

async function bytesOf(stream: ReadableStream<Uint8Array>, progress: (bytes: number) => void) {
  const parts: BlobPart[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    parts.push(value as Uint8Array<ArrayBuffer>);
    progress(value.byteLength);
  }
}

/** Returns content as it was before it was packed: of a file that is sent as it is, the browser has unpacked it already. */
async function unpacked(content: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await content.arrayBuffer());
  const isPacked = ZSTD.every((byte, place) => bytes[place] === byte);
  return isPacked ? (decompress(bytes) as Uint8Array<ArrayBuffer>) : bytes;
}

/**
 * Tells whether content has this hash. Browsers hash for pages that came by https or from this machine alone; for
 * others it has to do that it could be unpacked.
 */
async function isPublished(content: Uint8Array<ArrayBuffer>, sha256: string) {
  if (!globalThis.crypto?.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
