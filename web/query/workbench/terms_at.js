// The term under the pointer or the cursor: what it means, and its page.
import { StateEffect, StateField } from "@codemirror/state";
import { closeHoverTooltips, hoverTooltip, keymap, showTooltip } from "@codemirror/view";

import { said } from "../../base/words.js";
import { meaning } from "./completing.js";
import { iris } from "./prefixes.js";
import { tokensOf } from "./syntax.js";

const PATIENCE = 300;

/** @type {import("@codemirror/state").StateEffectType<import("@codemirror/view").Tooltip | null>} */
const setExplained = StateEffect.define();

/** What was asked for by keyboard: there until the query or the cursor changes. */
const explained = StateField.define({
  /** @returns {import("@codemirror/view").Tooltip | null} */
  create: () => null,
  update(shown, { docChanged, selection, effects }) {
    for (const effect of effects) if (effect.is(setExplained)) return effect.value;
    return docChanged || selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

/**
 * Explains terms on hover and by key, and leads to their pages.
 * @param {{known: import("./completing.js").Terms, names: import("./names.js").Names, words: Words, spoken: HTMLElement}} told
 */
export function termsAt({ known, names, words, spoken }) {
  /**
   * @param {import("@codemirror/view").EditorView} view
   * @param {number} at
   */
  const explain = async (view, at) => {
    const place = termAt(view.state.doc.toString(), at, known.prefixes);
    return place && tooltip(place, known, names, words);
  };
  /** @param {import("@codemirror/view").EditorView} view */
  const byKey = (view) => {
    const at = view.state.selection.main.head;
    const { doc } = view.state;
    explain(view, at).then((shown) => {
      if (doc !== view.state.doc) return;
      spoken.textContent = shown ? shown.text : words.no_term;
      view.dispatch({ effects: [closeHoverTooltips, setExplained.of(shown)] });
    });
    return true;
  };
  /** @param {import("@codemirror/view").EditorView} view */
  const close = (view) => {
    if (!view.state.field(explained)) return false;
    view.dispatch({ effects: setExplained.of(null) });
    return true;
  };
  /** @param {import("@codemirror/view").EditorView} view */
  const go = (view) => {
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

/**
 * Returns the IRI or prefixed name at a place of a query, and what it is; null where there is none.
 * @param {string} text
 * @param {number} at
 * @param {Record<string, string>} prefixes
 */
export function termAt(text, at, prefixes) {
  const token = tokensOf(text).find(
    ({ from, to, kind }) => from <= at && at <= to && (kind === "name" || kind === "iri"),
  );
  if (!token) return null;
  const iri = token.kind === "iri" ? token.text.slice(1, -1) : iris(text, prefixes)(token.text);
  return token.text.endsWith(":") ? null : { ...token, iri };
}

/**
 * @param {{iri: string, text: string, from: number, to: number}} it
 * @param {import("./completing.js").Terms} known
 * @param {import("./names.js").Names} names
 * @param {Words} words
 */
async function tooltip({ iri, text, from, to }, known, names, words) {
  const term = (await known.all()).find((it) => it.iri === iri);
  await names.want([iri]);
  const name = names.of(iri);
  if (!term && !name) return null;
  const shown = term ?? {
    label: name?.label === text ? "" : (name?.label ?? ""),
    language: name?.language,
    definition: words.not_a_term,
  };
  const dom = document.createElement("div");
  dom.className = "explained";
  const written = Object.assign(document.createElement("code"), { textContent: text });
  dom.append(written, " ", meaning(shown, words));
  if (name?.address && LINK.test(name.address)) dom.append(link(name.address, text, words));
  const spoken = [text, shown.label, shown.definition].filter(Boolean).join(". ");
  return { pos: from, end: to, above: true, create: () => ({ dom }), text: spoken };
}

const LINK = /^(?:https?:\/\/|\/(?!\/))/i;

/**
 * @param {string} href
 * @param {string} text
 * @param {Words} words
 */
function link(href, text, words) {
  return Object.assign(document.createElement("a"), {
    href,
    target: "_blank",
    rel: "noopener noreferrer",
    textContent: said(words.page_of, { it: text }),
  });
}

/**
 * @param {string} iri
 * @param {import("./names.js").Names} names
 */
async function addressOf(iri, names) {
  await names.want([iri]);
  const address = names.of(iri)?.address;
  return address && LINK.test(address) ? address : null;
}
