// The editor with all that helps who writes a query: it comes when somebody begins to write, or once nothing else is done.
import { Terms, completing } from "./completing.js";
import { editor } from "./editor.js";
import { faults } from "./faults.js";
import { format, formatKey } from "./formats.js";
import { proposalsHeard } from "./proposals_heard.js";
import { termsAt } from "./terms_at.js";

/**
 * Puts the editor in the place of the text area; returns it as what a query is written in, and how to lay the query out.
 * @param {HTMLTextAreaElement} field
 * @param {{words: Words, told: DOMStringMap & Told, names: import("./names.js").Names, fault: HTMLElement, keys: HTMLElement, spoken: HTMLElement, run: () => void, changed: (query: string) => void}} how
 */
export function editing(field, { words, told, names, fault, keys, spoken, run, changed }) {
  const known = new Terms(told.terms);
  known.all();
  const { view, show } = editor(field, {
    words,
    run,
    changed,
    extensions: [
      completing({ known, suggest: told.suggest, words }),
      proposalsHeard(words, spoken),
      faults({ address: told.check, told: fault, spoken, words, known }),
      termsAt({ known, names, words, spoken }),
      formatKey(words, spoken),
    ],
  });
  view.dom.after(fault, keys);
  /** @type {import("./handle.js").Surface} */
  const surface = {
    text: () => view.state.doc.toString(),
    change: (changes, userEvent) => view.dispatch({ changes, scrollIntoView: true, userEvent }),
    select: ({ from, to }) => view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true }),
    show,
    focus: () => view.focus(),
  };
  return { surface, layOut: () => format(view, words, spoken).then(() => view.focus()) };
}
