// Why a query finds nothing: its patterns and filters taken away one by one, each time asked anew.
import { narrower, nearConstants, nearFilter, nearGraph, variants } from "./near.js";
import { asking, bodyOf, read, selecting, without } from "./structure.js";
import { Spent } from "./within.js";

/** These alone can have no match; others only narrow or add. */
const PATTERNS = new Set(["triple", "graph", "union", "group", "values", "subquery"]);
/** So many matches are counted; then there are that many or more. */
export const COUNTED = 1000;

/** @param {string} body */
/**
 * @typedef {import("./structure.js").QueryElement} QueryElement
 * @typedef {import("./structure.js").Read} Read
 * @typedef {import("./within.js").Within} Within
 * @typedef {import("./near.js").Near} Near
 * @typedef {Place & {text: string, kind?: string, shown?: string, path?: boolean}} Pointed what a finding is about, where it stands in the query
 * @typedef {{kind: string, element?: Pointed, also?: QueryElement[], before?: QueryElement[], near?: Near[], branches?: Finding[][], count?: number | null, alone?: boolean, rest?: "" | "none" | "found" | "unfound"}} Finding
 */

/** @type {(body: string) => string} */
const bare = (body) => body;

/**
 * Returns what empties the answer to a query, as far as the time lasts.
 * @param {string} text a query that finds nothing
 * @param {Within} within
 */
export async function whyEmpty(text, within) {
  /** @type {Finding[]} */
  const findings = [];
  const query = read(text);
  if (!query) {
    findings.push({ kind: "unread" });
    return { findings, spent: false };
  }
  try {
    await explain(query, within, findings);
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
    return { findings, spent: true };
  }
  if (!findings.length) findings.push({ kind: "unknown" });
  return { findings, spent: false };
}

/**
 * @param {Read} query
 * @param {Within} within
 * @param {Finding[]} findings
 */
async function explain(query, within, findings) {
  const body = bodyOf(query.elements);
  if (await within.holds(asking(query, body))) {
    await afterwards(query, within, findings);
    return;
  }
  if (query.dataset && (await within.holds(asking({ ...query, dataset: "" }, body)))) {
    const { dataset, datasetClauses: all } = query;
    findings.push({ kind: "dataset", element: { text: dataset, from: all[0].from, to: all[all.length - 1].to } });
    return;
  }
  await inGroup(query, query.elements, within, findings, bare);
}

/**
 * The patterns have matches: what comes after them takes them away.
 * @param {Read} query
 * @param {Within} within
 * @param {Finding[]} findings
 */
async function afterwards(query, within, findings) {
  /** @param {Place} place */
  const has = async (place) => {
    const answer = await within.unlessRefused(without(query.text, place));
    return answer?.boolean || (answer?.results?.bindings ?? []).length > 0;
  };
  for (const kind of /** @type {const} */ (["having", "limits", "values"])) {
    const place = query[kind];
    if (place && (await has(place)))
      findings.push({ kind, element: { ...place, text: query.text.slice(place.from, place.to) } });
  }
  if (!findings.length && (query.form === "CONSTRUCT" || query.form === "DESCRIBE"))
    findings.push({ kind: "template" });
}

/**
 * @param {Read} query
 * @param {QueryElement[]} elements
 * @param {Within} within
 * @param {Finding[]} findings
 * @param {(body: string) => string} wrap
 */
async function inGroup(query, elements, within, findings, wrap) {
  /** @param {QueryElement[]} some */
  const holds = (some) => within.holds(asking(query, wrap(bodyOf(some))));
  const dead = [];
  for (const element of elements.filter(({ kind }) => PATTERNS.has(kind)))
    if ((await holds([element])) === false) dead.push(element);
  const alive = remaining(elements, dead);
  const restored = dead.length ? await holds(alive) : null;
  const first = findings.length;
  const rest = alive.some(({ kind }) => PATTERNS.has(kind));
  for (const element of dead) await tellDead(query, element, restored ? alive : [], within, findings, wrap);
  // What is dead was told just now.
  const told = findings[first];
  if (dead.length && elements.length === 1) told.alone = true;
  else if (restored !== null)
    told.rest = restored && !rest ? (dead.length > 1 ? "none" : "") : restored ? "found" : "unfound";
  if (restored) return;
  const left = dead.length ? alive : elements;
  if (!dead.length || left.length > 1) await inTurn(query, left, holds, within, findings, wrap);
}

/**
 * Each has matches alone: one is taken away after another, then they are put together one by one.
 * @param {Read} query
 * @param {QueryElement[]} elements
 * @param {(some: QueryElement[]) => Promise<boolean | null>} holds
 * @param {Within} within
 * @param {Finding[]} findings
 * @param {(body: string) => string} wrap
 */
