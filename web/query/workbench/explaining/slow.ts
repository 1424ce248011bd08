// Why a query is slow: how many matches each of its patterns has alone, and what is known to cost.
import { patternsOf, read, selecting, type QueryElement, type Read, type QueryTerm } from "./structure.ts";
import { Spent, type Within } from "./within.ts";

/** What costs time, and where. */
type Hint = { kind: string; element?: QueryElement; elements?: QueryElement[] };
export type Counted = { element: QueryElement; n: number | null };

/**
 * Returns the matches of each pattern alone, as far as the time lasts, and hints.
 * @param text the query
 */
export async function whySlow(
  text: string,
  within: Within,
): Promise<{ patterns: Counted[]; hints: Hint[]; spent: boolean }> {
  const query = read(text);
  if (!query) return { patterns: [], hints: [{ kind: "unread" }], spent: false };
  const patterns: Counted[] = patternsOf(query.elements).map((element) => ({ element, n: null }));
  const hints = hintsOf(query);
  try {
    for (const it of patterns) {
      if (it.element.path && UNBOUND.test(verbOf(it.element))) continue;
      it.n = await within.count(selecting(query, "(COUNT(*) AS ?n)", it.element.text));
    }
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
    return { patterns, hints, spent: true };
  }
  return { patterns, hints, spent: false };
}

const verbOf = ({ terms }: QueryElement) => terms?.[1].text ?? "";

/** A path of any length; counting all of them alone is what must not be tried. */
const UNBOUND = /[*+]/;

/** Returns what in a query is known to cost time. */
export function hintsOf(query: Read) {
  return [...ofGroup(query.elements), ...(query.ordered && !query.limits ? [{ kind: "ordered" }] : [])];
}

function ofGroup(elements: QueryElement[]): Hint[] {
  const hints: Hint[] = [];
  const parts = apart(elements);
  if (parts.length > 1) hints.push({ kind: "product", elements: parts.map(([first]) => first) });
  for (const [at, element] of elements.entries()) {
    if (
      element.kind === "optional" &&
      elements.slice(at + 1).some((later) => later.kind === "triple" && shares(later, element))
    )
      hints.push({ kind: "optional", element });
    if (element.path && UNBOUND.test(verbOf(element)) && !element.terms?.filter((_, at) => at !== 1).some(constant))
      hints.push({ kind: "path", element });
    if (element.terms?.every((term) => !constant(term)) && !element.path) hints.push({ kind: "everything", element });
    if (element.kind === "filter" && /\b(?:REGEX|CONTAINS|STRSTARTS|STRENDS|LCASE|UCASE)\b/i.test(element.shown ?? ""))
      hints.push({ kind: "text", element });
    for (const group of element.groups ?? []) hints.push(...ofGroup(group));
  }
  return hints;
}

/** Returns the required patterns in parts that share no variable; a filter that compares ties parts together. */
function apart(elements: QueryElement[]) {
  let parts: { names: Set<string>; elements: QueryElement[] }[] = [];
  for (const element of elements) {
    const used = new Set([...element.binds, ...element.needs]);
    if (!used.size || element.kind === "minus") continue;
    const touched = parts.filter((part) => [...part.names].some((name) => used.has(name)));
    const ties = element.kind === "filter" || element.kind === "bind";
    const made = {
      names: new Set([...used, ...touched.flatMap(({ names }) => [...names])]),
      elements: [
        ...touched.flatMap((part) => part.elements),
        ...(ties || element.kind === "optional" ? [] : [element]),
      ],
    };
    parts = [...parts.filter((part) => !touched.includes(part)), made];
  }
  return parts.map((part) => part.elements).filter((them) => them.length);
}

const constant = ({ kind }: QueryTerm) => kind === "iri" || kind === "literal";
const shares = (a: QueryElement, b: QueryElement) => [...a.binds].some((name) => b.binds.has(name));
