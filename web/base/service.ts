// Where the scripts of a page get their answers: from the service, or in an edition, which has none, from this browser.
import { said, words } from "./words.ts";

/** How the address of what is answered in the browser begins: templates write it where the page is of an edition. */
const HERE = "edition:";

/** Tells whether an address is of what is answered in the browser. */
export const isHere = (address: string | URL) => String(address).startsWith(HERE);

/** Returns the address of the query of a question, by that of its page: in an edition, pages are files. */
export function queryFile(page: string) {
  const address = new URL(page, window.location.href);
  address.pathname = `${address.pathname.replace(/\.html$/, "")}.rq`;
  return address;
}

/** Returns the answer to a request, as `fetch` does. Where the web space of an edition is out of reach, the answer says so. */
export async function request(address: string | URL, options?: RequestInit) {
  if (!isHere(address)) return fetch(address, options);
  try {
    const { answered } = await import("../edition/service.ts");
    return answered(new URL(address), options);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const told = document.querySelector("meta[name=rallynov-engine-words]") as HTMLElement | null;
    return problem(501, said(words(told ?? undefined).unreachable ?? "", { file: "service.js" }));
  }
}

/**
 * Returns an answer that says why there is none.
 * @param detail a sentence
 */
export const problem = (status: number, detail: string) =>
  new Response(JSON.stringify({ status, detail }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
