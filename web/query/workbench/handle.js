// What other parts may do to the query in the editor, as long as what they mean is there.
import { change, difference } from "./mend.js";

export class Handle {
  /** @param {import("@codemirror/view").EditorView} view */
  constructor(view) {
    this.view = view;
  }

  /**
   * Puts a query in the place of what is written, which can be undone.
   * @param {string} query
   */
  write(query) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: query }, scrollIntoView: true });
    this.view.focus();
  }

  /**
   * Selects a part of a query, if it is still there; returns whether it is.
   * @param {string} query
   * @param {Place} part
   */
  select(query, part) {
    const place = this.placeOf(query, part);
    if (!place) return false;
    this.view.dispatch({ selection: { anchor: place.from, head: place.to }, scrollIntoView: true });
    this.view.focus();
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
    this.view.dispatch({ changes: { ...place, insert: text }, scrollIntoView: true, userEvent: "input.mend" });
    this.view.focus();
    return true;
  }

  /**
   * Writes a query for another, if that is still there; returns whether it is.
   * @param {string} query
   * @param {string} text
   */
  rewrite(query, text) {
    if (this.view.state.doc.toString() !== query) return false;
    this.view.dispatch(change(this.view.state, text));
    this.view.focus();
    return true;
  }

  /**
   * Returns where a part of a query is now, null where it was changed itself.
   * @param {string} query
   * @param {Place} other
   */
  placeOf(query, { from, to }) {
    const changed = difference(query, this.view.state.doc.toString());
    if (to <= changed.from) return { from, to };
    if (from < changed.to) return null;
    const by = changed.insert.length - (changed.to - changed.from);
    return { from: from + by, to: to + by };
  }
}
