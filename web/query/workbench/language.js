// SPARQL in the editor: what is coloured as what. The colours are the site's, in style.css.
import { HighlightStyle, LanguageSupport, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

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

/**
 * Returns the operators of all paths in sight: the grammar gives them no name of their own.
 * @param {import("@codemirror/view").EditorView} view
 */
function operators(view) {
  /** @type {RangeSetBuilder<Decoration>} */
  const found = new RangeSetBuilder();
  let done = 0;
  for (const { from, to } of view.visibleRanges)
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (node.name !== "VerbPath") return;
        let at = Math.max(node.from, done);
        /** @param {number} end */
        const until = (end) => {
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

export const sparql = () => [
  new LanguageSupport(language, language.data.of({ commentTokens: { line: "#" } })),
  syntaxHighlighting(colours),
  paths,
];
