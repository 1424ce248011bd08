// What other parts may do to the query that is written, as long as what they mean is there: in the text area at first,
// then in the editor that comes into its place.
import { difference } from "./mend.js";

/**
 * What a query is written in.
 * @typedef {{text: () => string, change: (part: Place & {insert: string}, userEvent?: string) => void, select: (part: Place) => void, show: (query: string) => void, focus: () => void}} Surface
 */

export class Handle {
  /** @param {Surface} surface */
  constructor(surface) {
    this.surface = surface;
  }

  /** Returns the query as it is written. */
  text() {
    return this.surface.text();
  }

  /**
   * Shows another query, of which nothing can be undone.
   * @param {string} query
   */
  show(query) {
    this.surface.show(query);
  }

  focus() {
    this.surface.focus();
  }

  /**
   * Puts a query in the place of what is written, which can be undone in the editor.
   * @param {string} query
   */
  write(query) {
    this.surface.change({ from: 0, to: this.text().length, insert: query });
    this.focus();
  }

  /**
   * Selects a part of a query, if it is still there; returns whether it is.
   * @param {string} query
   * @param {Place} part
   */
  select(query, part) {
    const place = this.placeOf(query, part);
    if (!place) return false;
    this.surface.select(place);
    this.focus();
    return true;
  }

  /**
   * Writes a text for a part of a query, if it is still there; returns whether it is.
   * @param {string} query
   * @param {Place} part
   * @param {string} text
   */
  replace(query, part, text) {
    const place = this.placeOf(query, part);
    if (!place) return false;
    this.surface.change({ ...place, insert: text }, "input.mend");
    this.focus();
    return true;
  }

  /**
   * Writes a query for another, if that is still there; returns whether it is.
   * @param {string} query
   * @param {string} text
   */
  rewrite(query, text) {
    if (this.text() !== query) return false;
    this.surface.change(difference(query, text), "input.mend");
    this.focus();
    return true;
  }

  /**
   * Returns where a part of a query is now, null where it was changed itself.
   * @param {string} query
   * @param {Place} other
   */
  placeOf(query, { from, to }) {
    const changed = difference(query, this.text());
    if (to <= changed.from) return { from, to };
    if (from < changed.to) return null;
    const by = changed.insert.length - (changed.to - changed.from);
    return { from: from + by, to: to + by };
  }
}

/**
 * Returns the text area as what a query is written in, until the editor is there.
 * @param {HTMLTextAreaElement} field
 * @param {{run: () => void, changed: (query: string) => void}} how
 * @returns {Surface}
 */
export function plainSurface(field, { run, changed }) {
  field.addEventListener("input", () => changed(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  });
  return {
    text: () => field.value,
    change: ({ from, to, insert }) => {
      field.setRangeText(insert, from, to, "end");
      changed(field.value);
    },
    select: ({ from, to }) => field.setSelectionRange(from, to),
    show: (query) => (field.value = query),
    focus: () => field.focus(),
  };
}
