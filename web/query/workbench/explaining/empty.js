// Why a query finds nothing: its patterns and filters taken away one by one, each time asked anew.
import { nearConstants, nearFilter, nearGraph, variants } from "./near.js";
import { asking, bodyOf, read, selecting, without } from "./structure.js";
import { Spent } from "./within.js";

/** These alone can have no match; others only narrow or add. */
const PATTERNS = new Set(["triple", "graph", "union", "group", "values", "subquery"]);
/** So many matches are counted; then there are that many or more. */
export const COUNTED = 1000;

const bare = (body) => body;

/**
 * Returns what empties the answer to a query, as far as the time lasts.
 * @param {string} text a query that finds nothing
 * @param {import("./within.js").Within} within
 */
export async function whyEmpty(text, within) {
  const findings = [];
  const query = read(text);
  if (!query) return { findings: [{ kind: "unread" }], spent: false };
  try {
    await explain(query, within, findings);
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
    return { findings, spent: true };
  }
  if (!findings.length) findings.push({ kind: "unknown" });
  return { findings, spent: false };
}

async function explain(query, within, findings) {
  const body = bodyOf(query.elements);
  if (await within.holds(asking(query, body))) return afterwards(query, within, findings);
  if (query.dataset && (await within.holds(asking({ ...query, dataset: "" }, body))))
    return findings.push({
      kind: "dataset",
      element: { text: query.dataset, from: query.datasetClauses[0].from, to: query.datasetClauses.at(-1).to },
    });
  await inGroup(query, query.elements, within, findings, bare);
}

/** The patterns have matches: what comes after them takes them away. */
async function afterwards(query, within, findings) {
  const has = async (place) => {
    const answer = place && (await within.unlessRefused(without(query.text, place)));
    return answer?.boolean || answer?.results?.bindings.length > 0;
  };
  for (const kind of ["having", "limits", "values"])
    if (query[kind] && (await has(query[kind])))
      findings.push({ kind, element: { ...query[kind], text: query.text.slice(query[kind].from, query[kind].to) } });
  if (!findings.length && (query.form === "CONSTRUCT" || query.form === "DESCRIBE"))
    findings.push({ kind: "template" });
}

async function inGroup(query, elements, within, findings, wrap) {
  const holds = (some) => within.holds(asking(query, wrap(bodyOf(some))));
  const dead = [];
  for (const element of elements.filter(({ kind }) => PATTERNS.has(kind)))
    if ((await holds([element])) === false) dead.push(element);
  const alive = remaining(elements, dead);
  const restored = dead.length ? await holds(alive) : null;
  const first = findings.length;
  const rest = alive.some(({ kind }) => PATTERNS.has(kind));
  for (const element of dead) await tellDead(query, element, restored ? alive : [], within, findings, wrap);
  if (dead.length && elements.length === 1) findings[first].alone = true;
  else if (restored !== null)
    findings[first].rest = restored && !rest ? (dead.length > 1 ? "none" : "") : restored ? "found" : "unfound";
  if (restored) return;
  const left = dead.length ? alive : elements;
  if (!dead.length || left.length > 1) await inTurn(query, left, holds, within, findings, wrap);
}

/** Each has matches alone: one is taken away after another, then they are put together one by one. */
async function inTurn(query, elements, holds, within, findings, wrap) {
  const tries = elements.map((element) => ({ element, left: remaining(elements, [element]) }));
  tries.sort((a, b) => b.left.length - a.left.length);
  let fewest = -1;
  for (const { element, left } of tries) {
    if (left.length < fewest || (PATTERNS.has(element.kind) && !left.some(({ kind }) => PATTERNS.has(kind)))) continue;
    if (!(await holds(left))) continue;
    fewest = left.length;
    const also = elements.filter((it) => it !== element && !left.includes(it));
    const finding = { kind: "removed", element, also };
    findings.push(finding);
    finding.count = await within.count(counting(query, wrap(bodyOf(left))));
    finding.near = await near(query, element, left, within, wrap);
  }
  if (fewest < 0) await together(query, elements, holds, within, findings, wrap);
}

async function together(query, elements, holds, within, findings, wrap) {
  const ordered = [
    ...elements.filter(({ kind }) => kind !== "filter"),
    ...elements.filter(({ kind }) => kind === "filter"),
  ];
  for (let many = 1; many <= ordered.length; many++) {
    const before = ordered.slice(0, many - 1);
    if ((await holds(remaining(ordered, ordered.slice(many)))) !== false) continue;
    const element = ordered[many - 1];
    const finding = { kind: "together", element, before };
    findings.push(finding);
    if (before.length) finding.near = await near(query, element, remaining(before, []), within, wrap);
    return;
  }
}

async function tellDead(query, element, alive, within, findings, wrap) {
  const finding = { kind: "dead", element };
  findings.push(finding);
  const plain = element.kind === "triple" && !element.path;
  finding.near = plain ? await variants(query, element, within, wrap) : [];
  if (!finding.near.length) finding.near = await near(query, element, alive, within, wrap);
  if (!finding.near.length && alive.length) finding.near = await near(query, element, [], within, wrap);
  if (!element.groups || finding.near.length) return;
  finding.branches = [];
  const inner = element.kind === "graph" ? (body) => wrap(`GRAPH ${element.graph.text} {\n${body}\n}`) : wrap;
  for (const group of element.groups) {
    const inside = [];
    finding.branches.push(inside);
    await inGroup(query, group, within, inside, inner);
  }
}

async function near(query, element, others, within, wrap) {
  if (element.kind === "triple" && !element.path) return nearConstants(query, element, others, within, wrap);
  if (element.kind === "filter") return nearFilter(query, element, others, within, wrap);
  return element.kind === "graph" ? nearGraph(query, element, others, within, wrap) : [];
}

/** Returns the elements without some, and without the filters that need what only those bind. */
function remaining(elements, removed) {
  const rest = elements.filter((element) => !removed.includes(element));
  const bound = new Set(rest.flatMap(({ binds }) => [...binds]));
  const lost = new Set(removed.flatMap(({ binds }) => [...binds]).filter((name) => !bound.has(name)));
  const dependent = rest.filter(({ needs }) => [...needs].some((name) => lost.has(name)));
  return dependent.length ? remaining(elements, [...removed, ...dependent]) : rest;
}

const counting = (query, body) =>
  selecting(query, "(COUNT(*) AS ?n)", `{ SELECT * WHERE {\n${body}\n} LIMIT ${COUNTED} }`);

/** Tells of what in an element nothing can be said. */
export const opaque = ({ kind, path }) => (path ? "path" : kind === "subquery" ? "subquery" : "");
