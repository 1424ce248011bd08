// The values of each column, and how many rows have them; choosing some leaves the rows that have them.
import { said } from "../../base/words.js";
import { shown } from "./cells.js";

const FIRST = 8;
const MORE = 50;
const LONGEST = 80;

export class Facets {
  /** How many values of a column are listed. */
  /** @type {Map<string, number>} */
  listed = new Map();
  /** What is drawn now: what was begun before is given up. */
  drawing = {};

  /**
   * @param {HTMLDetailsElement} place nothing is counted while it is closed
   * @param {HTMLElement} list
   * @param {{rows: import("./rows.js").Rows, refining: import("./refining.js").Refining, columns: () => string[], words: Words, changed: (column: string) => void}} how
   */
  constructor(place, list, how) {
    this.place = place;
    this.list = list;
    this.rows = how.rows;
    this.refining = how.refining;
    this.columns = how.columns;
    this.words = how.words;
    this.changed = how.changed;
    place.addEventListener("toggle", () => this.draw());
  }

  /**
   * Counts and lists the values of all columns but one, whose own choices change nothing in it.
   * @param {string=} but
   */
  async draw(but) {
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

  /** @param {string} column */
  part(column) {
    return [...this.list.querySelectorAll("fieldset")].find((part) => part.dataset.column === column);
  }

  /**
   * Puts in new lists, leaving those in place that have not changed: what has the focus is in one.
   * @param {HTMLElement[]} made
   */
  replace(made) {
    for (const part of [...this.list.children]) if (!made.some((it) => it === part)) part.remove();
    for (const [at, part] of made.entries())
      if (this.list.children[at] !== part) this.list.insertBefore(part, this.list.children[at] ?? null);
  }

  /** @param {string} column */
  column(column) {
    const { rows, words } = this;
    const { terms } = rows.of(column);
    const counts = rows.of(column).counts(this.refining.mask(column));
    const chosen = this.refining.chosen.get(column) ?? new Set();
    const there = [...counts.keys()]
      .filter((code) => counts[code] || chosen.has(code))
      .sort((a, b) => counts[b] - counts[a] || a - b);
    const most = this.listed.get(column) ?? FIRST;
    const listed = there.filter((code, at) => at < most || chosen.has(code));
    const part = document.createElement("fieldset");
    part.dataset.column = column;
    const legend = part.appendChild(document.createElement("legend"));
    const many = Object.assign(document.createElement("span"), {
      className: "soft small",
      textContent: said(there.length === 1 ? words.values_one : words.values_other, { n: number(there.length) }),
    });
    legend.append(Object.assign(document.createElement("bdi"), { textContent: column }), " ", many);
    part.append(...listed.map((code) => this.choice(column, code, terms[code], counts[code], chosen.has(code))));
    if (there.length > most) part.append(this.further(column, most));
    this.call(
      part,
      listed.map((code) => terms[code]),
    );
    return part;
  }

  /**
   * @param {string} column
   * @param {number} code
   * @param {Term | undefined} term
   * @param {number} count
   * @param {boolean} checked
   */
  choice(column, code, term, count, checked) {
    const label = Object.assign(document.createElement("label"), { className: "choice" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked });
    box.addEventListener("change", () => {
      this.refining.choose(column, code, box.checked);
      this.changed(column);
    });
    const value = document.createElement("span");
    value.append(this.value(term, code));
    const rows = said(count === 1 ? this.words.rows_one : this.words.rows_other, { n: number(count) });
    const counted = Object.assign(document.createElement("span"), {
      className: "soft",
      textContent: number(count),
      ariaHidden: "true",
    });
    value.append(
      " ",
      counted,
      Object.assign(document.createElement("span"), { className: "unseen", textContent: rows }),
    );
    label.append(box, value);
    return label;
  }

  /**
   * @param {Term | undefined} term
   * @param {number} code its number among the values of the column
   */
  value(term, code) {
    if (!term) return coded(Object.assign(document.createElement("em"), { textContent: this.words.unbound }), code);
    const made = shown(term, { name: this.rows.nameOf(term), cut: LONGEST });
    // A way to the thing's page is in the table: here, a click chooses.
    const link = made.querySelector("a");
    if (link)
      link.replaceWith(
        Object.assign(document.createElement("bdi"), { textContent: link.textContent, lang: link.lang }),
      );
    return coded(made, code);
  }

  /**
   * @param {string} column
   * @param {number} most
   */
  further(column, most) {
    const button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "as-link",
      textContent: this.words.more,
    });
    button.setAttribute("aria-label", said(this.words.more_of, { name: column }));
    button.addEventListener("click", () => {
      this.listed.set(column, most + MORE);
      const part = this.column(column);
      this.part(column)?.replaceWith(part);
      part.querySelectorAll("input")[most]?.focus();
    });
    return button;
  }

  /**
   * Has the things that are listed called by their names, in place.
   * @param {HTMLElement} part
   * @param {(Term | undefined)[]} terms
   */
  async call(part, terms) {
    if (
      this.rows.addresses ||
      !(await this.rows.names.want(terms.flatMap((term) => (term?.type === "uri" ? [term.value] : []))))
    )
      return;
    const { terms: all } = this.rows.of(part.dataset.column ?? "");
    for (const value of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-code]"))) {
      const code = Number(value.dataset.code);
      if (all[code]) value.replaceWith(this.value(all[code], code));
    }
  }
}

/** @param {number} it */
const number = (it) => it.toLocaleString(document.documentElement.lang);

/**
 * Notes on a value which of its column it is.
 * @param {HTMLElement} made
 * @param {number} code
 */
const coded = (made, code) => {
  made.dataset.code = String(code);
  return made;
};