async function inTurn(query, elements, holds, within, findings, wrap) {
  const tries = elements.map((element) => ({ element, left: remaining(elements, [element]) }));
  tries.sort((a, b) => b.left.length - a.left.length);
  let fewest = -1;
  for (const { element, left } of tries) {
    if (left.length < fewest || (PATTERNS.has(element.kind) && !left.some(({ kind }) => PATTERNS.has(kind)))) continue;
    if (!(await holds(left))) continue;
    fewest = left.length;
    const also = elements.filter((it) => it !== element && !left.includes(it));
    /** @type {Finding} */
    const finding = { kind: "removed", element, also };
    findings.push(finding);
    finding.count = await within.count(counting(query, wrap(bodyOf(left))));
    finding.near = await near(query, element, left, within, wrap);
  }
  if (fewest < 0) await together(query, elements, holds, within, findings, wrap);
}

/**
 * @param {Read} query
 * @param {QueryElement[]} elements
 * @param {(some: QueryElement[]) => Promise<boolean | null>} holds
 * @param {Within} within
 * @param {Finding[]} findings
 * @param {(body: string) => string} wrap
 */
async function together(query, elements, holds, within, findings, wrap) {
  const ordered = [
    ...elements.filter(({ kind }) => kind !== "filter"),
    ...elements.filter(({ kind }) => kind === "filter"),
  ];
  for (let many = 1; many <= ordered.length; many++) {
    const before = ordered.slice(0, many - 1);
    if ((await holds(remaining(ordered, ordered.slice(many)))) !== false) continue;
    const element = ordered[many - 1];
    /** @type {Finding} */
    const finding = { kind: "together", element, before };
    findings.push(finding);
    if (before.length) finding.near = await near(query, element, remaining(before, []), within, wrap);
    return;
  }
}

/**
 * @param {Read} query
 * @param {QueryElement} element
 * @param {QueryElement[]} alive
 * @param {Within} within
 * @param {Finding[]} findings
 * @param {(body: string) => string} wrap
 */
async function tellDead(query, element, alive, within, findings, wrap) {
  /** @type {Finding} */
  const finding = { kind: "dead", element };
  findings.push(finding);
  const plain = element.kind === "triple" && !element.path;
  /** @type {Near[]} */
  let found = plain ? await narrower(query, element, alive, within, wrap) : [];
  if (plain && !found.length && alive.length) found = await narrower(query, element, [], within, wrap);
  if (plain && !found.length) found = await variants(query, element, within, wrap);
  if (!found.length) found = await near(query, element, alive, within, wrap);
  if (!found.length && alive.length) found = await near(query, element, [], within, wrap);
  finding.near = found;
  if (!element.groups || found.length) return;
  /** @type {Finding[][]} */
  const branches = (finding.branches = []);
  /** @type {(body: string) => string} */
  const inner = element.kind === "graph" ? (body) => wrap(`GRAPH ${element.graph?.text} {\n${body}\n}`) : wrap;
  for (const group of element.groups) {
    /** @type {Finding[]} */
    const inside = [];
    branches.push(inside);
    await inGroup(query, group, within, inside, inner);
  }
}

/**
 * @param {Read} query
 * @param {QueryElement} element
 * @param {QueryElement[]} others
 * @param {Within} within
 * @param {(body: string) => string} wrap
 */
async function near(query, element, others, within, wrap) {
  if (element.kind === "triple" && !element.path) {
    const wider = await narrower(query, element, others, within, wrap);
    return wider.length ? wider : nearConstants(query, element, others, within, wrap);
  }
  if (element.kind === "filter") return nearFilter(query, element, others, within, wrap);
  return element.kind === "graph" ? nearGraph(query, element, others, within, wrap) : [];
}

/**
 * Returns the elements without some, and without the filters that need what only those bind.
 * @param {QueryElement[]} elements
 * @param {QueryElement[]} removed
 * @returns {QueryElement[]}
 */
function remaining(elements, removed) {
  const rest = elements.filter((element) => !removed.includes(element));
  const bound = new Set(rest.flatMap(({ binds }) => [...binds]));
  const lost = new Set(removed.flatMap(({ binds }) => [...binds]).filter((name) => !bound.has(name)));
  const dependent = rest.filter(({ needs }) => [...needs].some((name) => lost.has(name)));
  return dependent.length ? remaining(elements, [...removed, ...dependent]) : rest;
}

/**
 * @param {Read} query
 * @param {string} body
 */
const counting = (query, body) =>
  selecting(query, "(COUNT(*) AS ?n)", `{ SELECT * WHERE {\n${body}\n} LIMIT ${COUNTED} }`);

/**
 * Tells of what in an element nothing can be said.
 * @param {Pointed} it
 */
export const opaque = ({ kind, path }) => (path ? "path" : kind === "subquery" ? "subquery" : "");
