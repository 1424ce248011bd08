// The values of each column, and how many rows have them; choosing some leaves the rows that have them.
import { made } from "../../base/elements.ts";
import { counted, number, said } from "../../base/words.ts";
import { shown, written } from "./cells.ts";
import type { Refining, Rows } from "./rows.ts";

const FIRST = 8;
const MORE = 50;
const LONGEST = 80;

export class Facets {
  /** How many values of a column are listed. */
  listed = new Map<string, number>();
  /** What is drawn now: what was begun before is given up. */
  drawing = {};

  place;
  list;
  rows!: Rows;
  refining!: Refining;
  columns!: () => string[];
  words!: Words;
  changed!: (column: string) => void;

  /** @param place nothing is counted while it is closed */
  constructor(
    place: HTMLDetailsElement,
    list: HTMLElement,
    how: Pick<Facets, "rows" | "refining" | "columns" | "words" | "changed">,
  ) {
    Object.assign(this, how);
    this.place = place;
    this.list = list;
    place.addEventListener("toggle", () => this.draw());
  }

  /** Counts and lists the values of all columns but one, whose own choices change nothing in it. */
  async draw(but?: string) {
    if (!this.place.open) return;
    const drawing = (this.drawing = {});
    const made = [];
    for (const column of this.columns()) {
      made.push((column === but && this.part(column)) || this.column(column));
      await new Promise((soon) => {
        setTimeout(soon);
      });
      if (drawing !== this.drawing) return;
    }
    if (this.list.children.length !== made.length || made.some((part, at) => this.list.children[at] !== part))
      this.replace(made);
  }

  part(column: string) {
    return [...this.list.querySelectorAll("fieldset")].find((part) => part.dataset.column === column);
  }

  /** Puts in new lists, leaving those in place that have not changed: what has the focus is in one. */
  replace(made: HTMLElement[]) {
    for (const part of [...this.list.children]) if (!made.some((it) => it === part)) part.remove();
    for (const [at, part] of made.entries())
      if (this.list.children[at] !== part) this.list.insertBefore(part, this.list.children[at] ?? null);
  }

  column(column: string) {
    const { rows, words } = this;
    const { terms } = rows.of(column);
    const counts = rows.of(column).counts(this.refining.mask(column));
    const chosen = this.refining.chosen.get(column) ?? new Set();
    const there = [...counts.keys()]
      .filter((code) => counts[code] || chosen.has(code))
      .sort((a, b) => counts[b] - counts[a] || a - b);
    const most = this.listed.get(column) ?? FIRST;
    const listed = there.filter((code, at) => at < most || chosen.has(code));
    const many = counted(words, "values", there.length);
    const part = made(
      "fieldset",
      { "data-column": column },
      made("legend", made("bdi", column), " ", made("span.soft.small", many)),
      listed.map((code) => this.choice(column, code, terms[code], counts[code], chosen.has(code))),
      there.length > most && this.further(column, most),
    );
    this.call(
      part,
      listed.map((code) => terms[code]),
    );
    return part;
  }

  choice(column: string, code: number, term: Term | undefined, count: number, checked: boolean) {
    const change = () => {
      this.refining.choose(column, code, box.checked);
      this.changed(column);
    };
    const box = made("input", { type: "checkbox", onchange: change });
    box.checked = checked;
    const rows = counted(this.words, "rows", count);
    const seen = made("span", { class: "soft", "aria-hidden": "true" }, number(count));
    const value = made("span", this.value(term, code), " ", seen, made("span.unseen", rows));
    return made("label.choice", box, value);
  }

  /** @param code its number among the values of the column */
  value(term: Term | undefined, code: number) {
    if (!term) return coded(made("em", this.words.unbound), code);
    const value = shown(term, { name: this.rows.nameOf(term), cut: LONGEST });
    // A way to the thing's page is in the table: here, a click chooses.
    const link = value.querySelector("a");
    link?.replaceWith(made("bdi", { lang: link.lang }, link.textContent));
    return coded(value, code);
  }

  further(column: string, most: number) {
    const more = () => {
      this.listed.set(column, most + MORE);
      const part = this.column(column);
      this.part(column)?.replaceWith(part);
      part.querySelectorAll("input")[most]?.focus();
    };
    const label = said(this.words.more_of, { name: column });
    return made("button", { type: "button", class: "as-link", "aria-label": label, onclick: more }, this.words.more);
  }

  /** Has the things that are listed called by their names, in place. */
  async call(part: HTMLElement, terms: (Term | undefined)[]) {
    if (
      this.rows.addresses ||
      !(await this.rows.names.want(terms.flatMap((term) => (term?.type === "uri" ? [term.value] : []))))
    )
      return;
    const { terms: all } = this.rows.of(part.dataset.column ?? "");
    for (const value of part.querySelectorAll("[data-code]") as NodeListOf<HTMLElement>) {
      const code = Number(value.dataset.code);
      if (all[code]) value.replaceWith(this.value(all[code], code));
    }
  }
}

/** Notes on a value which of its column it is. */
const coded = (value: HTMLElement, code: number) => {
  value.dataset.code = String(code);
  return value;
};

// Values that were chosen in a column, as an address has them: short where that is enough to find them
// again among the values of the column, else as SPARQL writes them.

/** What stands between two values, and for none; an address need not escape either. */
const BETWEEN = "*";
const NONE = "-";
const SHORT = new RegExp(`^(?!${NONE}$)[^<"${BETWEEN}][^${BETWEEN}]{0,${LONGEST - 1}}$`);

/**
 * Returns the values that have these numbers, empty where one of them has no name in another answer.
 * @param terms the values of the column, the first being none
 */
export function choiceWritten(terms: (Term | undefined)[], codes: Iterable<number>) {
  const short = shortNames(terms);
  const texts = [...codes].map((code) =>
    short.get(shortOf(terms[code])) === code ? shortOf(terms[code]) : whole(terms[code]),
  );
  return texts.every(Boolean) ? texts.join(BETWEEN) : "";
}

/** Returns the numbers of the values that a text names, of those that there are. */
export function choiceRead(terms: (Term | undefined)[], text: string) {
  const short = shortNames(terms);
  const wanted = new Set(text.split(BETWEEN).filter(Boolean));
  const found = [...wanted].map((it) => short.get(it)).filter((code) => code !== undefined);
  if (/(?:^|\*)[<"]/.test(text)) terms.forEach((term, code) => wanted.has(whole(term)) && found.push(code));
  return new Set(found);
}

/** the short names of each column, looked through once */
const looked = new WeakMap<(Term | undefined)[], Map<string | undefined, number | undefined>>();

/** Returns which value each short name means; what several would be called means none. */
function shortNames(terms: (Term | undefined)[]) {
  const before = looked.get(terms);
  if (before) return before;
  const known = new Map<string | undefined, number | undefined>();
  looked.set(terms, known);
  terms.forEach((term, code) => {
    const text = shortOf(term);
    if (text !== undefined) known.set(text, known.has(text) ? undefined : code);
  });
  return known;
}

function shortOf(term: Term | undefined) {
  if (!term) return NONE;
  const { type, value } = term;
  const text =
    type === "uri"
      ? value.slice(Math.max(...["/", "#", ":"].map((sign) => value.lastIndexOf(sign))) + 1)
      : type === "literal"
        ? value
        : "";
  return SHORT.test(text) ? text : undefined;
}

const whole = (term: Term | undefined) =>
  term && (term.type === "uri" || term.type === "literal") ? written(term).replaceAll(BETWEEN, "\\u002A") : "";
