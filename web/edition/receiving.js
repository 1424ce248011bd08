// A file of the edition on its way: its bytes counted as they come, unpacked, and held against its hash.
import { decompress } from "fzstd";

/** How an address leads to the root of the edition. */
const UP = /^(?:\.\.?\/)+/;
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
/** What a server packs better in than we did, on its way. */
const BETTER = /\b(?:br|zstd)\b/;

/** A file did not come, or is not the one that was published; carries why, and its name as the edition lists it. */
export class NotReceived extends Error {
  /**
   * @param {"missing" | "damaged" | "unreachable"} reason
   * @param {string} address
   */
  constructor(reason, address) {
    super(reason);
    this.reason = reason;
    this.file = address.replace(UP, "");
  }
}

/**
 * Returns the content of a file of the edition; raises NotReceived.
 * @param {EditionFile} file
 * @param {string} base the address that the file's is relative to
 * @param {(bytes: number) => void} progress told of the bytes that came since it was told last
 */
export async function received({ address, sha256 }, base, progress) {
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

/**
 * Returns which of two files to get: the one as it is where the server packs it better on its way, else the packed one.
 * @param {EditionFile & {packed: EditionFile}} file
 * @param {string} base
 */
export async function lighter(file, base) {
  const head = await fetch(new URL(file.address, base), { method: "HEAD" }).catch(() => null);
  return head?.ok && BETTER.test(head.headers.get("Content-Encoding") ?? "") ? file : file.packed;
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {(bytes: number) => void} progress
 */
async function bytesOf(stream, progress) {
  /** @type {BlobPart[]} */
  const parts = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (value));
    progress(value.byteLength);
  }
}

/**
 * Returns content as it was before it was packed: of a file that is sent as it is, the browser has unpacked it already.
 * @param {Blob} content
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function unpacked(content) {
  const bytes = new Uint8Array(await content.arrayBuffer());
  const isPacked = ZSTD.every((byte, place) => bytes[place] === byte);
  return isPacked ? /** @type {Uint8Array<ArrayBuffer>} */ (decompress(bytes)) : bytes;
}

/**
 * Tells whether content has this hash. Browsers hash for pages that came by https or from this machine alone; for
 * others it has to do that it could be unpacked.
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {string} sha256
 */
async function isPublished(content, sha256) {
  if (!globalThis.crypto?.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
