// The text on its sheet: paragraphs with what has been read, and ranges of it. A paragraph is made anew only where its marks change.
import { made } from "../base/elements.ts";
import { type TextWords, firstWhere, printedMarks } from "./text_words.ts";

/** The text of the document as the page has it. */
export class Sheet {
  /** How each paragraph was marked last. */
  #before: string[] = [];
  #printed: { start: number; end: number; name: string }[];

  element;
  words;
  paragraphs;
  place: Map<Node, number>;

  constructor(element: HTMLElement, words: TextWords) {
    this.element = element;
    this.words = words;
    this.#printed = printedMarks(words.text);
    this.paragraphs = words.paragraphs.map(({ isSet, isTitle, goesOn }) => {
      const names = [isSet && "is-set", isTitle && "is-title", goesOn && "goes-on"].filter(Boolean);
      return made("p", { class: names.join(" ") || null, dir: "auto" });
    });
    this.place = new Map(this.paragraphs.map((it, at) => [it, at]));
    element.append(...this.paragraphs);
  }

  /** Shows what the state says of the text. */
  show(state: DeskState) {
    const every = stretches(state);
    const { paragraphs } = this.words;
    let from = 0;
    paragraphs.forEach(({ start, end }, at) => {
      while (from < every.length && every[from].end <= start) from += 1;
      const here = [];
      for (let n = from; n < every.length && every[n].start < end; n += 1) here.push(every[n]);
      const key = here.map((it) => `${it.start} ${it.end} ${it.isRead} ${it.kind} ${it.waits}`).join();
      if (this.#before[at] === key) return;
      this.#before[at] = key;
      this.paragraphs[at].replaceChildren(...this.#runs(start, end, here));
    });
  }

  #runs(start: number, end: number, marks: Stretch[]) {
    const runs: (Node | string)[] = [];
    let at = start;
    for (const it of marks) {
      const from = Math.max(it.start, start);
      const to = Math.min(it.end, end);
      if (from > at) runs.push(...this.#plain(at, from));
      const names = [it.isRead && "is-read", it.kind && `of-${it.kind}`, it.waits && "waits"].filter(Boolean);
      runs.push(made("span", { class: names.join(" "), "data-at": from }, this.#plain(from, to)));
      at = to;
    }
    if (at < end) runs.push(...this.#plain(at, end));
    return runs;
  }

  /** Returns a stretch of the text, its printed marks shown by how it looks: each sign keeps its position. */
  #plain(start: number, end: number): (Node | string)[] {
    const { text } = this.words;
    const inside = this.#printed.filter((it) => it.start < end && start < it.end);
    if (!inside.length) return [text.slice(start, end)];
    const edges = [start, end, ...inside.flatMap((it) => [it.start, it.end])].filter((it) => it >= start && it <= end);
    const cuts = [...new Set(edges)].sort((one, other) => one - other);
    return cuts.slice(1).map((to, n) => {
      const from = cuts[n];
      const names = inside.filter((it) => it.start <= from && to <= it.end).map((it) => it.name);
      const piece = text.slice(from, to);
      return names.length ? made("span", { class: names.join(" ") }, piece) : piece;
    });
  }

  /** Returns what the browser calls a span of the text. */
  range([start, end]: Span) {
    const range = document.createRange();
    range.setStart(...this.#point(start, true));
    range.setEnd(...this.#point(end, false));
    return range;
  }

  #point(position: number, isStart: boolean): [Node, number] {
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
      const { length } = next as Text;
      if (isStart ? left < length : left <= length) return [next, left];
      left -= length;
    }
    return text ? [text, (text as Text).length] : [this.paragraphs[at], 0];
  }

  /** Returns the position of a point of the page, null where it is not in the text. */
  position(node: Node | null, offset: number) {
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

  /** Brings a span into view, with some of what stands around it. */
  reveal(span: Span) {
    const { element } = this;
    const there = this.range(span).getBoundingClientRect();
    const view = element.getBoundingClientRect();
    const room = Math.min(90, view.height / 5);
    if (there.top < view.top + room) element.scrollTop += there.top - view.top - room;
    else if (there.bottom > view.bottom - room)
      element.scrollTop += Math.min(there.bottom - view.bottom + room, there.top - view.top - room);
  }
}

// What each stretch of the text is marked with: whether it has been read, what it names, what is proposed of it.

/** A stretch of the text that is marked throughout in one way. */
export type Stretch = { start: number; end: number; isRead: boolean; kind: string; waits: boolean };

/** Returns the stretches of a text that are marked, in its order. */
export function stretches(state: DeskState): Stretch[] {
  const changes: { at: number; by: 1 | -1; mark: string }[] = [];
  const add: (start: number, end: number, mark: string) => void = (start, end, mark) =>
    changes.push({ at: start, by: 1, mark }, { at: end, by: -1, mark });
  for (const [start, end] of state.read) add(start, end, "read");
  for (const { kind, places } of state.things) for (const [start, end] of places) add(start, end, `kind ${kind}`);
  for (const it of state.proposals) if (it.status === "waiting") add(it.start, it.end, "waits");
  changes.sort((one, other) => one.at - other.at);

  const found = [];
  const on = new Map<string, number>();
  let from = 0;
  for (const { at, by, mark } of changes) {
    if (at > from) {
      const stretch = marked(from, at, on);
      if (stretch) found.push(stretch);
      from = at;
    }
    on.set(mark, (on.get(mark) ?? 0) + by);
    if (!on.get(mark)) on.delete(mark);
  }
  return found;
}

function marked(start: number, end: number, on: Map<string, number>): Stretch | null {
  if (!on.size) return null;
  const kinds = [...on.keys()].filter((it) => it.startsWith("kind "));
  return { start, end, isRead: on.has("read"), kind: kinds[0]?.slice(5) ?? "", waits: on.has("waits") };
}
