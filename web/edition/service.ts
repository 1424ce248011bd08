// What the service answers by an address, answered in the browser: queries by the engine, the rest from prepared files.
import { problem } from "../base/service.ts";
import { said } from "../base/words.ts";
import { Engine, NoEngine } from "./engine.ts";
import { prepared } from "./prepared.ts";
import { NoSuchThing, bound } from "./question_values.ts";
import type { Asking } from "./asking.ts";
import type { SearchIndex } from "./search.ts";

const META = "rallynov-engine";
const JSON_TYPE = "application/json";
/** Who wants to hear of the engine on its way listens for this event of the document; its detail is a sentence. */
const PROGRESS = "engine-progress";
const RESULTS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
/** How many things of one name are told. */
const MOST_BEARERS = 5;
const SUGGESTED = 10;
const MOST_QUESTIONS = 4;
const MOST_FOUND = 100;
const MEGABYTE = 1e6;

const meta = document.querySelector(`meta[name="${META}"]`) as HTMLMetaElement | null;
const told = (document.querySelector(`meta[name="${META}-words"]`) as HTMLElement | null)?.dataset ?? {};
const [words, saidOf, faults] = [told.words, told.said, told.faults].map((it) => JSON.parse(it ?? "{}"));
const engine = new Engine(meta ? new URL(meta.content, document.baseURI).href : "", (bytes, of) =>
  document.dispatchEvent(
    new CustomEvent(PROGRESS, { detail: said(words.coming, { n: megabytes(bytes), of: megabytes(of) }) }),
  ),
);

/** What answers, by the last part of an address. */
const ANSWERS: Record<string, (address: URL, options: RequestInit) => Promise<Response>> = {
  sparql,
  check,
  question,
  "names.json": (address) => ofThings(address, "names"),
  "points.json": (address) => ofThings(address, "points"),
  "suggest.json": suggest,
  "search.json": search,
};

/** Returns the answer to a request, as `fetch` would have it from the service. */
export async function answered(address: URL, options: RequestInit = {}) {
  const name = address.pathname.slice(address.pathname.lastIndexOf("/") + 1);
  return Object.hasOwn(ANSWERS, name) ? ANSWERS[name](address, options) : problem(404, "");
}

