// The address that holds a query: to be read where it is short, else compressed after the #.
import { withView } from "./view.js";

const LONGEST_READABLE = 1500;
/** What an address may unfold to, in bytes: as long as a query may be. */
const LONGEST_QUERY = 1 << 20;
const MARK = "#q=";

/**
 * Returns the address of this page with a query, and the release that it was asked of.
 * @param {string} query
 * @param {string | undefined} release
 */
export async function permalink(query, release) {
  const address = new URL(withView(window.location.href));
  address.hash = "";
  address.searchParams.delete("query");
  if (release) address.searchParams.set("release", release);
  const readable = new URL(address);
  readable.searchParams.set("query", query);
  if (readable.search.length <= LONGEST_READABLE || !("CompressionStream" in window)) return readable.href;
  return `${address.href}${MARK}${await packed(query)}`;
}

/**
 * Returns an address of this page with the query of another of its addresses.
 * @param {string} address
 * @param {string} other
 */
export function withQuery(address, other) {
  const [made, holding] = [new URL(address), new URL(other)];
  for (const name of ["query", "release"]) {
    const value = holding.searchParams.get(name);
    if (value === null) made.searchParams.delete(name);
    else made.searchParams.set(name, value);
  }
  made.hash = holding.hash;
  return made.href;
}

/**
 * Returns the query that this page's address holds, undefined where it holds none; throws where it is damaged.
 * @param {string} address
 */
export async function queryOf(address) {
  const { hash, searchParams } = new URL(address);
  if (hash.startsWith(MARK)) return unpacked(hash.slice(MARK.length));
  return searchParams.get("query") ?? undefined;
}

/** @param {string} text */
async function packed(text) {
  const bytes = new Uint8Array(
    await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer(),
  );
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} letters */
async function unpacked(letters) {
  const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
    letter.charCodeAt(0),
  );
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > LONGEST_QUERY) throw new Error("too long");
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
