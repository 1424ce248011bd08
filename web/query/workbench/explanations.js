// What explains an answer: a button for each question, whose part comes when it is pressed.
import { copyOf, partsIn } from "../../base/parts.js";
import { words as wordsOf } from "../../base/words.js";

/** A query that took so many seconds is slow. */
const SLOW = 1;
/** With these, the service gave up a query that costs too much. */
const TOO_MUCH = new Set([422, 504]);

export class Explanations {
  /**
   * @param {{told: Told, names: import("./names.js").Names, spoken: HTMLElement, editor: import("./handle.js").Handle}} with what explains needs
   */
  constructor({ told, names, spoken, editor }) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("explanation-parts"));
    this.told = told;
    this.names = names;
    this.spoken = spoken;
    this.editor = editor;
    this.template = template;
    this.words = wordsOf(template);
  }

  /**
   * Offers why there is no row, or none that holds.
   * @param {HTMLElement} place
   * @param {string} query
   */
  empty(place, query) {
    this.offer(place, "empty", (it, signal) => it.empty(query, signal));
  }

  /**
   * Offers why it took so long, where it did.
   * @param {HTMLElement} place
   * @param {string} query
   * @param {{seconds?: number, status?: number}} how
   */
  slow(place, query, { seconds, status }) {
    if ((seconds ?? 0) >= SLOW || TOO_MUCH.has(status ?? 0))
      this.offer(place, "slow", (it, signal) => it.slow(query, signal, { seconds, limit: Number(this.told.limit) }));
  }

  /**
   * Offers what a row rests on.
   * @param {HTMLElement} place
   * @param {string} query
   * @param {Row} row
   */
  origin(place, query, row) {
    this.offer(place, "origin", (it, signal) => it.origin(query, row, signal));
  }

  /**
   * Tells at once what a row rests on.
   * @param {HTMLElement} place
   * @param {string} query
   * @param {Row} row
   */
  originOf(place, query, row) {
    return this.tell(place, (it, signal) => it.origin(query, row, signal));
  }

  /**
   * Tells at once who says a triple.
   * @param {HTMLElement} place
   * @param {Row} row
   */
  originOfTriple(place, row) {
    return this.tell(place, (it, signal) => it.origins(row, signal));
  }

  /**
   * @param {HTMLElement} place
   * @param {(showing: import("./explaining/showing.js").Showing, signal: AbortSignal) => Promise<string | undefined | void>} explain
   */
  async tell(place, explain) {
    place.textContent = this.words.asking;
    /** @param {string} text */
    const say = (text) => (place.textContent = text);
    try {
      const { Showing } = await import("./explaining/showing.js");
      const ending = await explain(new Showing(this, place, say), new AbortController().signal);
      if (ending) say(ending);
    } catch {
      say(this.words.failed);
    }
  }

  /**
   * @param {HTMLElement} place
   * @param {string} name
   * @param {(showing: import("./explaining/showing.js").Showing, signal: AbortSignal) => Promise<string | undefined | void>} explain
   */
  offer(place, name, explain) {
    const content = copyOf(this.template.id);
    const parts = partsIn(content, "part");
    const { words } = this;
    parts.ask.textContent = words[name];
    /** @type {AbortController | undefined} */
    let running;
    /** @param {string} text */
    const say = (text) => {
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
        const { Showing } = await import("./explaining/showing.js");
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
