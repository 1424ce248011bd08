// The form of an open question: what is asked, its readings, and which facts each of them rests on.
import { partsIn } from "../base/parts.js";
import { fill, made } from "./made.js";
import { say } from "./said.js";

/** The form of an open question about the selected words. */
export class QuestionForm {
  /** @type {Span[]} */
  words = [];

  /**
   * @param {HTMLFormElement} form
   * @param {{ask: (act: DeskAct) => Promise<DeskAnswer>, closed: () => void, facts: (words: Span[]) => DeskFact[], languages: () => string[]}} does
   */
  constructor(form, does) {
    this.form = form;
    this.does = does;
    this.parts = partsIn(form, "question");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void this.submit();
      } else if (event.key === "Escape") {
        event.stopPropagation();
        this.close();
      }
    });
    this.parts.cancel.addEventListener("click", () => this.close());
    this.parts.more.addEventListener("click", () => this.#addReading()?.focus());
  }

  get isOpen() {
    return !this.form.hidden;
  }

  /** @param {Span[]} words */
  open(words) {
    this.words = words;
    this.facts = this.does.facts(words);
    this.form.hidden = false;
    this.parts.formError.textContent = "";
    fill(this.parts.label, this.#texts("label", say("question_label")));
    fill(this.parts.readings);
    this.#addReading();
    this.#addReading();
    /** @type {HTMLElement | null} */ (this.form.querySelector("input[type=text]"))?.focus();
  }

  /** @param {string} name @param {string} label */
  #texts(name, label) {
    return this.does
      .languages()
      .map((code) =>
        made(
          "label",
          {},
          made("span", {}, `${label} (${code})`),
          made("input", { type: "text", name: `${name}-${code}`, lang: code, autocomplete: "off" }),
        ),
      );
  }

  #addReading() {
    const n = this.parts.readings.children.length + 1;
    const facts = (this.facts ?? []).map((it) =>
      made(
        "label",
        { class: "choice" },
        made("input", { type: "checkbox", name: `facts-${n}`, value: it.id }),
        made(
          "span",
          {},
          `${it.subject.label} ${it.property.label} ${"address" in it.value ? it.value.label : it.value.text}`,
        ),
      ),
    );
    const reading = made(
      "fieldset",
      {},
      made("legend", {}, say("reading_n", { n })),
      this.#texts(`reading-${n}`, say("reading_label")),
      facts.length > 0 && made("p", { class: "small soft" }, say("reading_facts")),
      facts,
      made(
        "label",
        { class: "choice" },
        made("input", { type: "radio", name: "taken", value: n, checked: n === 1 }),
        made("span", {}, say("reading_taken")),
      ),
    );
    this.parts.readings.append(reading);
    return /** @type {HTMLElement | null} */ (reading.querySelector("input"));
  }

  /** @param {string} name */
  #written(name) {
    const field = (/** @type {string} */ code) =>
      /** @type {HTMLInputElement | null} */ (this.form.querySelector(`[name="${name}-${code}"]`));
    const pairs = this.does.languages().map((code) => [code, field(code)?.value.trim() ?? ""]);
    const first = pairs.find(([, text]) => text)?.[1];
    return first ? Object.fromEntries(pairs.map(([code, text]) => [code, text || first])) : null;
  }

  async submit() {
    const label = this.#written("label");
    const readings = [...this.parts.readings.children].flatMap((it, at) => {
      const written = this.#written(`reading-${at + 1}`);
      const checked = /** @type {NodeListOf<HTMLInputElement>} */ (it.querySelectorAll("[type=checkbox]:checked"));
      const taken = /** @type {HTMLInputElement} */ (it.querySelector("[name=taken]")).checked;
      return written ? [{ label: written, facts: [...checked].map((one) => one.value), taken }] : [];
    });
    if (!label || readings.length < 2) {
      this.parts.formError.textContent = say(label ? "question_readings" : "question_missing");
      return;
    }
    try {
      await this.does.ask({ act: "question", label, words: this.words, readings });
      this.close();
    } catch (error) {
      this.parts.formError.textContent = /** @type {Error} */ (error).message || say("failed");
    }
  }

  close() {
    if (!this.isOpen) return;
    this.form.hidden = true;
    this.does.closed();
  }
}
