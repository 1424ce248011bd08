// A query answered by the engine, in the first of the formats asked for that fits it, or refused as the service refuses.

/** What the engine says of a format that the answer to this query is not written in. */
const NO_FORMAT = /^Not supported (?:RDF format|SPARQL query results format)/;
const NO_SERVICE = /^The service .* is not supported/s;
const UPDATE = /^(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)$/i;
/** What may stand before the verb of a query: comments, and what declares prefixes and a base. */
const BEFORE_VERB = /(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>)*/iy;
/** A query that is nested deeper could end the reader's tab: between 500 and 1,000 groups did, in Chromium. */
const DEEPEST = 250;
const PLACE = /^error at (\d+):(\d+)/;

/**
 * Returns the answer to a query, or why there is none.
 * @param {import("oxigraph/web.js").Store} store
 * @param {string} query
 * @param {string[]} mediaTypes
 * @returns {EngineAnswer}
 */
export function answerOf(store, query, mediaTypes) {
  if (depth(query) > DEEPEST) return { status: 422, detail: `The query is nested more than ${DEEPEST} deep.` };
  const started = performance.now();
  let detail = "";
  for (const type of mediaTypes) {
    try {
      const text = /** @type {string} */ (store.query(query, { results_format: type }));
      return { status: 200, type, text, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return { status: 422, detail: error.message, broken: true };
      detail = error instanceof Error ? error.message : String(error);
      if (!NO_FORMAT.test(detail)) return refused(query, detail);
    }
  }
  return { status: 406, detail };
}

/**
 * @param {string} query
 * @param {string} detail what the engine says
 * @returns {EngineAnswer}
 */
function refused(query, detail) {
  if (isUpdate(query) || NO_SERVICE.test(detail)) return { status: 403, detail };
  const place = detail.match(PLACE);
  return {
    status: 400,
    detail,
    line: place ? Number(place[1]) : undefined,
    column: place ? Number(place[2]) : undefined,
  };
}

/**
 * Returns how many braces, parentheses and brackets are open at once at most, those in texts too.
 * @param {string} query
 */
function depth(query) {
  let [open, most] = [0, 0];
  for (const [sign] of query.matchAll(/[{}()[\]]/g)) {
    open += "{([".includes(sign) ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}

/** @param {string} query */
function isUpdate(query) {
  BEFORE_VERB.lastIndex = 0;
  BEFORE_VERB.test(query);
  return UPDATE.test(query.slice(BEFORE_VERB.lastIndex).match(/^\w+/)?.[0] ?? "");
}
