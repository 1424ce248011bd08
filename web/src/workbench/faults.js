// What is wrong with the query: the server decides, the syntax tree says where.
import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

import { said } from "../words.js";

const PAUSE = 400;
/** Mistakes that the engine notices only after the whole query, though SELECT makes them. */
const OF_SELECT = new Set(["ungrouped", "twice", "overrides"]);
const WHOLE_IRI = /^<[a-z][a-z0-9+.-]*:[^\s]*>$/i;

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
 * Checks the query whenever it has not changed for a moment, and tells what the server refuses.
 * @param {string} address who checks
 * @param {HTMLElement} told where it is told
 * @param {Record<string, string>} words
 */
export function faults(address, told, words) {
  return [
    marked,
    ViewPlugin.define((view) => {
      const checking = new Checking(view, address, told, words);
      checking.soon();
      return {
        update: ({ docChanged }) => docChanged && checking.soon(),
        destroy: () => checking.stop(),
      };
    }),
  ];
}

class Checking {
  constructor(view, address, told, words) {
    Object.assign(this, { view, address, told, words });
  }

  stop() {
    clearTimeout(this.waiting);
    this.running?.abort();
  }

  soon() {
    this.stop();
    this.waiting = setTimeout(() => this.check(), PAUSE);
  }

  async check() {
    this.running = new AbortController();
    const { signal } = this.running;
    const fault = await faultOf(this.address, this.view.state.doc.toString(), signal).catch(() => null);
    if (!signal.aborted) this.show(fault);
  }

  show(fault) {
    const { view, told, words } = this;
    const place = fault && placeOf(fault, view.state);
    view.dispatch({ effects: setFault.of(place ? markAt(place, view.state) : Decoration.none) });
    const about = { "aria-invalid": "true", "aria-describedby": told.id };
    for (const [name, value] of Object.entries(about))
      if (fault) view.contentDOM.setAttribute(name, value);
      else view.contentDOM.removeAttribute(name);
    told.hidden = !fault;
    told.replaceChildren();
    if (!fault) return;
    told.append(fault.sentence);
    if (place === null) return;
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

/** Returns what is wrong with a query, null where nothing is. */
export async function faultOf(address, query, signal) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ query }), signal });
  return answer.ok ? (await answer.json()).fault : null;
}

/** Returns the range of a fault, null where it has no place. */
export function placeOf({ kind, line, column }, state) {
  if (!line || line > state.doc.lines) return null;
  const at = offset(state.doc.line(line), column ?? 1);
  if (OF_SELECT.has(kind)) return first(state, ({ name }) => name === "SelectClause") ?? { from: at, to: at };
  if (kind === "iri") {
    const broken = (node) => node.name === "IriRef" && !WHOLE_IRI.test(state.sliceDoc(node.from, node.to));
    return first(state, broken) ?? { from: at, to: at };
  }
  if (kind === "end" || kind === "unexpected") {
    const wrong = first(state, ({ type, from }) => type.isError && from <= at);
    if (wrong) return wrong;
  }
  return { from: at, to: at };
}

/** Returns where a column stands that is counted in characters, as the server counts. */
function offset({ from, text }, column) {
  return from + [...text].slice(0, column - 1).join("").length;
}

function lineAndColumn(at, state) {
  const line = state.doc.lineAt(Math.min(at, state.doc.length));
  return { line: line.number, column: [...line.text.slice(0, at - line.from)].length + 1 };
}

function first(state, test) {
  let found = null;
  syntaxTree(state).iterate({
    enter(node) {
      if (!found && test(node)) found = { from: node.from, to: node.to };
      return !found;
    },
  });
  return found;
}

/** Marks a range, or the word that stands at its place, or the sign before the end. */
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
