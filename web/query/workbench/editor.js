// The editor, in the place of the text area, which stays in the form and holds the query.
import "./styles.js";

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";

import { sparql } from "./language.js";

/**
 * Replaces what is selected by ourselves: Chromium would keep its look in a style attribute, which
 * our policy refuses with a complaint.
 */
const replacing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

/**
 * Puts an editor in the place of a text area. Tab leaves it, as it leaves any field.
 * @param {HTMLTextAreaElement} field
 * @param {{words: Words, run: () => void, changed: (query: string) => void, extensions: import("@codemirror/state").Extension[]}} how
 */
export function editor(field, { words, run, changed, extensions }) {
  const [label] = field.labels;
  const ask = () => (run(), true);
  const attributes = { "aria-labelledby": label.id, spellcheck: "false", autocapitalize: "off" };
  // The system's own drawing of the selection is kept: it is right in every scheme and contrast.
  const fixed = [
    replacing,
    lineNumbers(),
    history(),
    bracketMatching(),
    indentOnInput(),
    EditorView.lineWrapping,
    EditorState.phrases.of({
      Completions: words.completions,
      "Control character": words.control,
      "Selection deleted": words.deleted,
    }),
    EditorView.contentAttributes.of(attributes),
    EditorView.updateListener.of(
      ({ docChanged, state }) => docChanged && changed((field.value = state.doc.toString())),
    ),
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: ask }])),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    sparql(),
  ];
  /** @param {string} doc */
  const stateOf = (doc) => EditorState.create({ doc, extensions: [...extensions, ...fixed] });
  const view = new EditorView({ state: stateOf(field.value) });
  const hadFocus = document.activeElement === field;
  // A field that is not seen must not keep the form from being sent.
  field.required = false;
  field.hidden = true;
  field.after(view.dom);
  label.addEventListener("click", () => view.focus());
  if (hadFocus) {
    view.dispatch({ selection: { anchor: field.selectionStart, head: field.selectionEnd } });
    view.focus();
  }
  /**
   * Shows another query, of which nothing can be undone.
   * @param {string} query
   */
  const show = (query) => {
    view.setState(stateOf(query));
    field.value = query;
  };
  return { view, show };
}
