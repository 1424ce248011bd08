// The text on its sheet: paragraphs with what has been read, and ranges of it. A paragraph is made anew only where its marks change.
import { made } from "./made.js";
import { stretches } from "./marks.js";
import { firstWhere } from "./text_words.js";

/** The text of the document as the page has it. */
export class Sheet {
  /** @type {string[]} How each paragraph was marked last. */
  #before = [];

  /**
   * @param {HTMLElement} element
   * @param {import("./text_words.js").TextWords} words
   */
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.paragraphs = words.paragraphs.map(({ isSet, isTitle, goesOn }) => {
      const names = [isSet && "is-set", isTitle && "is-title", goesOn && "goes-on"].filter(Boolean);
      return made("p", { class: names.join(" ") || null, dir: "auto" });
    });
    /** @type {Map<Node, number>} */
    this.place = new Map(this.paragraphs.map((it, at) => [it, at]));
    element.append(...this.paragraphs);
  }

  /**
   * Shows what the state says of the text.
   * @param {DeskState} state
   */
  show(state) {
    const every = stretches(state);
    const { paragraphs } = this.words;
    let from = 0;
    paragraphs.forEach(({ start, end }, at) => {
      while (from < every.length && every[from].end <= start) from += 1;
      const here = [];
      for (let n = from; n < every.length && every[n].start < end; n += 1) here.push(every[n]);
      const key = here.map((it) => `${it.start} ${it.end} ${it.how} ${it.kind} ${it.waits}`).join();
      if (this.#before[at] === key) return;
      this.#before[at] = key;
      this.paragraphs[at].replaceChildren(...this.#runs(start, end, here));
    });
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {import("./marks.js").Stretch[]} marks
   */
  #runs(start, end, marks) {
    const { text } = this.words;
    /** @type {(Node | string)[]} */
    const runs = [];
    let at = start;
    for (const it of marks) {
      const from = Math.max(it.start, start);
      const to = Math.min(it.end, end);
      if (from > at) runs.push(text.slice(at, from));
      const names = [it.how && `is-${it.how}`, it.kind && `of-${it.kind}`, it.waits && "waits"].filter(Boolean);
      runs.push(made("span", { class: names.join(" "), "data-at": from }, text.slice(from, to)));
      at = to;
    }
    if (at < end) runs.push(text.slice(at, end));
    return runs;
  }

  /**
   * Returns what the browser calls a span of the text.
   * @param {Span} span
   */
  range([start, end]) {
    const range = document.createRange();
    range.setStart(...this.#point(start, true));
    range.setEnd(...this.#point(end, false));
    return range;
  }

  /**
   * @param {number} position
   * @param {boolean} isStart
   * @returns {[Node, number]}
   */
  #point(position, isStart) {
    const { paragraphs } = this.words;
    const last = paragraphs.length - 1;
    const found = isStart
      ? firstWhere(paragraphs.length, (n) => paragraphs[n].end > position)
      : firstWhere(paragraphs.length, (n) => paragraphs[n].end >= position);
    const at = Math.min(found, last);
    const { start, end } = paragraphs[at];
    let left = Math.max(0, Math.min(position, end) - start);
    const texts = document.createTreeWalker(this.paragraphs[at], NodeFilter.SHOW_TEXT);
    let text = texts.nextNode();
    for (let next = text; next; next = texts.nextNode()) {
      text = next;
      const { length } = /** @type {Text} */ (next);
      if (isStart ? left < length : left <= length) return [next, left];
      left -= length;
    }
    return text ? [text, /** @type {Text} */ (text).length] : [this.paragraphs[at], 0];
  }

  /**
   * Returns the position of a point of the page, null where it is not in the text.
   * @param {Node | null} node
   * @param {number} offset
   */
  position(node, offset) {
    if (!node || !this.element.contains(node)) return null;
    const inside = node instanceof Element ? node : node.parentElement;
    const paragraph = inside?.closest("p");
    const place = paragraph ? this.place.get(paragraph) : undefined;
    if (!paragraph || place === undefined) return null;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    return this.words.paragraphs[place].start + before.toString().length;
  }

  /**
   * Brings a span into view, with some of what stands around it.
   * @param {Span} span
   */
  reveal(span) {
    const { element } = this;
    const there = this.range(span).getBoundingClientRect();
    const view = element.getBoundingClientRect();
    const room = Math.min(90, view.height / 5);
    if (there.top < view.top + room) element.scrollTop += there.top - view.top - room;
    else if (there.bottom > view.bottom - room)
      element.scrollTop += Math.min(there.bottom - view.bottom + room, there.top - view.top - room);
  }
}
