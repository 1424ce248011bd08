// Terms proposed while one writes: those that fit the place, with what they mean.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { keymap } from "@codemirror/view";

import { request } from "../../base/service.js";
import { said } from "../../base/words.js";
import { fold } from "./folding.js";
import { iris, prefixesOf } from "./prefixes.js";
import { situation } from "./situation.js";

const MOST = 40;
const FEWEST_LETTERS = 2;
const WORDS = [
  "SELECT",
  "DISTINCT",
  "WHERE",
  "FILTER",
  "OPTIONAL",
  "UNION",
  "MINUS",
  "GRAPH",
  "VALUES",
  "BIND",
  "EXISTS",
  "NOT",
  "GROUP BY",
  "ORDER BY",
  "DESC",
  "LIMIT",
  "COUNT",
  "AS",
  "ASK",
  "CONSTRUCT",
  "DESCRIBE",
  "PREFIX",
];
/** A term that is being written: a variable, a name with or without a prefix. */
const WRITTEN = /[?$]?[\p{L}\p{N}_:-][\p{L}\p{N}_:.-]*$|[?$]$/u;
/** A prefix that is being declared. */
const DECLARED = /\bPREFIX[^\S\n]+[\w-]*:?$/i;

/**
 * Proposes terms, and declares the prefixes of those that are written.
 * @param {{known: Terms, suggest: string, words: Words}} told
 */
export function completing({ known, suggest, words }) {
  return [
    autocompletion({
      override: [(context) => propose(context, known, suggest)],
      activateOnTypingDelay: 0,
      maxRenderedOptions: 8,
      icons: false,
      addToOptions: [
        {
          render: (option) => ("told" in option ? meaning(/** @type {Vocable} */ (option.told), words) : null),
          position: 80,
        },
      ],
    }),
    keymap.of(completionKeymap),
    EditorState.transactionFilter.of((transaction) => withPrefixes(transaction, known.prefixes)),
  ];
}

/** The terms of the graph, asked for once; those of a class when they are first needed. */
export class Terms {
  /** @type {Record<string, string>} */
  prefixes = {};
  /** What was asked for, by the address. @type {Map<string, Promise<Vocable[]>>} */
  asked = new Map();

  /** @param {string} address */
  constructor(address) {
    this.address = address;
  }

  all() {
    return this.of([]);
  }

  /** @param {string[]} classes */
  of(classes) {
    const address = new URL(this.address, window.location.href);
    for (const iri of classes) address.searchParams.append("of", iri);
    const before = this.asked.get(address.search);
    if (before) return before;
    const asking = this.ask(address).catch(() => {
      this.asked.delete(address.search);
      return [];
    });
    this.asked.set(address.search, asking);
    return asking;
  }

  /**
   * @param {URL} address
   * @returns {Promise<Vocable[]>}
   */
  async ask(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    const { prefixes, terms } = await answer.json();
    this.prefixes = prefixes;
    for (const term of terms)
      term.folded = [term.name.slice(term.name.indexOf(":") + 1), term.name, term.label, ...term.also].map(fold);
    return terms;
  }
}

/**
 * @param {import("@codemirror/autocomplete").CompletionContext} context
 * @param {Terms} known
 * @param {string} suggest
 */
async function propose(context, known, suggest) {
  const text = context.state.doc.toString();
  const declared = context.matchBefore(DECLARED);
  if (declared)
    return {
      from: declared.from + declared.text.search(/\S*$/),
      options: declarations(text, known.prefixes),
      validFor: /^[\w-]*:?$/,
    };
  const written = context.matchBefore(WRITTEN);
  if (!written && !context.explicit) return null;
  const from = written?.from ?? context.pos;
  const typed = written?.text ?? "";
  const iriOf = iris(text, known.prefixes);
  const { place, classes = [] } = situation(text, from, iriOf);
  if (/^[?$]/.test(typed)) return { from, options: variables(text, typed), filter: false };
  const found = [];
  if (place === "predicate") found.push(...(await fitting(known, typed, classes)));
  else if (place === "class") found.push(...best(await known.all(), "class", typed));
  else if (
    place === "subject" ||
    place === "object" ||
    place === "values" ||
    place === "expression" ||
    place === "graph"
  ) {
    if (typed.includes(":")) found.push(...best(await known.all(), undefined, typed));
    else if (typed.length >= FEWEST_LETTERS) found.push(...(await things(suggest, typed, context)));
  } else if (place !== "clause") return null;
  if (context.aborted) return null;
  /** @type {import("@codemirror/autocomplete").Completion[]} */
  const options = found.map((term) => ({ label: term.name, told: term, apply: taking(term) }));
  if (place !== "predicate" && place !== "class") options.unshift(...keywords(typed));
  return options.length ? { from, options, filter: false } : null;
}

/**
 * Returns the properties that fit: those of the subject's classes, where it is known to have any.
 * @param {Terms} known
 * @param {string} typed
 * @param {string[]} classes
 */
async function fitting(known, typed, classes) {
  const all = await known.all();
  const iris = new Set(all.filter(({ kind }) => kind === "class").map(({ iri }) => iri));
  const typedAs = classes.filter((iri) => iris.has(iri)).sort();
  return best(typedAs.length ? await known.of(typedAs) : all, "property", typed);
}

