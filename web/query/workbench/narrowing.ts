// A query that gives those rows of another's answer that have chosen values: the other is nested whole.
import { tokensOf, type Token } from "./syntax.ts";
import { written } from "./cells.ts";

const BEFORE = new Set(["PREFIX", "BASE", "VERSION"]);
const AGGREGATES = new Set(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"]);

/**
 * Returns the narrower query, undefined where it cannot be written: a blank node has no name, and
 * only a SELECT can be nested.
 * @param columns what it selects, in the order of its answer
 * @param chosen the values of each column, of which one is enough
 */
export function narrowed(query: string, columns: string[], chosen: Map<string, (Term | undefined)[]>) {
  const parts = partsOf(query);
  const filters = [...chosen].map(([column, terms]) => filterOf(column, terms));
  if (!parts || !filters.every(Boolean)) return undefined;
  const order = orderOf(parts, columns);
  const from = parts.from.map((clause) => `${clause}\n`).join("");
  return `${parts.before}SELECT ${columns.map((column) => `?${column}`).join(" ")}
${from}WHERE {
  {
${indented(parts.select)}
  }
${filters.map((filter) => `  FILTER (${filter})\n`).join("")}}
${order && `${order}\n`}`;
}

/** Returns what stands before SELECT, the clauses FROM, and the rest with its tokens; nothing where it is no SELECT. */
function partsOf(query: string) {
  const said = tokensOf(query).filter(({ kind }) => kind !== "comment");
  const at = said.findIndex((token) => token.kind === "word" && !BEFORE.has(upper(token)));
  if (at < 0 || upper(said[at]) !== "SELECT") return undefined;
  const rest = said.slice(at);
  const cuts = fromClauses(rest);
  const start = rest[0].from;
  let select = "";
  let done = start;
  for (const { from, to } of cuts) {
    select += query.slice(done, from);
    done = to;
  }
  return {
    before: query.slice(0, start),
    select: select + query.slice(done),
    from: cuts.map(({ from, to }) => query.slice(from, to)),
    rest,
    query,
  };
}

/** Returns where the clauses FROM and FROM NAMED stand: not nested, before the pattern. */
function fromClauses(rest: Token[]) {
  const found = [];
  let depth = 0;
  for (const [at, token] of rest.entries()) {
    depth += depthOf(token);
    if (depth) {
      if (token.text === "{" && depth === 1) break;
      continue;
    }
    if (upper(token) === "FROM")
      found.push({ from: token.from, to: rest[at + (upper(rest[at + 1]) === "NAMED" ? 2 : 1)].to });
  }
  return found;
}

const depthOf = ({ kind, text }: Token) =>
  kind !== "sign" ? 0 : "({[".includes(text) ? 1 : ")}]".includes(text) ? -1 : 0;
const upper = (token: Token | undefined) => (token?.kind === "word" ? token.text.toUpperCase() : "");

/** Returns ORDER BY once more for the whole, where what it names is selected: a nested order need not hold. */
function orderOf({ rest, query }: { rest: Token[]; query: string }, columns: string[]) {
  let depth = 0;
  let first = -1;
  let last = rest.length;
  for (const [at, token] of rest.entries()) {
    depth += depthOf(token);
    if (depth) continue;
    const word = upper(token);
    if (word === "ORDER") first = at;
    else if (first >= 0 && ["LIMIT", "OFFSET", "VALUES"].includes(word)) {
      last = at;
      break;
    }
  }
  if (first < 0) return "";
  const clause = rest.slice(first, last);
  const known = clause.every((token) => token.kind !== "variable" || columns.includes(token.text.slice(1)));
  if (!known || clause.some((token) => AGGREGATES.has(upper(token)) || upper(token) === "EXISTS")) return "";
  return query.slice(clause[0].from, clause[clause.length - 1].to);
}

/** Nothing is moved within texts of several lines. */
const indented = (select: string) => {
  const lines = select.trimEnd();
  return /"""|'''/.test(lines) ? lines : lines.replace(/^(?=.)/gm, "    ");
};

function filterOf(column: string, terms: (Term | undefined)[]) {
  const tests = terms.map((term) => testOf(`?${column}`, term));
  return tests.every(Boolean) ? tests.join(" || ") : undefined;
}

function testOf(variable: string, term: Term | undefined) {
  if (!term) return `!BOUND(${variable})`;
  if (term.type === "bnode" || term.type === "triple") return undefined;
  return `sameTerm(${variable}, ${written(term)})`;
}
