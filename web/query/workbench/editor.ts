// The editor, in the place of the text area, which stays in the form and holds the query. It comes when somebody begins to write, or
// once nothing else is done.
import { completionStatus, currentCompletions } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  HighlightStyle,
  LanguageSupport,
  bracketMatching,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { EditorState, type Extension, Prec, RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, keymap, lineNumbers } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { StyleModule } from "style-mod";

import { counted } from "../../base/words.ts";
import { faults } from "./faults.ts";
import { type Surface, change } from "./handle.ts";
import type { Names } from "./names.ts";
import { Terms, completing, termsAt } from "./terms.ts";

// The editor's rules as constructed style sheets: our policy allows no <style> in the page.
const mounted = new WeakMap();

StyleModule.mount = (root, modules) => {
  const known = mounted.get(root) ?? new Set();
  mounted.set(root, known);
  for (const module of [modules].flat()) {
    if (known.has(module)) continue;
    known.add(module);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
};

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

/** Puts an editor in the place of a text area. Tab leaves it, as it leaves any field. */
function editor(
  field: HTMLTextAreaElement,
  {
    words,
    run,
    changed,
    extensions,
  }: { words: Words; run: () => void; changed: (query: string) => void; extensions: Extension[] },
) {
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
  const stateOf = (doc: string) => EditorState.create({ doc, extensions: [...extensions, ...fixed] });
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
  /** Shows another query, of which nothing can be undone. */
  const show = (query: string) => {
    view.setState(stateOf(query));
    field.value = query;
  };
  return { view, show };
}

// SPARQL in the editor: what is coloured as what. The colours are the site's, in style.css.

const language = SparqlLanguage.configure({
  props: [
    styleTags({
      "Pname_ln Pname_ns": tags.propertyName,
      A_predicate: tags.keyword,
      PathMod: tags.operator,
      IriRef: tags.url,
    }),
  ],
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, class: "in-keyword" },
  { tag: tags.variableName, class: "in-variable" },
  { tag: tags.propertyName, class: "in-name" },
  { tag: tags.url, class: "in-iri" },
  { tag: [tags.string, tags.annotation], class: "in-string" },
  { tag: [tags.integer, tags.float, tags.bool], class: "in-number" },
  { tag: tags.operator, class: "in-operator" },
  { tag: tags.comment, class: "in-comment" },
]);

const operator = Decoration.mark({ class: "in-operator" });
const NAMED = new Set(["Iri", "A_predicate", "PathMod", "Var", "Comment"]);

/** Returns the operators of all paths in sight: the grammar gives them no name of their own. */
function operators(view: EditorView) {
  const found: RangeSetBuilder<Decoration> = new RangeSetBuilder();
  let done = 0;
  for (const { from, to } of view.visibleRanges)
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (node.name !== "VerbPath") return;
        let at = Math.max(node.from, done);
        const until = (end: number) => {
          for (; at < end; at++) if (/[/|^!()]/.test(view.state.sliceDoc(at, at + 1))) found.add(at, at + 1, operator);
        };
        node.node.cursor().iterate((inner) => {
          if (inner.from >= node.to) return false;
          if (!NAMED.has(inner.name)) return true;
          until(inner.from);
          at = Math.max(at, inner.to);
          return false;
        });
        until(node.to);
        done = node.to;
        return false;
      },
    });
  return found.finish();
}

const paths = ViewPlugin.define(
  (view) => ({
    marks: operators(view),
    update({ docChanged, viewportChanged, startState, state, view: seen }) {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state)) this.marks = operators(seen);
    },
  }),
  { decorations: (it) => it.marks },
);

const sparql = () => [
  new LanguageSupport(language, language.data.of({ commentTokens: { line: "#" } })),
  syntaxHighlighting(colours),
  paths,
];

// What is heard of the proposals: how many there are, and which of them all each is. The list has only
// those in sight, and who looks elsewhere does not see it open.

const PAUSE = 500;

/** Says how many terms are proposed, once one has stopped writing, and numbers them. */
function proposalsHeard(words: Words, spoken: HTMLElement) {
  let told = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return EditorView.updateListener.of(({ view, state }) => {
    const many = completionStatus(state) === "active" ? currentCompletions(state).length : 0;
    if (many)
      view.requestMeasure({
        key: proposalsHeard,
        read: () => view.dom.querySelectorAll("[role=option]"),
        write: (options) => number(options, many),
      });
    if (many === told) return;
    told = many;
    clearTimeout(waiting);
    if (many) waiting = setTimeout(() => (spoken.textContent = counted(words, "proposed", many)), PAUSE);
  });
}

/** The editor ends the id of each by its number, from 0. */
function number(options: NodeListOf<Element>, many: number) {
  for (const option of options) {
    option.setAttribute("aria-posinset", String(Number(option.id.match(/\d+$/)) + 1));
    option.setAttribute("aria-setsize", String(many));
  }
}

// The key and the button that put the query into an even layout; how comes when it is first asked for.

/** Puts the query into its layout, and says so, or why not. */
async function format(view: EditorView, words: Words, spoken: HTMLElement) {
  const { doc } = view.state;
  const { formatted } = await import("./formatting.ts");
  const text = formatted(doc.toString());
  spoken.textContent = text === null ? words.unformatted : words.formatted;
  if (text !== null && doc === view.state.doc) view.dispatch(change(view.state, text));
  return text !== null;
}

const formatKey = (words: Words, spoken: HTMLElement) =>
  keymap.of([{ key: "Shift-Alt-f", run: (view) => (format(view, words, spoken), true) }]);

/** Puts the editor in the place of the text area; returns it as what a query is written in, and how to lay the query out. */
export function editing(
  field: HTMLTextAreaElement,
  {
    words,
    told,
    names,
    fault,
    spoken,
    run,
    changed,
  }: {
    words: Words;
    told: DOMStringMap & Told;
    names: Names;
    fault: HTMLElement;
    spoken: HTMLElement;
    run: () => void;
    changed: (query: string) => void;
  },
) {
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
  view.dom.after(fault);
  const surface: Surface = {
    text: () => view.state.doc.toString(),
    change: (changes, userEvent) => view.dispatch({ changes, scrollIntoView: true, userEvent }),
    show,
    focus: () => view.focus(),
  };
  return { surface, layOut: () => format(view, words, spoken).then(() => view.focus()) };
}
