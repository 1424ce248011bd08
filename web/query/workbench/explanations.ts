// What explains an answer: a button for each question, whose part comes when it is pressed.
import { copyOf, made, partsIn } from "../../base/elements.ts";
import { said, words as wordsOf } from "../../base/words.ts";
import { textOf } from "./cells.ts";
import type { Showing } from "./explaining/showing.ts";
import type { Handle } from "./handle.ts";
import type { Names } from "./names.ts";

/** A query that took so many seconds is slow. */
const SLOW = 1;
/** With these, the service gave up a query that costs too much. */
const TOO_MUCH = new Set([422, 504]);

export class Explanations {
  told;
  names;
  spoken;
  editor;
  template;
  words;

  /** @param with what explains needs */
  constructor({ told, names, spoken, editor }: { told: Told; names: Names; spoken: HTMLElement; editor: Handle }) {
    const template = document.getElementById("explanation-parts") as HTMLTemplateElement;
    this.told = told;
    this.names = names;
    this.spoken = spoken;
    this.editor = editor;
    this.template = template;
    this.words = wordsOf(template);
  }

  /** Offers why there is no row, or none that holds, where a server tells. */
  empty(place: HTMLElement, query: string) {
    if (this.told.empty) this.offer(place, "empty", (it, signal) => it.empty(query, signal));
  }

  /** Offers why it took so long, where it did. */
  slow(place: HTMLElement, query: string, { seconds, status }: { seconds?: number; status?: number }) {
    if ((seconds ?? 0) >= SLOW || TOO_MUCH.has(status ?? 0))
      this.offer(place, "slow", (it, signal) => it.slow(query, signal, { seconds, limit: Number(this.told.limit) }));
  }

  /** Offers what a row rests on. */
  origin(place: HTMLElement, query: string, row: Row) {
    this.offer(place, "origin", (it, signal) => it.origin(query, row, signal));
  }

  /** Tells at once what a row rests on. */
  originOf(place: HTMLElement, query: string, row: Row) {
    return this.tell(place, (it, signal) => it.origin(query, row, signal));
  }

  /** Tells at once who says a triple. */
  originOfTriple(place: HTMLElement, row: Row) {
    return this.tell(place, (it, signal) => it.origins(row, signal));
  }

  async tell(
    place: HTMLElement,
    explain: (showing: Showing, signal: AbortSignal) => Promise<string | undefined | void>,
  ) {
    place.textContent = this.words.asking;
    const say = (text: string) => (place.textContent = text);
    try {
      const { Showing } = await import("./explaining/showing.ts");
      const ending = await explain(new Showing(this, place, say), new AbortController().signal);
      if (ending) say(ending);
    } catch {
      say(this.words.failed);
    }
  }

  offer(
    place: HTMLElement,
    name: string,
    explain: (showing: Showing, signal: AbortSignal) => Promise<string | undefined | void>,
  ) {
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
        const { Showing } = await import("./explaining/showing.ts");
        const showing = new Showing(this, parts.findings, say);
        say((await explain(showing, signal)) ?? words.over);
      } catch {
        say(signal.aborted ? words.stopped : words.failed);
      }
      running = undefined;
      parts.ask.textContent = words[name];
    });
    place.append(content);
  }
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
