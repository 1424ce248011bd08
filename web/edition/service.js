// What the service answers by an address, answered in the browser: queries by the engine, the rest from prepared files.
import { problem } from "../base/service.js";
import { said } from "../base/words.js";
import { Engine, NoEngine } from "./engine.js";
import { prepared } from "./prepared.js";
import { NoSuchThing, bound } from "./question_values.js";

const META = "rallynov-engine";
const JSON_TYPE = "application/json";
/** Who wants to hear of the engine on its way listens for this event of the document; its detail is a sentence. */
export const PROGRESS = "engine-progress";
const RESULTS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
/** How many things of one name are told. */
const MOST_BEARERS = 5;
const SUGGESTED = 10;
const MOST_FOUND = 100;
const MEGABYTE = 1e6;

const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name="${META}"]`));
const told = /** @type {HTMLElement | null} */ (document.querySelector(`meta[name="${META}-words"]`))?.dataset ?? {};
const [words, saidOf, faults] = [told.words, told.said, told.faults].map((it) => JSON.parse(it ?? "{}"));
const engine = new Engine(meta ? new URL(meta.content, document.baseURI).href : "", (bytes, of) =>
  document.dispatchEvent(
    new CustomEvent(PROGRESS, { detail: said(words.coming, { n: megabytes(bytes), of: megabytes(of) }) }),
  ),
);

/** What answers, by the last part of an address. @type {Record<string, (address: URL, options: RequestInit) => Promise<Response>>} */
const ANSWERS = {
  sparql,
  check,
  question,
  "names.json": (address) => ofThings(address, "names"),
  "points.json": (address) => ofThings(address, "points"),
  "suggest.json": suggest,
  "search.json": search,
};

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
    return problem(501, said(words[error.reason], counted(error.about)));
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
  if (answer.status === 200) return json({ fault: null });
  // It reads the query by the grammar of the editor, which most pages do without.
  const { faultIn } = await import("./faults.js");
  return json({ fault: faultIn(query, answer, { said: saidOf, faults }) });
}

/**
 * Returns a question with the values of a form, or tells which of them names nothing here, or more than one thing.
 * @param {URL} _
 * @param {RequestInit} options
 */
async function question(_, { body, signal }) {
  const given = new URLSearchParams(/** @type {URLSearchParams} */ (body));
  const query = given.get("query") ?? "";
  given.delete("query");
  try {
    const { terms, things } = await engine.told();
    /** @param {string} asked @returns {Promise<Result>} */
    const ask = async (asked) =>
      JSON.parse((await engine.ask({ query: asked, mediaTypes: [RESULTS] }, signal)).text ?? "");
    return new Response(await bound(query, given, { terms, things, ask }));
  } catch (error) {
    if (error instanceof NoEngine) return problem(501, said(words[error.reason], counted(error.about)));
    if (!(error instanceof NoSuchThing)) throw error;
    const { message: it, bearers } = error;
    const told = bearers.length
      ? said(words.several, { it, list: bearers.slice(0, MOST_BEARERS).join(", ") })
      : said(words.nothing, { it });
    return problem(400, told);
  }
}

/**
 * Suggests the first things that the beginning of a name may mean.
 * @param {URL} address
 */
async function suggest(address) {
  const { hits } = await found(address, 2 * SUGGESTED);
  const { names, kinds, at } = await namesFor(address);
  const suggestions = hits.slice(0, SUGGESTED).map(({ iri, kind, reasons }) => {
    const name = placed(names[iri], at);
    const text = reasons.length ? reasons[0].pieces.map((it) => it.text).join("") : name.label;
    return { ...name, found: text, kind, of_kind: kinds[iri] ?? "", short: iri.replace(/^.*\/id\//, ""), iri };
  });
  return json({ suggestions });
}

/**
 * Tells what a search finds: things with the texts that say why, the best first.
 * @param {URL} address
 */
async function search(address) {
  const answer = await found(address, MOST_FOUND);
  const { names, at } = await namesFor(address);
  const others = answer.hits.length ? [] : (await searched()).alike(address.searchParams.get("q") ?? "");
  return json({ ...answer, others, hits: answer.hits.map((hit) => ({ ...hit, ...placed(names[hit.iri], at) })) });
}

/** The index, once its file came. @type {Promise<import("./search.js").SearchIndex> | undefined} */
let index;

/**
 * @param {URL} address
 * @param {number} most
 */
async function found({ searchParams }, most) {
  const how = { language: languageOf(searchParams), kind: searchParams.get("kind") ?? "", most };
  return (await searched()).find(searchParams.get("q") ?? "", how);
}

/** Returns what is searched; another call tries again where its file did not come. */
function searched() {
  index ??= engine
    .description()
    .then((told) => {
      if (!told.search) throw new NoEngine("too_large");
      return told;
    })
    .then((told) => Promise.all([prepared(new URL(told.search, engine.base)), import("./search.js")]))
    .then(([file, { SearchIndex }]) => new SearchIndex(file));
  index.catch(() => (index = undefined));
  return index;
}

/** @param {URL} address */
async function namesFor({ searchParams }) {
  const { names } = await engine.description();
  const at = new URL(names[languageOf(searchParams)][searchParams.get("certainty") ?? "tentative"], engine.base);
  return { ...(await prepared(at)), at };
}

/** @param {URLSearchParams} asked */
const languageOf = (asked) => asked.get("lang") ?? "fr";

/**
 * Tells what is known of some things, as far as it was prepared: what they are called, or where they are.
 * @param {URL} address
 * @param {"names" | "points"} key
 */
async function ofThings(address, key) {
  const { at, [key]: all } = await namesFor(address);
  const found = address.searchParams.getAll("iri").filter((iri) => Object.hasOwn(all, iri));
  return json({ [key]: Object.fromEntries(found.map((iri) => [iri, placed(all[iri], at)])) });
}

/**
 * Returns what is told of a thing, the address of its page whole: files name each other by their places.
 * @param {any} it
 * @param {URL} from
 */
const placed = (it, from) => (it.address ? { ...it, address: new URL(it.address, from).href } : it);

/**
 * @param {URL} address
 * @param {RequestInit["body"]} body
 */
const queryIn = (address, body) =>
  (body instanceof URLSearchParams ? body.get("query") : address.searchParams.get("query")) ?? "";

/**
 * Returns values as they are said: numbers as the page's language writes them.
 * @param {Record<string, unknown>} values
 */
const counted = (values) =>
  Object.fromEntries(
    Object.entries(values).map(([name, it]) => [
      name,
      typeof it === "number" ? it.toLocaleString(document.documentElement.lang) : it,
    ]),
  );

/** @param {number} bytes */
const megabytes = (bytes) =>
  new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    bytes / MEGABYTE,
  );

/** @param {unknown} it */
const json = (it) => new Response(JSON.stringify(it), { headers: { "Content-Type": JSON_TYPE } });
