// Where the scripts of a page get their answers: from the service, or in an edition, which has none, from this browser.

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
 * Returns the answer to a request, as `fetch` does.
 * @param {string | URL} address
 * @param {RequestInit=} options
 */
export async function request(address, options) {
  if (!isHere(address)) return fetch(address, options);
  const { answered } = await import("../edition/service.js");
  return answered(new URL(address), options);
}
