// Why a fact is no plain reading: a text for each language, and the reasons that were given before, each taken by its number.
import { fill, made } from "../base/elements.ts";
import { say } from "./said.ts";

const MOST = 9;

/** The reason of a fact that is not explicit. */
export class ReasonFields {
  #languages: string[] = [];

  places;
  does;

  constructor(
    places: { fields: HTMLElement; earlier: HTMLElement; error: HTMLElement },
    does: { earlier: () => Promise<{ reason: Record<string, string> }[]>; taken: () => void },
  ) {
    this.places = places;
    this.does = does;
    for (const place of [places.fields, places.earlier])
      place.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** Has empty fields for these languages, or those of a reason. */
  show(languages: string[], reason: Record<string, string> | null = null) {
    this.#languages = languages;
    const fields = languages.map((code) =>
      made(
        "label",
        made("span", say(`reason_${code}`)),
        made("textarea", { rows: 2, lang: code, "data-language": code, oninput: () => this.says("") }),
      ),
    );
    fill(this.places.fields, fields);
    fill(this.places.earlier);
    this.places.earlier.removeAttribute("data-ready");
    this.says("");
    for (const [code, text] of Object.entries(reason ?? {})) this.#write(code, text);
  }

  #field(code: string): HTMLTextAreaElement | null {
    return this.places.fields.querySelector(`[data-language="${code}"]`);
  }

  #write(code: string, text: string) {
    const field = this.#field(code);
    if (field) field.value = text;
  }

  /** Goes to the first field that is empty, and shows what was said before. */
  async focus() {
    this.#field(this.#missing[0] ?? this.#languages[0])?.focus();
    const found = await this.does.earlier().catch(() => []);
    const lines = found
      .slice(0, MOST)
      .map(({ reason }, at) =>
        made(
          "li",
          made(
            "button",
            { type: "button", class: "earlier", onclick: () => this.#take(reason) },
            made("kbd", at + 1),
            ` ${Object.values(reason)[0]}`,
          ),
        ),
      );
    fill(this.places.earlier, lines);
    this.places.earlier.dataset.ready = "true";
  }

  #take(reason: Record<string, string>) {
    for (const [code, text] of Object.entries(reason)) this.#write(code, text);
    this.says("");
    this.does.taken();
  }

  #pressed(event: KeyboardEvent) {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof HTMLTextAreaElement && target.value))
      return;
    const line = /^[1-9]$/.test(event.key) && this.places.earlier.querySelectorAll("button")[Number(event.key) - 1];
    if (!line) return;
    event.preventDefault();
    line.click();
  }

  #text(code: string) {
    return this.#field(code)?.value.trim() ?? "";
  }

  get #missing() {
    return this.#languages.filter((code) => !this.#text(code));
  }

  /** The reason by language; null where a language has none. */
  get value() {
    return this.#missing.length
      ? null
      : (Object.fromEntries(this.#languages.map((code) => [code, this.#text(code)])) as Record<string, string>);
  }

  /** Says what is missing. */
  complain() {
    this.says(say(this.#missing.length < this.#languages.length ? "reason_in_each" : "reason_missing"));
  }

  says(sentence: string) {
    this.places.error.textContent = sentence;
  }
}