/** Answers a query as SPARQL's protocol has it. */
async function sparql(address: URL, { body, headers, signal }: RequestInit) {
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

/** Tells what is wrong with a query, nothing as long as there is no engine: who only writes one gets none. */
async function check(address: URL, { body }: RequestInit) {
  const query = queryIn(address, body);
  if (!engine.worker || !query.trim()) return json({ fault: null });
  const answer = await engine.ask({ query, mediaTypes: [RESULTS, TRIPLES], reads: true }, null);
  if (answer.status === 200) return json({ fault: null });
  // It reads the query by the grammar of the editor, which most pages do without.
  const { faultIn } = await import("./faults.ts");
  return json({ fault: faultIn(query, answer, { said: saidOf, faults }) });
}

/** Returns a question with the values of a form, or tells which of them names nothing here, or more than one thing. */
async function question(_: URL, { body, signal }: RequestInit) {
  const given = new URLSearchParams(body as URLSearchParams);
  const query = given.get("query") ?? "";
  given.delete("query");
  try {
    const { terms, things } = await engine.told();
    const ask = async (asked: string): Promise<Result> =>
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

/** Suggests the first things that the beginning of a name may mean, then questions on these. */
async function suggest(address: URL) {
  const { hits } = await found(address, 2 * SUGGESTED);
  const { names, kinds, at } = await namesFor(address);
  const suggestions = hits.slice(0, SUGGESTED).map(({ iri, kind, reasons }) => {
    const name = placed(names[iri], at);
    const text = reasons.length ? reasons[0].pieces.map((it) => it.text).join("") : name.label;
    return { ...name, found: text, kind, of_kind: kinds[iri] ?? "", short: short(iri), iri };
  });
  const questions = address.searchParams.get("questions") ? (await asked(address)).questions : [];
  return json({
    suggestions,
    questions: questions.slice(0, MOST_QUESTIONS).map(({ text, address, parts }) => ({ label: text, address, parts })),
  });
}

/** Tells what a search finds: things with the texts that say why, and questions, the best first. */
async function search(address: URL) {
  const answer = await found(address, MOST_FOUND);
  const { names, kinds, at } = await namesFor(address);
  const isOne = address.searchParams.get("kind");
  const { clear, ...meant } = isOne ? NOTHING_ASKED : await asked(address);
  const { ranked } = await import("./asking.ts");
  const { questions } = meant;
  const results = ranked(answer.hits, { ...meant, questions: clear ? questions.slice(1) : questions });
  const others = results.length || clear ? [] : (await searched()).alike(address.searchParams.get("q") ?? "");
  return json({
    ...answer,
    others,
    understood: clear ? questions[0] : null,
    results: results.map((it) =>
      "iri" in it ? { ...it, ...placed(names[it.iri], at), of_kind: isOne ? "" : kinds[it.iri] } : it,
    ),
  });
}

const short = (iri: string) => iri.replace(/^.*\/id\//, "");

/** Returns the questions that a text may ask, each in words with its address; the first may be clearly meant. */
async function asked(address: URL) {
  const { searchParams } = address;
  const { asking } = await engine.description();
  const at = new URL(asking[languageOf(searchParams)], engine.base);
  const [index, file, { Asking }] = await Promise.all([searched(), prepared(at), import("./asking.ts")]);
  phrases ??= new Asking(file);
  const meant = phrases.meant(searchParams.get("q") ?? "", index);
  const { names } = await namesFor(address);
  const questions = meant.questions.map(({ name, values, mentions }) => {
    const { text: question, address: path, labels, ways } = phrases!.file.questions[name];
    const named: Record<string, string> = {};
    const said: string[] = [];
    const href = new URL(path, at);
    for (const [of, it] of Object.entries({ ...values, ...mentions })) {
      const label = labels[of]?.[it] ?? names[it]?.label ?? "";
      if (label) said.push(label);
      if (it in names) named[of] = label;
      if (of in values) href.searchParams.set(of, short(it));
    }
    const slots = Object.keys(named);
    const chosen = Object.entries(values).filter(([of]) => !(of in named));
    const way = ways.find(
      ([its, own]) =>
        its.length === slots.length &&
        its.every((it) => it in named) &&
        Object.keys(own).length === chosen.length &&
        chosen.every(([of, it]) => own[of] === it),
    );
    const parts = way?.[2].split(/\{(\w+)\}/).map((it, place) => (place % 2 ? [named[it], true] : [it, false])) ?? [];
    const text = [question, said.join(", ")].filter(Boolean).join(" — ");
    return { text, address: href.href, parts: parts.filter(([it]) => it) };
  });
  return { ...meant, questions };
}

const NOTHING_ASKED: Awaited<ReturnType<typeof asked>> = { questions: [], things: [], clear: false, asks: false };

let phrases: Asking | undefined;

/** The index, once its file came. */
let index: Promise<SearchIndex> | undefined;

async function found({ searchParams }: URL, most: number) {
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
    .then((told) => Promise.all([prepared(new URL(told.search, engine.base)), import("./search.ts")]))
    .then(([file, { SearchIndex }]) => new SearchIndex(file));
  index.catch(() => (index = undefined));
  return index;
}

async function namesFor({ searchParams }: URL) {
  const { names } = await engine.description();
  const at = new URL(names[languageOf(searchParams)][searchParams.get("certainty") ?? "tentative"], engine.base);
  return { ...(await prepared(at)), at };
}

const languageOf = (asked: URLSearchParams) => asked.get("lang") ?? "fr";

/** Tells what is known of some things, as far as it was prepared: what they are called, or where they are. */
async function ofThings(address: URL, key: "names" | "points") {
  const { at, [key]: all } = await namesFor(address);
  const found = address.searchParams.getAll("iri").filter((iri) => Object.hasOwn(all, iri));
  return json({ [key]: Object.fromEntries(found.map((iri) => [iri, placed(all[iri], at)])) });
}

/** Returns what is told of a thing, the address of its page whole: files name each other by their places. */
const placed = (it: any, from: URL) => (it.address ? { ...it, address: new URL(it.address, from).href } : it);

const queryIn = (address: URL, body: RequestInit["body"]) =>
  (body instanceof URLSearchParams ? body.get("query") : address.searchParams.get("query")) ?? "";

/** Returns values as they are said: numbers as the page's language writes them. */
const counted = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, it]) => [
      name,
      typeof it === "number" ? it.toLocaleString(document.documentElement.lang) : it,
    ]),
  );

const megabytes = (bytes: number) =>
  new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    bytes / MEGABYTE,
  );

const json = (it: unknown) => new Response(JSON.stringify(it), { headers: { "Content-Type": JSON_TYPE } });
