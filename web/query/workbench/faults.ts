// What is wrong with the query: the server decides, the syntax tree says where.
import { completionStatus } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Line, StateEffect, type StateEffectType, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, keymap } from "@codemirror/view";
import type { SyntaxNodeRef } from "@lezer/common";

import { made } from "../../base/elements.ts";
import { said } from "../../base/words.ts";
import { faultOf } from "./asking.ts";
import { LIKE, likeness } from "../../base/folding.ts";
import { change, mendOf } from "./handle.ts";
import { situation } from "./situation.ts";
import { iris, tokensOf } from "./syntax.ts";
import type { Terms } from "./terms.ts";

const PAUSE = 400;
/** Who writes is not interrupted: a mistake is shown and said once nothing has changed for so long. */
const WRITING = 2000;
/** Mistakes that the engine notices only after the whole query, though SELECT makes them. */
const OF_SELECT = new Set(["ungrouped", "twice", "overrides"]);
const WHOLE_IRI = /^<[a-z][a-z0-9+.-]*:[^\s]*>$/i;

const setFault: StateEffectType<DecorationSet> = StateEffect.define();

const marked = StateField.define({
  create: () => Decoration.none,
  update(marks, { changes, effects }) {
    for (const effect of effects) if (effect.is(setFault)) return effect.value;
    return changes.empty ? marks : Decoration.none;
  },
  provide: (field) => EditorView.decorations.from(field),
});

type How = { address: string; told: HTMLElement; spoken: HTMLElement; words: Words; known: Terms };

/**
 * Checks the query whenever it has not changed for a moment, and tells what the server refuses.
 * @param how who checks, and where it is told and said
 */
export function faults(how: How) {
  const checks = ViewPlugin.define((view) => {
    const checking = new Checking(view, how);
    checking.soon();
    return {
      mend: () => checking.mend(),
      update({ docChanged, startState, state, transactions }) {
        if (docChanged) checking.later(transactions.some((it) => it.isUserEvent("input") || it.isUserEvent("delete")));
        else if (completionStatus(startState) && !completionStatus(state)) checking.say();
      },
      // Who leaves the editor has finished.
      leave: () => checking.soon(),
      destroy: () => checking.stop(),
    };
  });
  const left = EditorView.domEventHandlers({ blur: (_, view) => (view.plugin(checks)?.leave(), false) });
  return [marked, checks, left, keymap.of([{ key: "Alt-Enter", run: (view) => view.plugin(checks)?.mend() ?? false }])];
}

class Checking {
  waiting: ReturnType<typeof setTimeout> | undefined;
  running: AbortController | undefined;
  /** What is told now. */
  fault: Fault | null = null;
  /** The query that it is about. */
  mended: import("@codemirror/state").Text | undefined;
  /** What was said last. */
  said = "";

  view;
  address;
  told;
  spoken;
  words;
  known;

  constructor(view: EditorView, how: How) {
    this.view = view;
    this.address = how.address;
    this.told = how.told;
    this.spoken = how.spoken;
    this.words = how.words;
    this.known = how.known;
  }

  stop() {
    clearTimeout(this.waiting);
    this.running?.abort();
  }

  soon(pause = PAUSE) {
    this.stop();
    this.waiting = setTimeout(() => this.check(), pause);
  }

  /** Takes away what was told of the query as it was, and checks it again: not while one writes. */
  later(writes: boolean) {
    this.told.hidden = true;
    this.fault = null;
    this.invalid(false);
    this.soon(writes ? WRITING : PAUSE);
  }

  async check() {
    this.running = new AbortController();
    const { signal } = this.running;
    const query = this.view.state.doc.toString();
    const fault = (await faultOf(this.address, query, signal).catch(() => null)) ?? (await this.doubt(query));
    if (signal.aborted) return;
    this.mended = this.view.state.doc;
    this.show(fault);
    this.say();
  }

  /** Has what is told heard, or that nothing is wrong any more, by who is in the editor. */
  say() {
    const { view, told, words } = this;
    const text = told.hidden ? "" : told.textContent;
    if (text === this.said || !view.hasFocus || completionStatus(view.state)) return;
    this.said = text;
    this.spoken.textContent = text || words.right;
  }

  /** Returns what may be wrong with a query that is none to the service: a term that is not there, and one near it. */
  async doubt(query: string) {
    const { known, words } = this;
    const found = misspelt(query, await known.all(), known.prefixes);
    if (!found) return null;
    const { from, to } = found;
    return {
      doubtful: { from, to },
      sentence: said(words.misspelt, { it: found.text }),
      mend: { sentence: said(words.write, { it: found.meant }), query: found.query },
    };
  }

  show(fault: Fault | null) {
    const { view, told, words } = this;
    const place = fault && (fault.doubtful ?? placeOf(fault, view.state));
    view.dispatch({ effects: setFault.of(place ? markAt(place, view.state) : Decoration.none) });
    this.invalid(fault !== null && !fault.doubtful);
    this.fault = fault;
    told.hidden = !fault;
    told.classList.toggle("wrong", !fault?.doubtful);
    told.replaceChildren();
    if (!fault) return;
    told.append(fault.sentence);
    if (place) this.offerPlace(place);
    if (fault.mend)
      told.append(
        " ",
        mendOf(fault.mend, () => (this.mend(), view.focus()), words.mend_key),
      );
  }

