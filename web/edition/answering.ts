// A query answered by the engine, in the first of the formats asked for that fits it, or refused as the service refuses.
import type { Store } from "oxigraph/web.js";

/** What the engine says of a format that the answer to this query is not written in. */
const NO_FORMAT = /^Not supported (?:RDF format|SPARQL query results format)/;
const NO_SERVICE = /^The service .* is not supported/s;
const UPDATE = /^(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)$/i;
/** What may stand before the verb of a query: comments, and what declares prefixes and a base. */
const BEFORE_VERB = /(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>)*/iy;
/** A query that is nested deeper could end the reader's tab: between 500 and 1,000 groups did, in Chromium. */
const DEEPEST = 250;
const PLACE = /^error at (\d+):(\d+)/;

/** Returns the answer to a query, or why there is none. */
export function answerOf(store: Store, query: string, mediaTypes: string[]): EngineAnswer {
  if (depth(query) > DEEPEST) return { status: 422, detail: `The query is nested more than ${DEEPEST} deep.` };
  const started = performance.now();
  let detail = "";
  for (const type of mediaTypes) {
    try {
      const text = store.query(query, { results_format: type }) as string;
      return { status: 200, type, text, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return { status: 422, detail: error.message, broken: true };
      detail = error instanceof Error ? error.message : String(error);
      if (!NO_FORMAT.test(detail)) return refused(query, detail);
    }
  }
  return { status: 406, detail };
}

/** @param detail what the engine says */
function refused(query: string, detail: string): EngineAnswer {
  if (isUpdate(query) || NO_SERVICE.test(detail)) return { status: 403, detail };
  const place = detail.match(PLACE);
  return {
    status: 400,
    detail,
    line: place ? Number(place[1]) : undefined,
    column: place ? Number(place[2]) : undefined,
  };
}

/** Returns how many braces, parentheses and brackets are open at once at most, those in texts too. */
function depth(query: string) {
  let [open, most] = [0, 0];
  for (const [sign] of query.matchAll(/[{}()[\]]/g)) {
    open += "{([".includes(sign) ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}

function isUpdate(query: string) {
  BEFORE_VERB.lastIndex = 0;
  BEFORE_VERB.test(query);
  return UPDATE.test(query.slice(BEFORE_VERB.lastIndex).match(/^\w+/)?.[0] ?? "");
}

// What a release holds, as the engine loads it: its named graphs, and its default graph.

/** How many characters of a release are turned into statements at a time: the engine takes them as they come. */
const AT_ONCE = 1 << 20;

/**
 * Yields a release as N-Quads and the triples of its default graph as N-Triples, some at a time. The default graph has
 * those of all graphs but those whose name begins with `apart`, where what is not current lies. A triple that two graphs
 * hold comes twice, and is one in the store.
 *
 * A line of the text names the graph of the statements below it, after an at sign; or it is a statement, without the
 * subject, or subject and property, that it shares with the one before, a tab for each.
 */
export function* statementsOf(text: string, apart: string): Generator<{ quads: string; triples: string }> {
  const skipped = `<${apart}`;
  let [graph, subject, property] = ["", "", ""];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", Math.min(from + AT_ONCE, text.length - 1));
    const to = end < 0 ? text.length : end;
    let [quads, triples] = ["", ""];
    for (const line of text.slice(from, to).split("\n")) {
      if (line[0] === "@") {
        graph = line.slice(1);
        continue;
      }
      let rest = line;
      for (let shared = 0; shared < 2; shared++) {
        if (rest[0] === "\t") rest = rest.slice(1);
        else {
          const space = rest.indexOf(" ");
          if (shared === 0) subject = rest.slice(0, space);
          else property = rest.slice(0, space);
          rest = rest.slice(space + 1);
        }
      }
      if (!rest) continue;
      quads += `${subject} ${property} ${rest} ${graph} .\n`;
      if (!graph.startsWith(skipped)) triples += `${subject} ${property} ${rest} .\n`;
    }
    yield { quads, triples };
    from = to + 1;
  }
}
