// Why a query finds nothing: its patterns and filters taken away one by one, each time asked anew.
import { narrower, nearConstants, nearFilter, nearGraph, variants, type Near } from "./near.ts";
import { asking, bodyOf, read, selecting, without, type QueryElement, type Read } from "./structure.ts";
import { Spent, type Within } from "./within.ts";

/** These alone can have no match; others only narrow or add. */
const PATTERNS = new Set(["triple", "graph", "union", "group", "values", "subquery"]);
/** So many matches are counted; then there are that many or more. */
export const COUNTED = 1000;

/** What a finding is about, where it stands in the query. */
type Pointed = Place & { text: string; kind?: string; shown?: string; path?: boolean };
export type Finding = {
  kind: string;
  element?: Pointed;
  also?: QueryElement[];
  before?: QueryElement[];
  near?: Near[];
  branches?: Finding[][];
  count?: number | null;
  alone?: boolean;
  rest?: "" | "none" | "found" | "unfound";
};

const bare = (body: string) => body;

/**
 * Returns what empties the answer to a query, as far as the time lasts.
 * @param text a query that finds nothing
 */
export async function whyEmpty(text: string, within: Within) {
  const findings: Finding[] = [];
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

async function explain(query: Read, within: Within, findings: Finding[]) {
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

/** The patterns have matches: what comes after them takes them away. */
async function afterwards(query: Read, within: Within, findings: Finding[]) {
  const has = async (place: Place) => {
    const answer = await within.unlessRefused(without(query.text, place));
    return answer?.boolean || (answer?.results?.bindings ?? []).length > 0;
  };
  for (const kind of ["having", "limits", "values"] as const) {
    const place = query[kind];
    if (place && (await has(place)))
      findings.push({ kind, element: { ...place, text: query.text.slice(place.from, place.to) } });
  }
  if (!findings.length && (query.form === "CONSTRUCT" || query.form === "DESCRIBE"))
    findings.push({ kind: "template" });
}

async function inGroup(
  query: Read,
  elements: QueryElement[],
  within: Within,
  findings: Finding[],
  wrap: (body: string) => string,
) {
  const holds = (some: QueryElement[]) => within.holds(asking(query, wrap(bodyOf(some))));
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

/** Each has matches alone: one is taken away after another, then they are put together one by one. */
async function inTurn(
  query: Read,
  elements: QueryElement[],
  holds: (some: QueryElement[]) => Promise<boolean | null>,
  within: Within,
  findings: Finding[],
  wrap: (body: string) => string,
) {
  const tries = elements.map((element) => ({ element, left: remaining(elements, [element]) }));
  tries.sort((a, b) => b.left.length - a.left.length);
  let fewest = -1;
  for (const { element, left } of tries) {
    if (left.length < fewest || (PATTERNS.has(element.kind) && !left.some(({ kind }) => PATTERNS.has(kind)))) continue;
    if (!(await holds(left))) continue;
    fewest = left.length;
    const also = elements.filter((it) => it !== element && !left.includes(it));
    const finding: Finding = { kind: "removed", element, also };
    findings.push(finding);
    finding.count = await within.count(counting(query, wrap(bodyOf(left))));
    finding.near = await near(query, element, left, within, wrap);
  }
  if (fewest < 0) await together(query, elements, holds, within, findings, wrap);
}

async function together(
  query: Read,
  elements: QueryElement[],
  holds: (some: QueryElement[]) => Promise<boolean | null>,
  within: Within,
  findings: Finding[],
  wrap: (body: string) => string,
) {
  const ordered = [
    ...elements.filter(({ kind }) => kind !== "filter"),
    ...elements.filter(({ kind }) => kind === "filter"),
  ];
  for (let many = 1; many <= ordered.length; many++) {
    const before = ordered.slice(0, many - 1);
    if ((await holds(remaining(ordered, ordered.slice(many)))) !== false) continue;
    const element = ordered[many - 1];
    const finding: Finding = { kind: "together", element, before };
    findings.push(finding);
    if (before.length) finding.near = await near(query, element, remaining(before, []), within, wrap);
    return;
  }
}

async function tellDead(
  query: Read,
  element: QueryElement,
  alive: QueryElement[],
  within: Within,
  findings: Finding[],
  wrap: (body: string) => string,
) {
  const finding: Finding = { kind: "dead", element };
  findings.push(finding);
  const plain = element.kind === "triple" && !element.path;
  let found: Near[] = plain ? await narrower(query, element, alive, within, wrap) : [];
  if (plain && !found.length && alive.length) found = await narrower(query, element, [], within, wrap);
  if (plain && !found.length) found = await variants(query, element, within, wrap);
  if (!found.length) found = await near(query, element, alive, within, wrap);
  if (!found.length && alive.length) found = await near(query, element, [], within, wrap);
  finding.near = found;
  if (!element.groups || found.length) return;
  const branches: Finding[][] = (finding.branches = []);
  const inner: (body: string) => string =
    element.kind === "graph" ? (body) => wrap(`GRAPH ${element.graph?.text} {\n${body}\n}`) : wrap;
  for (const group of element.groups) {
    const inside: Finding[] = [];
    branches.push(inside);
    await inGroup(query, group, within, inside, inner);
  }
}

async function near(
  query: Read,
  element: QueryElement,
  others: QueryElement[],
  within: Within,
  wrap: (body: string) => string,
) {
  if (element.kind === "triple" && !element.path) {
    const wider = await narrower(query, element, others, within, wrap);
    return wider.length ? wider : nearConstants(query, element, others, within, wrap);
  }
  if (element.kind === "filter") return nearFilter(query, element, others, within, wrap);
  return element.kind === "graph" ? nearGraph(query, element, others, within, wrap) : [];
}

/** Returns the elements without some, and without the filters that need what only those bind. */
function remaining(elements: QueryElement[], removed: QueryElement[]): QueryElement[] {
  const rest = elements.filter((element) => !removed.includes(element));
  const bound = new Set(rest.flatMap(({ binds }) => [...binds]));
  const lost = new Set(removed.flatMap(({ binds }) => [...binds]).filter((name) => !bound.has(name)));
  const dependent = rest.filter(({ needs }) => [...needs].some((name) => lost.has(name)));
  return dependent.length ? remaining(elements, [...removed, ...dependent]) : rest;
}

const counting = (query: Read, body: string) =>
  selecting(query, "(COUNT(*) AS ?n)", `{ SELECT * WHERE {\n${body}\n} LIMIT ${COUNTED} }`);

/** Tells of what in an element nothing can be said. */
export const opaque = ({ kind, path }: Pointed) => (path ? "path" : kind === "subquery" ? "subquery" : "");
