// What is wrong with the query: the server decides, the syntax tree says where.
import { completionStatus } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, keymap } from "@codemirror/view";

import { said } from "../../base/words.js";
import { faultOf } from "./asking.js";
import { change, mendOf } from "./mend.js";
import { misspelt } from "./unknown.js";

const PAUSE = 400;
/** A word at whose end one still writes may go on: what is wrong with it waits for so long. */
const IN_WORD = 2500;
/** Who writes on is not interrupted: a mistake is said once nothing has changed for so long. */
const SILENCE = 1200;
/** Mistakes that the engine notices only after the whole query, though SELECT makes them. */
const OF_SELECT = new Set(["ungrouped", "twice", "overrides"]);
const WHOLE_IRI = /^<[a-z][a-z0-9+.-]*:[^\s]*>$/i;

/** @type {import("@codemirror/state").StateEffectType<import("@codemirror/view").DecorationSet>} */
const setFault = StateEffect.define();

const marked = StateField.define({
  create: () => Decoration.none,
  update(marks, { changes, effects }) {
    for (const effect of effects) if (effect.is(setFault)) return effect.value;
    return marks.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * @typedef {{address: string, told: HTMLElement, spoken: HTMLElement, words: Words, known: import("./completing.js").Terms}} How
 */

/**
 * Checks the query whenever it has not changed for a moment, and tells what the server refuses.
 * @param {How} how who checks, and where it is told and said
 */
export function faults(how) {
  const checks = ViewPlugin.define((view) => {
    const checking = new Checking(view, how);
    checking.soon();
    return {
      mend: () => checking.mend(),
      update({ docChanged, startState, state, transactions }) {
        if (docChanged) checking.soon(isInWord(state, transactions) ? IN_WORD : PAUSE);
        else if (completionStatus(startState) && !completionStatus(state)) checking.sayLater();
      },
      // Who leaves the editor has finished the word.
      leave: () => checking.soon(),
      destroy: () => checking.stop(),
    };
  });
  const left = EditorView.domEventHandlers({ blur: (_, view) => (view.plugin(checks)?.leave(), false) });
  return [marked, checks, left, keymap.of([{ key: "Alt-Enter", run: (view) => view.plugin(checks)?.mend() ?? false }])];
}

class Checking {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  saying;
  /** @type {AbortController | undefined} */
  running;
  /** What is told now. @type {Fault | null} */
  fault = null;
  /** The query that it is about. @type {import("@codemirror/state").Text | undefined} */
  mended;
  /** What was said last. */
  said = "";

  /**
   * @param {import("@codemirror/view").EditorView} view
   * @param {How} how
   */
  constructor(view, how) {
    this.view = view;
    this.address = how.address;
    this.told = how.told;
    this.spoken = how.spoken;
    this.words = how.words;
    this.known = how.known;
  }

  stop() {
    clearTimeout(this.waiting);
    clearTimeout(this.saying);
    this.running?.abort();
  }

  soon(pause = PAUSE) {
    this.stop();
    this.waiting = setTimeout(() => this.check(), pause);
  }

  async check() {
    this.running = new AbortController();
    const { signal } = this.running;
    const query = this.view.state.doc.toString();
    const fault = (await faultOf(this.address, query, signal).catch(() => null)) ?? (await this.doubt(query));
    if (signal.aborted) return;
    this.mended = this.view.state.doc;
    this.show(fault);
    this.sayLater();
  }

  sayLater() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(), SILENCE);
  }

  /** Has what is told heard, or that nothing is wrong any more, by who is in the editor. */
  say() {
    const { view, told, words } = this;
    const text = told.hidden ? "" : told.textContent;
    if (text === this.said || !view.hasFocus || completionStatus(view.state)) return;
    this.said = text;
    this.spoken.textContent = text || words.right;
  }

  /**
   * Returns what may be wrong with a query that is none to the service: a term that is not there, and one near it.
   * @param {string} query
   */
  async doubt(query) {
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

  /** @param {Fault | null} fault */
  show(fault) {
    const { view, told, words } = this;
    const place = fault && (fault.doubtful ?? placeOf(fault, view.state));
    view.dispatch({ effects: setFault.of(place ? markAt(place, view.state) : Decoration.none) });
    const about = { "aria-invalid": "true", "aria-describedby": told.id };
    for (const [name, value] of Object.entries(about))
      if (fault && !fault.doubtful) view.contentDOM.setAttribute(name, value);
      else view.contentDOM.removeAttribute(name);
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

  /** Writes the likely mend, where there is one. */
  mend() {
    const query = this.fault?.mend?.query;
    if (query === undefined || this.mended !== this.view.state.doc) return false;
    this.view.dispatch(change(this.view.state, query));
    return true;
  }

  /** @param {Place} place */
  offerPlace(place) {
    const { view, told, words } = this;
    const go = document.createElement("button");
    go.type = "button";
    go.className = "as-link";
    go.textContent = said(words.place, lineAndColumn(place.from, view.state));
    go.addEventListener("click", () => {
      view.dispatch({ selection: { anchor: Math.min(place.from, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    });
    told.append(" ", go);
  }
}

/**
 * Tells whether somebody types at the end of a word, which may go on.
 * @param {import("@codemirror/state").EditorState} state
 * @param {readonly import("@codemirror/state").Transaction[]} transactions
 */
function isInWord(state, transactions) {
  const { head, empty } = state.selection.main;
  const around = state.sliceDoc(Math.max(0, head - 1), head + 1);
  return (
    empty &&
    transactions.some((it) => it.isUserEvent("input.type") || it.isUserEvent("delete.backward")) &&
    /^[\p{L}\p{N}_:?$@<#/.-](?![\p{L}\p{N}_])/u.test(around)
  );
}

/**
 * Returns the range of a fault, null where it has no place.
 * @param {Fault} it
 * @param {import("@codemirror/state").EditorState} state
 */
export function placeOf({ kind = "", line, column }, state) {
  if (!line || line > state.doc.lines) return null;
  const at = offset(state.doc.line(line), column ?? 1);
  if (OF_SELECT.has(kind)) return first(state, ({ name }) => name === "SelectClause") ?? { from: at, to: at };
  if (kind === "iri") {
    /** @param {import("@lezer/common").SyntaxNodeRef} node */
    const broken = (node) => node.name === "IriRef" && !WHOLE_IRI.test(state.sliceDoc(node.from, node.to));
    return first(state, broken) ?? { from: at, to: at };
  }
  if (kind === "end" || kind === "unexpected") {
    const wrong = first(state, ({ type, from }) => type.isError && from <= at);
    if (wrong) return wrong;
  }
  return { from: at, to: at };
}

/**
 * Returns where a column stands that is counted in characters, as the server counts.
 * @param {import("@codemirror/state").Line} it
 * @param {number} column
 */
function offset({ from, text }, column) {
  return from + [...text].slice(0, column - 1).join("").length;
}

/**
 * @param {number} at
 * @param {import("@codemirror/state").EditorState} state
 */
function lineAndColumn(at, state) {
  const line = state.doc.lineAt(Math.min(at, state.doc.length));
  return { line: line.number, column: [...line.text.slice(0, at - line.from)].length + 1 };
}

/**
 * @param {import("@codemirror/state").EditorState} state
 * @param {(node: import("@lezer/common").SyntaxNodeRef) => boolean} test
 */
function first(state, test) {
  /** @type {Place | null} */
  let found = null;
  syntaxTree(state).iterate({
    enter(node) {
      if (!found && test(node)) found = { from: node.from, to: node.to };
      return !found;
    },
  });
  return found;
}

/**
 * Marks a range, or the word that stands at its place, or the sign before the end.
 * @param {Place} it
 * @param {import("@codemirror/state").EditorState} state
 */
function markAt({ from, to }, state) {
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
