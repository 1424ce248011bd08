// What the service answers by an address, answered in the browser: queries by the engine, the rest from prepared files.
import { said, words as wordsOf } from "../base/words.js";
import { Engine, NoEngine } from "./engine.js";
import { faultIn } from "./faults.js";

const META = "rallynov-engine";
const PROBLEM = "application/problem+json";
const JSON_TYPE = "application/json";
/** Who wants to hear of the engine on its way listens for this event of the document; its detail is a sentence. */
export const PROGRESS = "engine-progress";
const RESULTS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
const MEGABYTE = 1e6;

const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${META}"]`));
const words = meta ? wordsOf(meta) : {};
const engine = new Engine(meta ? new URL(meta.content, document.baseURI).href : "", (bytes, of) =>
  document.dispatchEvent(
    new CustomEvent(PROGRESS, { detail: said(words.coming, { n: megabytes(bytes), of: megabytes(of) }) }),
  ),
);

/** What answers, by the last part of an address. @type {Record<string, (address: URL, options: RequestInit) => Promise<Response>>} */
const ANSWERS = { sparql, check };

/**
 * Returns the answer to a request, as `fetch` would have it from the service.
 * @param {URL} address
 * @param {RequestInit=} options
 */
export async function answered(address, options = {}) {
  const name = address.pathname.slice(address.pathname.lastIndexOf("/") + 1);
  return Object.hasOwn(ANSWERS, name) ? ANSWERS[name](address, options) : problem(404, "");
}

/**
 * Answers a query as SPARQL's protocol has it.
 * @param {URL} address
 * @param {RequestInit} options
 */
async function sparql(address, { body, headers, signal }) {
  const accept = new Headers(headers).get("Accept") ?? "";
  const mediaTypes = accept.split(",").map((it) => it.replace(/;.*/, "").trim());
  try {
    const answer = await engine.ask({ query: queryIn(address, body), mediaTypes }, signal);
    const { status, type = "", text = "", seconds = 0, detail = "" } = answer;
    if (status !== 200) return problem(status, detail);
    return new Response(text, { headers: { "Content-Type": type, "Server-Timing": `query;dur=${seconds * 1000}` } });
  } catch (error) {
    if (!(error instanceof NoEngine)) throw error;
    return problem(501, said(words[error.reason], error.about));
  }
}

/**
 * Tells what is wrong with a query, nothing as long as there is no engine: who only writes one gets none.
 * @param {URL} address
 * @param {RequestInit} options
 */
async function check(address, { body }) {
  const query = queryIn(address, body);
  if (!engine.worker || !query.trim()) return json({ fault: null });
  const answer = await engine.ask({ query, mediaTypes: [RESULTS, TRIPLES], reads: true }, null);
  return json({ fault: answer.status === 200 ? null : faultIn(query, answer, words) });
}

/**
 * @param {URL} address
 * @param {RequestInit["body"]} body
 */
const queryIn = (address, body) =>
  (body instanceof URLSearchParams ? body.get("query") : address.searchParams.get("query")) ?? "";

/** @param {number} bytes */
const megabytes = (bytes) =>
  new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    bytes / MEGABYTE,
  );

/**
 * @param {number} status
 * @param {string} detail
 */
const problem = (status, detail) =>
  new Response(JSON.stringify({ status, detail }), { status, headers: { "Content-Type": PROBLEM } });

/** @param {unknown} it */
const json = (it) => new Response(JSON.stringify(it), { headers: { "Content-Type": JSON_TYPE } });
