// The key and the button that put the query into an even layout; how comes when it is first asked for.
import { keymap } from "@codemirror/view";

import { change } from "./mend.js";

/**
 * Puts the query into its layout, and says so, or why not.
 * @param {import("@codemirror/view").EditorView} view
 * @param {Words} words
 * @param {HTMLElement} spoken
 */
export async function format(view, words, spoken) {
  const { doc } = view.state;
  const { formatted } = await import("./formatting.js");
  const text = formatted(doc.toString());
  spoken.textContent = text === null ? words.unformatted : words.formatted;
  if (text !== null && doc === view.state.doc) view.dispatch(change(view.state, text));
  return text !== null;
}

/**
 * @param {Words} words
 * @param {HTMLElement} spoken
 */
export const formatKey = (words, spoken) =>
  keymap.of([{ key: "Shift-Alt-f", run: (view) => (format(view, words, spoken), true) }]);