  invalid(is: boolean) {
    for (const [name, value] of Object.entries({ "aria-invalid": "true", "aria-describedby": this.told.id }))
      if (is) this.view.contentDOM.setAttribute(name, value);
      else this.view.contentDOM.removeAttribute(name);
  }

  /** Writes the likely mend, where there is one. */
  mend() {
    const query = this.fault?.mend?.query;
    if (query === undefined || this.mended !== this.view.state.doc) return false;
    this.view.dispatch(change(this.view.state, query));
    return true;
  }

  offerPlace(place: Place) {
    const { view, told, words } = this;
    const go = () => {
      view.dispatch({ selection: { anchor: Math.min(place.from, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    };
    const where = said(words.place, lineAndColumn(place.from, view.state));
    told.append(" ", made("button", { type: "button", class: "as-link", onclick: go }, where));
  }
}

/** Returns the range of a fault, null where it has no place. */
export function placeOf({ kind = "", line, column }: Fault, state: EditorState) {
  if (!line || line > state.doc.lines) return null;
  const at = offset(state.doc.line(line), column ?? 1);
  if (OF_SELECT.has(kind)) return first(state, ({ name }) => name === "SelectClause") ?? { from: at, to: at };
  if (kind === "iri") {
    const broken = (node: SyntaxNodeRef) =>
      node.name === "IriRef" && !WHOLE_IRI.test(state.sliceDoc(node.from, node.to));
    return first(state, broken) ?? { from: at, to: at };
  }
  if (kind === "end" || kind === "unexpected") {
    const wrong = first(state, ({ type, from }) => type.isError && from <= at);
    if (wrong) return wrong;
  }
  return { from: at, to: at };
}

/** Returns where a column stands that is counted in characters, as the server counts. */
function offset({ from, text }: Line, column: number) {
  return from + [...text].slice(0, column - 1).join("").length;
}

function lineAndColumn(at: number, state: EditorState) {
  const line = state.doc.lineAt(Math.min(at, state.doc.length));
  return { line: line.number, column: [...line.text.slice(0, at - line.from)].length + 1 };
}

function first(state: EditorState, test: (node: SyntaxNodeRef) => boolean) {
  let found: Place | null = null;
  syntaxTree(state).iterate({
    enter(node) {
      if (!found && test(node)) found = { from: node.from, to: node.to };
      return !found;
    },
  });
  return found;
}

/** Marks a range, or the word that stands at its place, or the sign before the end. */
function markAt({ from, to }: Place, state: EditorState) {
  const { length } = state.doc;
  if (from === to) {
    const rest = state.sliceDoc(from, from + 80);
    to = from + (rest.match(/^[^\s{}()]+|^\S/)?.[0].length ?? 0);
  }
  if (from === to) {
    const before = state.sliceDoc(0, from).trimEnd().length;
    [from, to] = [Math.max(before - 1, 0), before];
  }
  to = Math.min(to, length);
  return from < to ? Decoration.set([Decoration.mark({ class: "in-fault" }).range(from, to)]) : Decoration.none;
}

// A term that the graph does not have, though it has one that is written nearly so.

/** A longer query is not looked through. */
const LONGEST = 20_000;

/** Where a property or a class stands. */
const TERMS = new Set(["predicate", "class"]);

/**
 * Returns the first name of a vocabulary of the graph that is none of its terms and near one of them.
 * @param text a query without a mistake
 */
export function misspelt(text: string, terms: Vocable[], prefixes: Record<string, string>) {
  if (text.length > LONGEST) return null;
  const known = new Map(terms.map((term) => [term.iri, term]));
  const iriOf = iris(text, prefixes);
  let before = "";
  for (const token of tokensOf(text)) {
    const declares = before === "PREFIX";
    if (token.kind !== "comment") before = token.text.toUpperCase();
    if (token.kind !== "name" || declares || token.text.startsWith("_:")) continue;
    const iri = iriOf(token.text);
    const at = iri.length - token.text.length + token.text.indexOf(":") + 1;
    const [namespace, local] = [iri.slice(0, at), iri.slice(at)];
    if (known.has(iri) || !local || iri === token.text) continue;
    const near = terms
      .filter((term) => term.iri.startsWith(namespace) && term.iri.length > namespace.length)
      .map((term) => ({ term, like: likeness(local, term.iri.slice(namespace.length)) }))
      .filter(({ like }) => like >= LIKE)
      .sort((a, b) => b.like - a.like || (b.term.uses ?? 0) - (a.term.uses ?? 0));
    if (!near.length || !TERMS.has(situation(text, token.from, iriOf).place)) continue;
    const meant = token.text.slice(0, token.text.indexOf(":") + 1) + near[0].term.iri.slice(namespace.length);
    return { ...token, meant, query: text.slice(0, token.from) + meant + text.slice(token.to) };
  }
  return null;
}
