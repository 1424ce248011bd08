// Terms: those that are proposed while one writes, as they fit the place, and what the one under the pointer or the cursor means.
import { type Completion, type CompletionContext, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { EditorState, StateEffect, type StateEffectType, StateField, type Transaction } from "@codemirror/state";
import { type EditorView, type Tooltip, closeHoverTooltips, hoverTooltip, keymap, showTooltip } from "@codemirror/view";

import { made } from "../../base/elements.ts";
import { request } from "../../base/service.ts";
import { counted, said } from "../../base/words.ts";
import { fold } from "../../base/folding.ts";
import type { Names } from "./names.ts";
import { situation } from "./situation.ts";
import { iris, prefixesOf, tokensOf } from "./syntax.ts";

const MOST = 40;
const FEWEST_LETTERS = 2;
const WORDS =
  `SELECT, DISTINCT, WHERE, FILTER, OPTIONAL, UNION, MINUS, GRAPH, VALUES, BIND, EXISTS, NOT, GROUP BY, ORDER BY, DESC, LIMIT, COUNT, AS, ASK, CONSTRUCT, DESCRIBE, PREFIX`.split(
    ", ",
  );
/** A term that is being written: a variable, a name with or without a prefix. */
const WRITTEN = /[?$]?[\p{L}\p{N}_:-][\p{L}\p{N}_:.-]*$|[?$]$/u;
/** A prefix that is being declared. */
const DECLARED = /\bPREFIX[^\S\n]+[\w-]*:?$/i;

/** Proposes terms, and declares the prefixes of those that are written. */
export function completing({ known, suggest, words }: { known: Terms; suggest: string; words: Words }) {
  return [
    autocompletion({
      override: [(context) => propose(context, known, suggest)],
      activateOnTypingDelay: 0,
      maxRenderedOptions: 8,
      icons: false,
      addToOptions: [
        {
          render: (option) => ("told" in option ? meaning(option.told as Vocable, words) : null),
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
  prefixes: Record<string, string> = {};
  /** What was asked for, by the address. */
  asked = new Map<string, Promise<Vocable[]>>();

  address;

  constructor(address: string) {
    this.address = address;
  }

  all() {
    return this.of([]);
  }

  of(classes: string[]) {
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

  async ask(address: URL): Promise<Vocable[]> {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    const { prefixes, terms } = await answer.json();
    this.prefixes = prefixes;
    for (const term of terms)
      term.folded = [term.name.slice(term.name.indexOf(":") + 1), term.name, term.label, ...term.also].map(fold);
    return terms;
  }
}

async function propose(context: CompletionContext, known: Terms, suggest: string) {
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
  const options: Completion[] = found.map((term) => ({ label: term.name, told: term, apply: taking(term) }));
  if (place !== "predicate" && place !== "class") options.unshift(...keywords(typed));
  return options.length ? { from, options, filter: false } : null;
}

/** Returns the properties that fit: those of the subject's classes, where it is known to have any. */
async function fitting(known: Terms, typed: string, classes: string[]) {
  const all = await known.all();
  const iris = new Set(all.filter(({ kind }) => kind === "class").map(({ iri }) => iri));
  const typedAs = classes.filter((iri) => iris.has(iri)).sort();
  return best(typedAs.length ? await known.of(typedAs) : all, "property", typed);
}

/** Returns the terms that are meant by what was written, the best and most used first. */
function best(terms: Vocable[], kind: string | undefined, typed: string): Vocable[] {
  const wanted = fold(typed);
  return terms
    .filter((term) => kind === undefined || term.kind === kind)
    .map((term) => ({ term, rank: rank(term, wanted) }))
    .filter((it) => it.rank < Infinity)
    .sort((a, b) => a.rank - b.rank || (b.term.uses ?? 0) - (a.term.uses ?? 0))
    .slice(0, MOST)
    .map((it) => it.term);
}

function rank({ folded = [] }: Vocable, wanted: string) {
  if (folded.some((name) => name.startsWith(wanted))) return 0;
  if (folded.some((name) => name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)))) return 1;
  return folded.some((name) => name.includes(wanted)) ? 2 : Infinity;
}

async function things(suggest: string, typed: string, context: CompletionContext) {
  const address = new URL(suggest, window.location.href);
  address.searchParams.set("q", typed);
  const asking = new AbortController();
  context.addEventListener("abort", () => asking.abort(), { onDocChange: true });
  try {
    const answer = await request(address, { signal: asking.signal });
    const { suggestions }: { suggestions: Suggestion[] } = await answer.json();
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

/** Returns the prefixes of ours that a query does not declare, with what they stand for. */
function declarations(text: string, prefixes: Record<string, string>) {
  const { declared } = prefixesOf(text);
  return Object.entries(prefixes)
    .filter(([prefix]) => !declared.get(prefix))
    .map(([prefix, namespace]) => ({
      label: `${prefix}:`,
      told: { label: namespace, definition: "" },
      apply: `${prefix}: <${namespace}>`,
    }));
}

function variables(text: string, typed: string) {
  const names = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu));
  names.delete(typed);
  return [...names].filter((name) => name.startsWith(typed)).map((label) => ({ label }));
}

function keywords(typed: string) {
  if (!typed) return [];
  return WORDS.filter((word) => word.startsWith(typed.toUpperCase())).map((label) => ({ label, apply: `${label} ` }));
}

/** Returns what writes a term into the query, and declares its prefix where it is not. */
const taking =
  (term: Vocable): ((view: EditorView, _: unknown, from: number, to: number) => void) =>
  (view, _, from, to) => {
    const name = /^[\w-]*:[\p{L}\p{N}_-]*$/u.test(term.name) ? term.name : `<${term.iri}>`;
    view.dispatch({
      changes: { from, to, insert: name },
      selection: { anchor: from + name.length },
      userEvent: "input.complete",
    });
  };

/** Returns what a term is called and means, for its line in the list. */
export function meaning(term: Pick<Vocable, "label"> & Partial<Vocable>, words: Words) {
  const { label, language, uses, definition, definition_language: lang } = term;
  return made(
    "span.proposed",
    // What is heard has a pause where what is seen has a space.
    unseen(", "),
    made("span", { lang: language || null }, label),
    uses !== undefined && ` · ${counted(words, "uses", uses)}`,
    made("span", { class: "proposed-meaning", lang: lang || null }, definition && [unseen(". "), definition]),
  );
}

const unseen = (text: string) => made("span.unseen", text);

/** Declares the prefixes of ours that a query uses without, once a name with a colon is written. */
function withPrefixes(transaction: Transaction, known: Record<string, string>) {
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

// The term under the pointer or the cursor: what it means, and its page.

const PATIENCE = 300;

const setExplained: StateEffectType<Tooltip | null> = StateEffect.define();

/** What was asked for by keyboard: there until the query or the cursor changes. */
const explained = StateField.define({
  create: (): Tooltip | null => null,
  update(shown, { docChanged, selection, effects }) {
    for (const effect of effects) if (effect.is(setExplained)) return effect.value;
    return docChanged || selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

/** Explains terms on hover and by key, and leads to their pages. */
export function termsAt({
  known,
  names,
  words,
  spoken,
}: {
  known: Terms;
  names: Names;
  words: Words;
  spoken: HTMLElement;
}) {
  const explain = async (view: EditorView, at: number) => {
    const place = termAt(view.state.doc.toString(), at, known.prefixes);
    return place && tooltip(place, known, names, words);
  };
  const byKey = (view: EditorView) => {
    const at = view.state.selection.main.head;
    const { doc } = view.state;
    explain(view, at).then((shown) => {
      if (doc !== view.state.doc) return;
      spoken.textContent = shown ? shown.text : words.no_term;
      view.dispatch({ effects: [closeHoverTooltips, setExplained.of(shown)] });
    });
    return true;
  };
  const close = (view: EditorView) => {
    if (!view.state.field(explained)) return false;
    view.dispatch({ effects: setExplained.of(null) });
    return true;
  };
  const go = (view: EditorView) => {
    const place = termAt(view.state.doc.toString(), view.state.selection.main.head, known.prefixes);
    // A window that opens later than the key would be stopped.
    const page = place && window.open("about:blank");
    if (!page) spoken.textContent = words.no_term;
    else {
      page.opener = null;
      addressOf(place.iri, names).then((address) =>
        address ? page.location.replace(address) : (page.close(), (spoken.textContent = words.no_page)),
      );
    }
    return true;
  };
  const keys = [
    { key: "F2", run: byKey },
    { key: "Shift-F2", run: go },
    { key: "Escape", run: close },
  ];
  return [explained, hoverTooltip(explain, { hoverTime: PATIENCE }), keymap.of(keys)];
}

/** Returns the IRI or prefixed name at a place of a query, and what it is; null where there is none. */
function termAt(text: string, at: number, prefixes: Record<string, string>) {
  const token = tokensOf(text).find(
    ({ from, to, kind }) => from <= at && at <= to && (kind === "name" || kind === "iri"),
  );
  if (!token) return null;
  const iri = token.kind === "iri" ? token.text.slice(1, -1) : iris(text, prefixes)(token.text);
  return token.text.endsWith(":") ? null : { ...token, iri };
}

async function tooltip(
  { iri, text, from, to }: { iri: string; text: string; from: number; to: number },
  known: Terms,
  names: Names,
  words: Words,
) {
  const term = (await known.all()).find((it) => it.iri === iri);
  await names.want([iri]);
  const name = names.of(iri);
  if (!term && !name) return null;
  const shown = term ?? {
    label: name?.label === text ? "" : (name?.label ?? ""),
    language: name?.language,
    definition: words.not_a_term,
  };
  const page = name?.address && LINK.test(name.address) && name.address;
  const link = { href: page, target: "_blank", rel: "noopener noreferrer" };
  const dom = made("div.explained", made("code", text), " ", meaning(shown, words));
  if (page) dom.append(made("a", link, said(words.page_of, { it: text })));
  const spoken = [text, shown.label, shown.definition].filter(Boolean).join(". ");
  return { pos: from, end: to, above: true, create: () => ({ dom }), text: spoken };
}

const LINK = /^(?:https?:\/\/|\/(?!\/))/i;

async function addressOf(iri: string, names: Names) {
  await names.want([iri]);
  const address = names.of(iri)?.address;
  return address && LINK.test(address) ? address : null;
}
