// What other parts may do to the query that is written, as long as what they mean is there: in the text area at first,
// then in the editor that comes into its place.
import type { EditorState } from "@codemirror/state";

import { made } from "../../base/elements.ts";

/** What a query is written in. */
export type Surface = {
  text: () => string;
  change: (part: Place & { insert: string }, userEvent?: string) => void;
  show: (query: string) => void;
  focus: () => void;
};

export class Handle {
  surface;

  constructor(surface: Surface) {
    this.surface = surface;
  }

  /** Returns the query as it is written. */
  text() {
    return this.surface.text();
  }

  /** Shows another query, of which nothing can be undone. */
  show(query: string) {
    this.surface.show(query);
  }

  focus() {
    this.surface.focus();
  }

  /** Puts a query in the place of what is written, which can be undone in the editor. */
  write(query: string) {
    this.surface.change({ from: 0, to: this.text().length, insert: query });
    this.focus();
  }

  /** Writes a text for a part of a query, if it is still there; returns whether it is. */
  replace(query: string, part: Place, text: string) {
    const place = this.placeOf(query, part);
    if (!place) return false;
    this.surface.change({ ...place, insert: text }, "input.mend");
    this.focus();
    return true;
  }

  /** Writes a query for another, if that is still there; returns whether it is. */
  rewrite(query: string, text: string) {
    if (this.text() !== query) return false;
    this.surface.change(difference(query, text), "input.mend");
    this.focus();
    return true;
  }

  /** Returns where a part of a query is now, null where it was changed itself. */
  placeOf(query: string, { from, to }: Place) {
    const changed = difference(query, this.text());
    if (to <= changed.from) return { from, to };
    if (from < changed.to) return null;
    const by = changed.insert.length - (changed.to - changed.from);
    return { from: from + by, to: to + by };
  }
}

/** Returns the text area as what a query is written in, until the editor is there. */
export function plainSurface(
  field: HTMLTextAreaElement,
  { run, changed }: { run: () => void; changed: (query: string) => void },
): Surface {
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
    show: (query) => (field.value = query),
    focus: () => field.focus(),
  };
}

// A likely mend of a query: the button that writes it, and the change that it is.

/**
 * Returns a button that writes a mend.
 * @param key what does the same
 */
export function mendOf({ sentence }: { sentence: string; query: string }, apply: () => void, key = "") {
  const button = made("button", { type: "button", class: "as-link", onclick: apply }, sentence);
  return made("span", button, key && [" ", made("kbd", key)]);
}

/** Returns the change that makes a text of what is written, no longer than it must be, so that the cursor stays. */
export function change(state: EditorState, text: string) {
  return { changes: difference(state.doc.toString(), text), scrollIntoView: true, userEvent: "input.mend" };
}

/** Returns the one part of a text that is different in another. */
export function difference(now: string, text: string) {
  let from = 0;
  while (from < Math.min(now.length, text.length) && now[from] === text[from]) from++;
  let [to, end] = [now.length, text.length];
  while (to > from && end > from && now[to - 1] === text[end - 1]) [to, end] = [to - 1, end - 1];
  return { from, to, insert: text.slice(from, end) };
}
