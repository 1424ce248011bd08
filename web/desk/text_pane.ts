// The pane of the text: words are selected by arrow keys, by the mouse, and by writing how they begin.
import { partsIn } from "../base/elements.ts";
import { TextFinder, TextWords } from "./text_words.ts";
import { count, say } from "./said.ts";
import { WordSelection } from "./selection.ts";
import { Sheet } from "./sheet.ts";

/** Names of what is lit in the text: what is selected, and over it what a proposal, a fact or a reader rests on. */
const LIGHTS = ["selected", "lit", "other"];

/** The text with its selection. */
export class TextPane {
  parts;
  does;
  words;
  finder;
  sheet;
  selection;

  constructor(pane: HTMLElement, text: string, does: { changed: () => void }) {
    this.parts = partsIn(pane, "text");
    this.does = does;
    this.words = new TextWords(text);
    this.finder = new TextFinder(this.words);
    this.sheet = new Sheet(this.parts.sheet, this.words);
    this.selection = new WordSelection(this.words, () => this.#changed());
    this.parts.sheet.addEventListener("keydown", (event) => this.#pressed(event));
    document.addEventListener("selectionchange", () => this.#selectedByMouse());
    this.parts.sheet.addEventListener("pointerdown", (event) => {
      this.isPointed = true;
      if (event.ctrlKey || event.metaKey) this.selection.add();
    });
    addEventListener("pointerup", () => this.#pointed());
    this.parts.size.textContent = say("nothing_selected");
    this.parts.find.addEventListener("input", () => this.#found(this.#from));
    this.parts.find.addEventListener("keydown", (event) => this.#pressedInFind(event));
  }

  isPointed = false;
  #from = 0;

  show(state: DeskState) {
    this.sheet.show(state);
    this.#paint();
  }

  focus() {
    this.parts.sheet.focus({ preventScroll: true });
  }

  /** Lights words without selecting them. */
  light(words: Span[], others: Span[] = []) {
    this.lit = words;
    this.others = others;
    this.#paint();
    if (words[0]) this.sheet.reveal(words[0]);
  }

  lit: Span[] = [];
  others: Span[] = [];

  #changed() {
    this.#paint();
    const { now, size } = this.selection;
    if (now)
      this.sheet.reveal([
        Math.max(now.start, this.words.words[now.to][0]),
        Math.min(now.end, this.words.words[now.to][1]) || now.end,
      ]);
    this.parts.size.textContent = size ? count("words", size) : say("nothing_selected");
    this.parts.adding.textContent = this.selection.isAdding ? say("adding") : "";
    clearTimeout(this.#speaking);
    // What is read aloud follows once the keys rest.
    this.#speaking = setTimeout(() => (this.parts.heard.textContent = this.selection.text.slice(0, 300)), 250);
    this.does.changed();
  }

  #speaking: ReturnType<typeof setTimeout> | undefined;

  /** Lights what is selected. A browser without highlights shows it as its own selection. */
  #paint() {
    const spans = { selected: this.selection.spans, lit: this.lit, other: this.others };
    if (!("highlights" in CSS)) return this.#select(spans.selected);
    for (const [priority, name] of LIGHTS.entries()) {
      const ranges = spans[name as keyof typeof spans].map((it) => this.sheet.range(it));
      if (ranges.length) CSS.highlights.set(`desk-${name}`, Object.assign(new Highlight(...ranges), { priority }));
      else CSS.highlights.delete(`desk-${name}`);
    }
    return undefined;
  }

  #select(spans: Span[]) {
    const selection = getSelection();
    if (this.isPointed || !selection || document.activeElement !== this.parts.sheet) return;
    selection.removeAllRanges();
    for (const it of spans) selection.addRange(this.sheet.range(it));
  }

  #selectedByMouse() {
    if (!this.isPointed) return;
    const selection = getSelection();
    if (!selection || !selection.rangeCount) return;
    this.pointed = selection.getRangeAt(0).cloneRange();
  }

  pointed: Range | undefined;

  /** Takes over what the mouse selected, to whole words. */
  #pointed() {
    if (!this.isPointed) return;
    this.isPointed = false;
    const selection = getSelection();
    const range = selection?.rangeCount ? selection.getRangeAt(0) : this.pointed;
    if (!range) return;
    const start = this.sheet.position(range.startContainer, range.startOffset);
    const end = this.sheet.position(range.endContainer, range.endOffset);
    if (start === null && end === null) return;
    const span = [start ?? end ?? 0, Math.max(end ?? start ?? 0, (start ?? 0) + 1)] as Span;
    selection?.removeAllRanges();
    this.selection.select(this.words.snapped(span));
    this.focus();
  }

  #pressed(event: KeyboardEvent) {
    const { selection } = this;
    const isHeld = event.ctrlKey || event.metaKey;
    const isExtended = event.shiftKey;
    const moves = {
      ArrowRight: () =>
        event.altKey
          ? selection.stretch(1)
          : isHeld
            ? selection.stepSentence(1, isExtended)
            : selection.step(1, isExtended),
      ArrowLeft: () =>
        event.altKey
          ? selection.stretch(-1)
          : isHeld
            ? selection.stepSentence(-1, isExtended)
            : selection.step(-1, isExtended),
      ArrowDown: () => this.#stepLine(1, isExtended),
      ArrowUp: () => this.#stepLine(-1, isExtended),
      Home: () => selection.go(isHeld ? 0 : this.#edge("start"), isExtended),
      End: () => selection.go(isHeld ? this.words.words.length - 1 : this.#edge("end"), isExtended),
      " ": () => selection.add(),
      "+": () => selection.add(),
      Escape: () => selection.clear(),
    } as Record<string, () => void>;
    const move = moves[event.key];
    if (!move || (event.altKey && !/^Arrow(?:Left|Right)$/.test(event.key))) return;
    event.preventDefault();
    move();
  }

  #edge(edge: "start" | "end") {
    const { now } = this.selection;
    const { start, end } = this.words.paragraphs[this.words.paragraphAt(this.words.words[now?.to ?? 0][0])];
    return edge === "start" ? this.words.at(start) : this.words.among([start, end])[1];
  }

  /** Goes to the word above or below. */
  #stepLine(way: 1 | -1, isExtended: boolean) {
    const { now } = this.selection;
    const from = now?.to ?? 0;
    const box = (word: number) => this.sheet.range(this.words.words[word]).getClientRects()[0];
    const here = box(from);
    let best = from;
    let bestGap = Infinity;
    let line = null;
    for (let word = from + way, n = 0; word >= 0 && word < this.words.words.length && n < 80; word += way, n += 1) {
      const there = box(word);
      if (!there || Math.abs(there.top - here.top) < here.height / 2) continue;
      line ??= there.top;
      if (Math.abs(there.top - line) > here.height / 2) break;
      const gap = Math.abs(there.left - here.left);
      if (gap < bestGap) [best, bestGap] = [word, gap];
    }
    this.selection.go(best === from ? from + way : best, isExtended);
  }

  openFind() {
    this.parts.find.value = "";
    this.#from = this.selection.now?.end ?? 0;
    this.parts.find.focus();
  }

  #found(from: number) {
    const found = this.finder.find(this.parts.find.value, from);
    this.parts.find.toggleAttribute("aria-invalid", Boolean(this.parts.find.value.trim()) && !found);
    this.light(found ? [found] : []);
    return found;
  }

  #pressedInFind(event: KeyboardEvent) {
    if (event.key === "Enter") {
      const [found] = this.lit;
      if (found) this.selection.select(found);
    } else if (event.key === "ArrowDown" && this.lit[0]) {
      this.#from = this.lit[0][0] + 1;
      this.#found(this.#from);
    } else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "ArrowDown") return;
    this.parts.find.value = "";
    this.light([]);
    this.focus();
  }
}
