// Explanations as they are read: what empties an answer, what a row rests on, what takes time.
import { fill, made, tableOf } from "../../../base/elements.ts";
import { number, said } from "../../../base/words.ts";
import { written } from "../cells.ts";
import { factsOf } from "./origin.ts";
import { whySlow, type Counted } from "./slow.ts";
import { BUDGET, Within } from "./within.ts";
import type { Explanations } from "../explanations.ts";

const LONGEST = 300;

export class Showing {
  addresses;
  names;
  editor;
  words;
  place;
  say;

  constructor({ told, names, editor, words }: Explanations, place: HTMLElement, say: (text: string) => void) {
    this.addresses = told;
    this.names = names;
    this.editor = editor;
    this.words = words;
    this.place = place;
    this.say = say;
  }

  within(signal: AbortSignal) {
    return new Within(this.addresses, { signal });
  }

  /** Shows which condition empties the answer, as the server tells. */
  async empty(query: string, signal: AbortSignal) {
    if (this.addresses.empty) await this.ask(this.addresses.empty, { query }, signal);
    return undefined;
  }

  async slow(query: string, signal: AbortSignal, { seconds, limit }: { seconds?: number; limit?: number }) {
    const { patterns, hints, spent } = await whySlow(query, this.within(signal));
    const { words } = this;
    const times = [
      seconds !== undefined && said(words.time, { s: number(seconds, 3) }),
      limit && said(words.limit, { s: number(limit, 3) }),
    ].filter(Boolean);
    const items = hints.map(({ kind, element, elements }) => {
      const about = elements ?? (element ? [element] : []);
      return made("li", words[`hint_${kind}`], ...about.flatMap((it) => [" ", this.pattern(query, it)]));
    });
    fill(
      this.place,
      times.length > 0 && made("p", times.join(" ")),
      made("ul.plain", items.length ? items : made("li", words.no_hints)),
      patterns.length > 0 && this.counts(query, patterns),
    );
    return this.ending(spent);
  }

  async origin(query: string, row: Row, signal: AbortSignal) {
    const { facts, cannot, spent } = await factsOf(query, row, this.within(signal));
    if (spent) return this.ending(spent);
    return this.holders(facts, cannot, signal);
  }

  /** Shows who says a triple. */
  async origins(row: Row, signal: AbortSignal) {
    const terms = Object.values(row);
    const isFact = terms.every((term) => term?.type === "uri" || term?.type === "literal");
    const fact = terms.map((term) => term && term.type !== "triple" && written(term));
    return this.holders(isFact ? [`${fact.join(" ")} .`] : [], new Set(isFact ? [] : ["unnamed"]), signal);
  }

  /** Shows who says some facts, and what cannot be told. */
  async holders(facts: string[], cannot: Set<string>, signal: AbortSignal) {
    const notes = [...cannot].map((it) => made("p.small.soft", this.words[`cannot_${it}`]));
    await this.ask(this.addresses.origin, { facts: facts.join("\n") }, signal);
    this.place.append(...notes);
    return this.ending(false);
  }

  /** Puts in place what the server shows of a text. */
  async ask(address: string, fields: Record<string, string>, signal: AbortSignal) {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.place.replaceChildren(...page.body.childNodes);
  }

  ending(spent: boolean) {
    return spent ? said(this.words.spent, { s: BUDGET / 1000 }) : undefined;
  }

  counts(query: string, patterns: Counted[]) {
    const rows = patterns.map(({ element, n }) => [
      made("td", this.pattern(query, element)),
      made("td.number", n === null ? this.words.uncounted : number(n)),
    ]);
    return tableOf([this.words.pattern, this.words.matches], rows, this.words.patterns);
  }

  /** Returns a pattern that, when pressed, is selected in the query. */
  pattern(query: string, element: Place & { text: string; shown?: string }) {
    const text = cut((element.shown ?? element.text).replace(/\s+/g, " "));
    const select = () => this.editor.select(query, element) || this.say(this.words.changed);
    const label = said(this.words.select, { it: text });
    return made(
      "button",
      { type: "button", class: "as-link", "aria-label": label, onclick: select },
      made("code", text),
    );
  }
}

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
