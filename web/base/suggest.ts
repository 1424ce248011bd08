// A box that suggests things while one writes: a combobox, worked by keyboard or mouse.
import combobox from "accessible-autocomplete/preact";
import { h, render } from "preact";

import { made } from "./elements.ts";
import { request } from "./service.ts";
import { said, words } from "./words.ts";

const { default: Autocomplete } = combobox;
type Source = (text: string, show: (found: Suggestion[]) => void) => void;

const PAUSE = 80;
/** A longer form does not go along: an address has an end. */
const LONGEST = 4000;
/** Attributes that the box keeps and the combobox does not know. */
const KEPT = ["maxlength", "spellcheck", "aria-invalid", "autocapitalize"];

/**
 * Makes a combobox of a text field. A thing that is chosen is opened, or its short address written
 * into the field, as `data-then` says; Enter in the field sends what was written. What the field
 * names, chosen or written in full, is in its `data-names`, and a change of it is an event.
 */
export function suggest(input: HTMLInputElement) {
  const told = words();
  const opens = input.dataset.then === "open";
  const hint = document.getElementById(input.getAttribute("aria-describedby") ?? "");
  const hadFocus = document.activeElement === input;
  const label = input.labels?.[0]?.id;
  const box = made("div.suggests");
  input.replaceWith(box);
  // What was written before the page came asks for nothing: the list opens once somebody writes, be it while this script was on its way.
  let asleep = !hadFocus || input.value === input.defaultValue;
  const ask = asking(input.dataset.suggest ?? "", box.closest("form"));
  // Who has gone into the list chooses from what he sees, and who has gone on wants none: an answer that comes late is for neither.
  const isWriting = () => document.activeElement === field;
  const take = (text: string, found: Suggestion[], show: (found: Suggestion[]) => void) => {
    const written = found.filter((it) => isCalled(it, text));
    if (written.length === 1 && field.value === text) names(written[0]);
    if (isWriting()) show(found);
  };
  const names = (it: Suggestion) => {
    field.dataset.names = it.short;
    field.dispatchEvent(new Event("change", { bubbles: true }));
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
      source: (text: string, show: (found: Suggestion[]) => void) =>
        asleep ? show([]) : ask(text, (found) => take(text, found, show)),
      onConfirm: (it?: Suggestion) => it && (opens ? window.location.assign(it.address) : names(it)),
      templates: {
        inputValue: (it?: Suggestion) => (it ? (opens ? it.label : it.short) : ""),
        suggestion: option,
      },
      tAssistiveHint: () => [hint?.textContent.trim(), told[opens ? "hint_open" : "hint"]].filter(Boolean).join(" "),
      tStatusQueryTooShort: () => told.too_short,
      tStatusNoResults: () => told.none,
      tStatusSelectedOption: (it: string, of: number, at: number) => said(told.selected, { it, of, at: at + 1 }),
      tStatusResults: (n: number, selected: string) => `${said(n === 1 ? told.one : told.other, { n })} ${selected}`,
    }),
    box,
  );
  const field = box.querySelector("input") as HTMLInputElement;
  for (const name of KEPT) if (input.hasAttribute(name)) field.setAttribute(name, input.getAttribute(name) ?? "");
  if (hadFocus) field.focus();
  field.value = input.value;
  field.dispatchEvent(new Event("input"));
  // The combobox selects its text when it gains the focus: who was writing goes on at the end.
  if (hadFocus) queueMicrotask(() => field.setSelectionRange(field.value.length, field.value.length));
  field.addEventListener("input", () => delete field.dataset.names);
  asleep = false;
  // The combobox would keep Enter from sending the form while its list is open.
  box.addEventListener(
    "keydown",
    (event) => event.key === "Enter" && event.target === field && event.stopPropagation(),
    true,
  );
}

/** Tells whether a text is a whole name, or the short address, of a thing. */
function isCalled(it: Suggestion, text: string) {
  const written = text.trim().toLowerCase();
  return [it.short, it.label, it.found].some((name) => name?.toLowerCase() === written);
}

/**
 * Returns what asks for suggestions: after a pause, once for the last text, none where that fails.
 * An address with a place in a question asks with what its form holds: then each says how many things it would leave.
 */
function asking(address: string, form: HTMLFormElement | null): Source {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;
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
        const { suggestions, questions = [] } = await answer.json();
        const posed = questions.map((it: Suggestion) => ({ ...it, found: it.label, of_kind: words().question }));
        if (!signal.aborted) show([...suggestions, ...posed]);
      } catch {
        if (!signal.aborted) show([]);
      }
    }, PAUSE);
  };
}

/** Returns what a form would send. */
function filled(form: HTMLFormElement) {
  return new URLSearchParams([...new FormData(form)] as [string, string][]).toString();
}

/**
 * Returns a suggestion as HTML: the shape of its kind, its name, what it is, the name that matched.
 * The comment that is left open swallows a text in English that the combobox adds on an iPhone.
 */
function option(it: Suggestion) {
  const asked = it.parts?.map(([text, isNamed]) => (isNamed ? made("b.suggest-slot", text) : text)) ?? [];
  const name = part("suggest-name", asked.length ? "" : it.label, it.language);
  name.append(...asked);
  const parts: (Node | string)[] = [name];
  if (it.shape) parts.unshift(part(`shape shape-${it.shape}`, ""));
  if (it.of_kind) parts.push(" ", part("suggest-kind soft small", it.of_kind));
  if (it.found !== it.label) parts.push(" ", part("soft small", `(${it.found})`, it.found_language));
  if (it.left) parts.push(" ", part("suggest-left small", it.left));
  return `${made("span", parts).innerHTML}<!--`;
}

const part = (name: string, text: string, language?: string) =>
  made("span", { class: name, lang: language || null }, text);
