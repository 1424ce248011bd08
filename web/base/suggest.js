// A box that suggests things while one writes: a combobox, worked by keyboard or mouse.
import combobox from "accessible-autocomplete/preact";
import { h, render } from "preact";

import { request } from "./service.js";
import { said, words } from "./words.js";

const { default: Autocomplete } = combobox;
/** @typedef {(text: string, show: (found: Suggestion[]) => void) => void} Source */

const PAUSE = 80;
/** A longer form does not go along: an address has an end. */
const LONGEST = 4000;
/** Attributes that the box keeps and the combobox does not know. */
const KEPT = ["maxlength", "spellcheck", "aria-invalid", "autocapitalize"];

/**
 * Makes a combobox of a text field. A thing that is chosen is opened, or its short address written
 * into the field, as `data-then` says; Enter in the field sends what was written. What the field
 * names, chosen or written in full, is in its `data-names`, and a change of it is an event.
 * @param {HTMLInputElement} input
 */
export function suggest(input) {
  const told = words();
  const opens = input.dataset.then === "open";
  const hint = document.getElementById(input.getAttribute("aria-describedby") ?? "");
  const hadFocus = document.activeElement === input;
  const label = input.labels?.[0]?.id;
  const box = document.createElement("div");
  box.className = "suggests";
  input.replaceWith(box);
  // What was written before the page came asks for nothing: the list opens once somebody writes, be it while this script was on its way.
  let asleep = !hadFocus || input.value === input.defaultValue;
  const ask = asking(input.dataset.suggest ?? "", box.closest("form"));
  // Who has gone into the list chooses from what he sees, and who has gone on wants none: an answer that comes late is for neither.
  const isWriting = () => document.activeElement === made;
  /**
   * @param {string} text
   * @param {Suggestion[]} found
   * @param {(found: Suggestion[]) => void} show
   */
  const take = (text, found, show) => {
    const written = found.filter((it) => isCalled(it, text));
    if (written.length === 1 && made.value === text) names(written[0]);
    if (isWriting()) show(found);
  };
  /** @param {Suggestion} it */
  const names = (it) => {
    made.dataset.names = it.short;
    made.dispatchEvent(new Event("change", { bubbles: true }));
  };
  render(
    h(Autocomplete, {
      id: input.id,
      name: input.name,
      cssNamespace: "suggest",
      displayMenu: "overlay",
      placeholder: input.placeholder,
      minLength: 1,
      confirmOnBlur: false,
      showNoOptionsFound: false,
      menuAttributes: { "aria-labelledby": label },
      /** @type {Source} */
      source: (text, show) => (asleep ? show([]) : ask(text, (found) => take(text, found, show))),
      /** @param {Suggestion=} it */
      onConfirm: (it) => it && (opens ? window.location.assign(it.address) : names(it)),
      templates: {
        /** @param {Suggestion=} it */
        inputValue: (it) => (it ? (opens ? it.label : it.short) : ""),
        suggestion: option,
      },
      tAssistiveHint: () => [hint?.textContent.trim(), told[opens ? "hint_open" : "hint"]].filter(Boolean).join(" "),
      tStatusQueryTooShort: () => told.too_short,
      tStatusNoResults: () => told.none,
      /** @type {(it: string, of: number, at: number) => string} */
      tStatusSelectedOption: (it, of, at) => said(told.selected, { it, of, at: at + 1 }),
      /** @type {(n: number, selected: string) => string} */
      tStatusResults: (n, selected) => `${said(n === 1 ? told.one : told.other, { n })} ${selected}`,
    }),
    box,
  );
  const made = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  for (const name of KEPT) if (input.hasAttribute(name)) made.setAttribute(name, input.getAttribute(name) ?? "");
  if (hadFocus) made.focus();
  made.value = input.value;
  made.dispatchEvent(new Event("input"));
  // The combobox selects its text when it gains the focus: who was writing goes on at the end.
  if (hadFocus) queueMicrotask(() => made.setSelectionRange(made.value.length, made.value.length));
  made.addEventListener("input", () => delete made.dataset.names);
  asleep = false;
  // The combobox would keep Enter from sending the form while its list is open.
  box.addEventListener(
    "keydown",
    (event) => event.key === "Enter" && event.target === made && event.stopPropagation(),
    true,
  );
}

/**
 * Tells whether a text is a whole name, or the short address, of a thing.
 * @param {Suggestion} it
 * @param {string} text
 */
function isCalled(it, text) {
  const written = text.trim().toLowerCase();
  return [it.short, it.label, it.found].some((name) => name?.toLowerCase() === written);
}

/**
 * Returns what asks for suggestions: after a pause, once for the last text, none where that fails.
 * An address with a place in a question asks with what its form holds: then each says how many things it would leave.
 * @param {string} address
 * @param {HTMLFormElement | null} form
 * @returns {Source}
 */
function asking(address, form) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {AbortController | undefined} */
  let running;
  return (text, show) => {
    clearTimeout(waiting);
    running?.abort();
    waiting = setTimeout(async () => {
      running = new AbortController();
      const { signal } = running;
      const asked = new URL(address, window.location.href);
      asked.searchParams.set("q", text);
      const question = form && asked.searchParams.has("at") ? filled(form) : "";
      if (question.length < LONGEST) asked.searchParams.set("question", question);
      try {
        const answer = await request(asked, { signal });
        const { suggestions } = await answer.json();
        if (!signal.aborted) show(suggestions);
      } catch {
        if (!signal.aborted) show([]);
      }
    }, PAUSE);
  };
}

/**
 * Returns what a form would send.
 * @param {HTMLFormElement} form
 */
function filled(form) {
  return new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)])).toString();
}

/**
 * Returns a suggestion as HTML: the shape of its kind, its name, what it is, the name that matched.
 * The comment that is left open swallows a text in English that the combobox adds on an iPhone.
 * @param {Suggestion} it
 */
function option(it) {
  /** @type {(Node | string)[]} */
  const parts = [part("suggest-name", it.label, it.language)];
  if (it.shape) parts.unshift(part(`shape shape-${it.shape}`, ""));
  if (it.of_kind) parts.push(" ", part("soft small", it.of_kind));
  if (it.found !== it.label) parts.push(" ", part("soft small", `(${it.found})`, it.found_language));
  if (it.left) parts.push(" ", part("suggest-left small", it.left));
  const all = document.createElement("span");
  all.append(...parts);
  return `${all.innerHTML}<!--`;
}

/**
 * @param {string} className
 * @param {string} text
 * @param {string=} language
 */
function part(className, text, language) {
  const made = document.createElement("span");
  if (className) made.className = className;
  if (language) made.lang = language;
  made.textContent = text;
  return made;
}
