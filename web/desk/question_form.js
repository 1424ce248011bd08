// The form of an open question: what is asked, its readings, and which facts each of them rests on.
import { fill, made } from "./made.js";
import { say } from "./said.js";
import { SideForm } from "./side_form.js";
import { textFields, textsIn } from "./text_fields.js";

/** @param {Span} one @param {Span} other */
const touch = ([start, end], [from, to]) => start < to && from < end;

/** The form of an open question about the selected words. */
export class QuestionForm extends SideForm {
  /** @type {Span[]} */
  words = [];
  /** @type {DeskFact[]} */
  facts = [];

  /** @param {HTMLFormElement} form @param {import("./side_form.js").FormDoes} does */
  constructor(form, does) {
    super(form, "question", does);
    this.parts.more.addEventListener("click", () => this.#addReading()?.focus());
  }

  /** @param {Span[]} words @param {string} because */
  open(words, because = "") {
    this.words = words;
    this.facts = this.does.desk().facts.filter((it) => it.words.some((span) => words.some((one) => touch(span, one))));
    this.show();
    this.parts.because.textContent = because;
    fill(this.parts.label, textFields(this.languages, "label", say("question_label")));
    fill(this.parts.readings);
    this.#addReading();
    this.#addReading();
    fill(this.parts.about, this.#aboutField());
    /** @type {HTMLElement | null} */ (this.form.querySelector("input[type=text]"))?.focus();
  }

  /** The things that the words name or their facts speak of, and the document: what a question without facts is about. */
  #aboutField() {
    const { things } = this.does.desk();
    const named = things.filter((it) => it.places.some((place) => this.words.some((span) => touch(span, place))));
    const spoken = this.facts.flatMap((it) => ["address" in it.value ? it.value.address : "", it.subject.address]);
    const offered = things.filter((it, at) => at === 0 || named.includes(it) || spoken.includes(it.address));
    const lines = [...offered.slice(1), offered[0]].map((it) =>
      made(
        "label",
        { class: "choice" },
        made("input", { type: "checkbox", name: "about", value: it.address }),
        made("span", {}, it.label, " ", made("span", { class: "soft small" }, it.kindLabel)),
      ),
    );
    return made("fieldset", {}, made("legend", {}, say("question_about")), lines);
  }

  #addReading() {
    const n = this.parts.readings.children.length + 1;
    const facts = this.facts.map((it) =>
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
      textFields(this.languages, `reading-${n}`, say("reading_label")),
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

  /** @override @returns {DeskAct | null} */
  asked() {
    const label = textsIn(this.form, this.languages, "label");
    const readings = [...this.parts.readings.children].flatMap((it, at) => {
      const written = textsIn(this.form, this.languages, `reading-${at + 1}`);
      const checked = /** @type {NodeListOf<HTMLInputElement>} */ (it.querySelectorAll("[type=checkbox]:checked"));
      const taken = /** @type {HTMLInputElement} */ (it.querySelector("[name=taken]")).checked;
      return written ? [{ label: written, facts: [...checked].map((one) => one.value), taken }] : [];
    });
    const ticked = /** @type {NodeListOf<HTMLInputElement>} */ (this.parts.about.querySelectorAll(":checked"));
    const about = [...ticked].map((it) => it.value);
    const isOpen = about.length > 0 || readings.some((it) => it.facts.length);
    if (label && readings.length > 1 && isOpen) return { act: "question", label, words: this.words, about, readings };
    this.says(say(!label ? "question_missing" : readings.length > 1 ? "question_of_nothing" : "question_readings"));
    return null;
  }
}
