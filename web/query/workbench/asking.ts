// A query on its way: asked of the service, stopped, and what comes of it.
import { request } from "../../base/service.ts";

const TRIPLES = "application/n-triples";
const FORMATS = `application/sparql-results+json, ${TRIPLES}`;

/** With these, it is the query that is wrong. */
const OF_THE_QUERY = new Set([400, 403, 413]);

/** A query that was refused or failed; told in words for readers. */
export class Unanswered extends Error {
  status;
  fault;

  constructor(status: number, fault: Fault | null, words = "") {
    super(words);
    this.status = status;
    this.fault = fault;
  }
}

/**
 * Returns the answer to a query: its text and media type, whether it is a graph, what it took.
 * @param told addresses
 * @param signal when it is aborted, the service stops the query
 */
export async function answerTo(
  query: string,
  { endpoint, check }: { endpoint: string; check: string },
  signal: AbortSignal,
) {
  const answer = await request(endpoint, {
    method: "POST",
    body: new URLSearchParams({ query }),
    headers: { Accept: FORMATS },
    signal,
  });
  const text = await answer.text();
  if (!answer.ok) {
    const fault = OF_THE_QUERY.has(answer.status) ? await faultOf(check, query, signal).catch(() => null) : null;
    throw new Unanswered(answer.status, fault, detail(text));
  }
  const type = (answer.headers.get("Content-Type") ?? "").replace(/;.*/, "");
  return { query, text, type, graph: type === TRIPLES, ...timing(answer.headers.get("Server-Timing") ?? "") };
}

/** Returns a whole answer in a format, as a file. */
export async function fileOf(query: string, endpoint: string, mediaType: string) {
  const answer = await request(endpoint, {
    method: "POST",
    body: new URLSearchParams({ query }),
    headers: { Accept: mediaType },
  });
  if (!answer.ok) throw new Unanswered(answer.status, null);
  return answer.blob();
}

/** Returns what is wrong with a query, null where nothing is. */
export async function faultOf(address: string, query: string, signal?: AbortSignal): Promise<Fault | null> {
  const answer = await request(address, { method: "POST", body: new URLSearchParams({ query }), signal });
  return answer.ok ? (await answer.json()).fault : null;
}

/** Returns how many seconds the query took. */
export function timing(header: string) {
  const took = header.match(/\bquery;dur=([\d.]+)/);
  return { seconds: took ? Number(took[1]) / 1000 : undefined };
}

function detail(text: string) {
  try {
    return JSON.parse(text).detail ?? "";
  } catch {
    return "";
  }
}