/**
 * Returns the terms that are meant by what was written, the best and most used first.
 * @param {Vocable[]} terms
 * @param {string | undefined} kind
 * @param {string} typed
 * @returns {Vocable[]}
 */
function best(terms, kind, typed) {
  const wanted = fold(typed);
  return terms
    .filter((term) => kind === undefined || term.kind === kind)
    .map((term) => ({ term, rank: rank(term, wanted) }))
    .filter((it) => it.rank < Infinity)
    .sort((a, b) => a.rank - b.rank || (b.term.uses ?? 0) - (a.term.uses ?? 0))
    .slice(0, MOST)
    .map((it) => it.term);
}

/**
 * @param {Vocable} it
 * @param {string} wanted
 */
function rank({ folded = [] }, wanted) {
  if (folded.some((name) => name.startsWith(wanted))) return 0;
  if (folded.some((name) => name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)))) return 1;
  return folded.some((name) => name.includes(wanted)) ? 2 : Infinity;
}

/**
 * @param {string} suggest
 * @param {string} typed
 * @param {import("@codemirror/autocomplete").CompletionContext} context
 */
async function things(suggest, typed, context) {
  const address = new URL(suggest, window.location.href);
  address.searchParams.set("q", typed);
  const asking = new AbortController();
  context.addEventListener("abort", () => asking.abort(), { onDocChange: true });
  try {
    const answer = await request(address, { signal: asking.signal });
    /** @type {{suggestions: Suggestion[]}} */
    const { suggestions } = await answer.json();
    return suggestions.map(({ iri, label, language, of_kind: kind }) => ({
      iri,
      name: `<${iri}>`,
      label,
      language,
      definition: kind,
    }));
  } catch {
    return [];
  }
}

/**
 * Returns the prefixes of ours that a query does not declare, with what they stand for.
 * @param {string} text
 * @param {Record<string, string>} prefixes
 */
function declarations(text, prefixes) {
  const { declared } = prefixesOf(text);
  return Object.entries(prefixes)
    .filter(([prefix]) => !declared.get(prefix))
    .map(([prefix, namespace]) => ({
      label: `${prefix}:`,
      told: { label: namespace, definition: "" },
      apply: `${prefix}: <${namespace}>`,
    }));
}

/**
 * @param {string} text
 * @param {string} typed
 */
function variables(text, typed) {
  const names = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu));
  names.delete(typed);
  return [...names].filter((name) => name.startsWith(typed)).map((label) => ({ label }));
}

/** @param {string} typed */
function keywords(typed) {
  if (!typed) return [];
  return WORDS.filter((word) => word.startsWith(typed.toUpperCase())).map((label) => ({ label, apply: `${label} ` }));
}

/**
 * Returns what writes a term into the query, and declares its prefix where it is not.
 * @param {Vocable} term
 * @returns {(view: import("@codemirror/view").EditorView, _: unknown, from: number, to: number) => void}
 */
const taking = (term) => (view, _, from, to) => {
  const name = /^[\w-]*:[\p{L}\p{N}_-]*$/u.test(term.name) ? term.name : `<${term.iri}>`;
  view.dispatch({
    changes: { from, to, insert: name },
    selection: { anchor: from + name.length },
    userEvent: "input.complete",
  });
};

/**
 * Returns what a term is called and means, for its line in the list.
 * @param {Pick<Vocable, "label"> & Partial<Vocable>} term
 * @param {Words} words
 */
export function meaning(term, words) {
  const made = document.createElement("span");
  made.className = "proposed";
  const label = document.createElement("span");
  label.textContent = term.label;
  if (term.language) label.lang = term.language;
  // What is heard has a pause where what is seen has a space.
  /** @type {(Node | string)[]} */
  const parts = [unseen(", "), label];
  if (term.uses !== undefined)
    parts.push(
      ` · ${said(term.uses === 1 ? words.uses_one : words.uses_other, { n: term.uses.toLocaleString(document.documentElement.lang) })}`,
    );
  const definition = document.createElement("span");
  definition.className = "proposed-meaning";
  if (term.definition) definition.append(unseen(". "), term.definition);
  if (term.definition_language) definition.lang = term.definition_language;
  made.append(...parts, definition);
  return made;
}

/** @param {string} textContent */
const unseen = (textContent) => Object.assign(document.createElement("span"), { className: "unseen", textContent });

/**
 * Declares the prefixes of ours that a query uses without, once a name with a colon is written.
 * @param {import("@codemirror/state").Transaction} transaction
 * @param {Record<string, string>} known
 */
function withPrefixes(transaction, known) {
  if (!transaction.docChanged || !transaction.isUserEvent("input")) return transaction;
  let names = false;
  transaction.changes.iterChanges((_a, _b, _c, _d, inserted) => (names ||= inserted.toString().includes(":")));
  if (!names) return transaction;
  const { missing } = prefixesOf(transaction.newDoc.toString());
  const lines = missing
    .filter((prefix) => Object.hasOwn(known, prefix))
    .map((prefix) => `PREFIX ${prefix}: <${known[prefix]}>\n`);
  return lines.length ? [transaction, { changes: { from: 0, insert: lines.join("") }, sequential: true }] : transaction;
}
