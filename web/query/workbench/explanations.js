// What explains an answer: a button for each question, whose part comes when it is pressed.
import { words as wordsOf } from "../../base/words.js";

/** A query that took so many seconds is slow. */
const SLOW = 1;
/** With these, the service gave up a query that costs too much. */
const TOO_MUCH = new Set([422, 504]);

export class Explanations {
  /**
   * @param {{told: DOMStringMap, names: object, spoken: HTMLElement, editor: object}} with what explains needs
   */
  constructor({ told, names, spoken, editor }) {
    const template = document.getElementById("explanation-parts");
    Object.assign(this, { told, names, spoken, editor, template, words: wordsOf(template) });
  }

  /** Offers why there is no row, or none that holds. */
  empty(place, query) {
    this.offer(place, "empty", (it, signal) => it.empty(query, signal));
  }

  /** Offers why it took so long, where it did. */
  slow(place, query, { seconds, status }) {
    if (seconds >= SLOW || TOO_MUCH.has(status))
      this.offer(place, "slow", (it, signal) => it.slow(query, signal, { seconds, limit: Number(this.told.limit) }));
  }

  /** Offers what a row rests on. */
  origin(place, query, row) {
    this.offer(place, "origin", (it, signal) => it.origin(query, row, signal));
  }

  offer(place, name, explain) {
    const content = this.template.content.cloneNode(true);
    const parts = Object.fromEntries(
      [...content.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]),
    );
    const { words } = this;
    parts.ask.textContent = words[name];
    let running;
    const say = (text) => {
      parts.told.hidden = false;
      parts.told.textContent = this.spoken.textContent = text;
    };
    parts.ask.addEventListener("click", async () => {
      if (running) return running.abort();
      running = new AbortController();
      parts.ask.textContent = words.stop;
      say(words.asking);
      parts.findings.replaceChildren();
      try {
        const { Showing } = await import("./explaining/showing.js");
        const showing = new Showing(this, parts.findings, say);
        say((await explain(showing, running.signal)) ?? words.over);
      } catch {
        say(running.signal.aborted ? words.stopped : words.failed);
      }
      running = undefined;
      parts.ask.textContent = words[name];
    });
    place.append(content);
  }
}
