// What is wrong with a query that the engine refused, as the service tells it (`site/query/mending.py`).
import { prefixesOf } from "../query/workbench/syntax.ts";
import { said } from "../base/words.ts";

const EXPECTED = /^error at \d+:\d+: expected (?:one of )?(.*)$/s;
const SENTENCE = /(?:^|, )([A-Za-z]+(?: (?:[A-Za-z]+|\*)){2,})(?=,|$)/g;
/** What the engine says, by the kind of mistake. */
const KINDS: [string, RegExp][] = [
  ["ungrouped", /The SELECT contains a variable that is unbound/],
  ["twice", /Duplicated variable name in SELECT/],
  ["overrides", /The SELECT overrides an existing variable/],
  ["star", /SELECT \* is not authorized with GROUP BY/],
];
const EXCERPT = 40;

/** Returns what is wrong with a query, told in words for readers. */
export function faultIn(
  query: string,
  { status, detail = "", line, column }: EngineAnswer,
  words: { said: Words; faults: Words },
): Fault {
  const reason = words.said[status] ?? words.said[500];
  if (status !== 400) return { sentence: reason, words: status in words.said && status !== 500 ? "" : detail };
  const [kind, about, told] = mistake(query, detail, line, column);
  const sentence = kind ? `${reason} ${said(words.faults[kind], { it: about })}` : reason;
  return { kind, sentence, words: kind ? "" : told, ...(placeOf(query, kind, about) ?? { line, column }) };
}

/** Returns the kind of a mistake, what it is about, and the words of the engine without a list of all it would have read. */
function mistake(query: string, detail: string, line?: number, column?: number): [string, string, string] {
  const expected = detail.match(EXPECTED)?.[1] ?? detail;
  const sentences = [...expected.matchAll(SENTENCE)].map((it) => it[1]).filter((it) => it !== "Prefix not found");
  const called = detail.match(/The custom function <(.*)> is not supported/)?.[1];
  if (called) return ["function", called, detail];
  const kind = KINDS.find(([, pattern]) => pattern.test(expected))?.[0];
  if (kind) return [kind, "", sentences.join("; ")];
  const [missing] = prefixesOf(query).missing;
  if (missing !== undefined)
    return /^(?:https?|urn|mailto)$/.test(missing)
      ? ["iri", "", "IRI parsing failed"]
      : ["prefix", `${missing}:`, `the prefix ${missing}: is not declared`];
  if (sentences.length) return [/IRI parsing failed/.test(expected) ? "iri" : "", "", sentences.join("; ")];
  const rest = line && column ? after(query, line, column) : "";
  if (!rest) return ["end", "", "unexpected end of the query"];
  const excerpt = rest.length > EXCERPT ? `${rest.slice(0, EXCERPT)}…` : rest;
  return ["unexpected", excerpt, `unexpected “${excerpt}”`];
}

/**
 * Returns what stands in the line of a query from a place on.
 * @param column counted in characters
 */
const after = (query: string, line: number, column: number) =>
  [...(query.split("\n")[line - 1] ?? "")]
    .slice(column - 1)
    .join("")
    .trim();

/** Returns where a prefix that is not declared is first used. */
function placeOf(query: string, kind: string, prefix: string) {
  if (kind !== "prefix") return null;
  const before = query.slice(
    0,
    query.search(new RegExp(`(?<![\\w-])${prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`)),
  );
  const lines = before.split("\n");
  return { line: lines.length, column: [...lines[lines.length - 1]].length + 1 };
}
