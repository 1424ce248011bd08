// Where the scripts of a page get their answers: from the service, or in an edition, which has none, from this browser.
import { said, words } from "./words.js";

/** How the address of what is answered in the browser begins: templates write it where the page is of an edition. */
const HERE = "edition:";

/**
 * Tells whether an address is of what is answered in the browser.
 * @param {string | URL} address
 */
export const isHere = (address) => String(address).startsWith(HERE);

/**
 * Returns the address of the query of a question, by that of its page: in an edition, pages are files.
 * @param {string} page
 */
export function queryFile(page) {
  const address = new URL(page, window.location.href);
  address.pathname = `${address.pathname.replace(/\.html$/, "")}.rq`;
  return address;
}

/**
 * Returns the answer to a request, as `fetch` does. Where the web space of an edition is out of reach, the answer says so.
 * @param {string | URL} address
 * @param {RequestInit=} options
 */
export async function request(address, options) {
  if (!isHere(address)) return fetch(address, options);
  try {
    const { answered } = await import("../edition/service.js");
    return answered(new URL(address), options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const told = /** @type {HTMLElement | null} */ (document.querySelector("meta[name=rallynov-engine-words]"));
    return problem(501, said(words(told ?? undefined).unreachable ?? "", { file: "service.js" }));
  }
}

/**
 * Returns an answer that says why there is none.
 * @param {number} status
 * @param {string} detail a sentence
 */
export const problem = (status, detail) =>
  new Response(JSON.stringify({ status, detail }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
