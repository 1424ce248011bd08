// What explains an answer: a button for each question, whose answer the server shows when it is pressed.
import { copyOf, made, partsIn } from "../../base/elements.ts";
import { number, said, words as wordsOf } from "../../base/words.ts";
import { textOf } from "./cells.ts";
import type { Names } from "./names.ts";

/** A query that took so many seconds is slow. */
const SLOW = 1;
/** With these, the service gave up a query that costs too much. */
const TOO_MUCH = new Set([422, 504]);
/** What a triple is a row of. */
export const TRIPLES = "SELECT * { ?subject ?predicate ?object }";

export class Explanations {
  told;
  spoken;
  template;
  words;

  /** @param with what explains needs */
  constructor({ told, spoken }: { told: Told; spoken: HTMLElement }) {
    const template = document.getElementById("explanation-parts") as HTMLTemplateElement;
    this.told = told;
    this.spoken = spoken;
    this.template = template;
    this.words = wordsOf(template);
  }

  /** Offers why there is no row, or none that holds. */
  empty(place: HTMLElement, query: string) {
    this.offer(place, "empty", { query });
  }

  /** Offers why it took so long, where it did. */
  slow(place: HTMLElement, query: string, { seconds, status }: { seconds?: number; status?: number }) {
    if ((seconds ?? 0) < SLOW && !TOO_MUCH.has(status ?? 0)) return;
    const { words } = this;
    const limit = Number(this.told.limit);
    const times = [
      seconds !== undefined && said(words.time, { s: number(seconds, 3) }),
      limit && said(words.limit, { s: number(limit, 3) }),
    ].filter(Boolean);
    this.offer(place, "slow", { query }, times.join(" "));
  }

  /** Offers what a row rests on. */
  origin(place: HTMLElement, query: string, row: Row) {
    this.offer(place, "origin", rowOf(query, row));
  }

  /** Tells at once what a row rests on. */
  async originOf(place: HTMLElement, query: string, row: Row) {
    place.textContent = this.words.asking;
    try {
      place.replaceChildren(...(await shown(this.told.origin ?? "", rowOf(query, row))));
    } catch {
      place.textContent = this.words.failed;
    }
  }

  /** Offers an explanation, where a server gives it; `first` is said before it. */
  offer(place: HTMLElement, name: "empty" | "slow" | "origin", fields: Record<string, string>, first = "") {
    const address = this.told[name];
    if (!address) return;
    const content = copyOf(this.template.id);
    const parts = partsIn(content, "part");
    const { words } = this;
    parts.ask.textContent = words[name];
    let running: AbortController | undefined;
    const say = (text: string) => {
      parts.told.hidden = false;
      parts.told.textContent = this.spoken.textContent = text;
    };
    parts.ask.addEventListener("click", async () => {
      if (running) {
        running.abort();
        return;
      }
      const { signal } = (running = new AbortController());
      parts.ask.textContent = words.stop;
      say(words.asking);
      parts.findings.replaceChildren();
      try {
        parts.findings.replaceChildren(...(first ? [made("p", first)] : []), ...(await shown(address, fields, signal)));
        say(words.over);
      } catch {
        say(signal.aborted ? words.stopped : words.failed);
      }
      running = undefined;
      parts.ask.textContent = words[name];
    });
    place.append(content);
  }
}

const rowOf = (query: string, row: Row) => ({
  query,
  row: JSON.stringify({ head: { vars: Object.keys(row) }, results: { bindings: [row] } }),
});

/** Returns what the server shows of a query. */
async function shown(address: string, fields: Record<string, string>, signal?: AbortSignal) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), signal });
  if (!answer.ok) throw new Error(answer.statusText);
  return [...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes];
}

// Where the rows of an answer come from: some at a time, once they are asked for.

const AT_ONCE = 5;

export class Origins {
  /** How many rows are told. */
  told = 0;

  parts;
  of;

  constructor(
    parts: Parts,
    of: {
      rows: Row[];
      columns: string[];
      words: Words;
      names: Names;
      origin: (place: HTMLElement, row: Row) => Promise<void>;
    },
  ) {
    this.parts = parts;
    this.of = of;
    parts.originMore.addEventListener("click", () => this.more());
  }

  /** Tells of the first rows, once. */
  async open() {
    if (!this.told) await this.more();
  }

  /** Tells of some rows more; one after another, as each is several queries. */
  async more() {
    const { parts, of } = this;
    const rows = of.rows.slice(this.told, this.told + AT_ONCE);
    parts.originMore.hidden = true;
    await of.names.want(
      rows.flatMap((row) => Object.values(row).flatMap((it) => (it?.type === "uri" ? [it.value] : []))),
    );
    for (const row of rows) {
      this.told += 1;
      const place = made("div");
      const title = `${said(of.words.row_n, { n: this.told })} — ${this.called(row)}`;
      const item = made("li", made("h3", title), place);
      parts.origins.append(item);
      await of.origin(place, row);
      if (!item.isConnected) return;
    }
    parts.originMore.hidden = this.told >= of.rows.length;
  }

  called(row: Row) {
    const terms = this.of.columns.map((name) => row[name]).filter((it) => it !== undefined);
    return terms
      .slice(0, 2)
      .map((term) => (term.type === "uri" && this.of.names.of(term.value)?.label) || textOf(term))
      .join(", ");
  }
}
