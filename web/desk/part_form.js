// The form of a part of the document: the selected words and what they are called; and the parts that there are.
import { fill, made } from "./made.js";
import { number, say } from "./said.js";
import { SideForm } from "./side_form.js";
import { textFields, textsIn } from "./text_fields.js";

/** Of the words no more are proposed as a name. */
const NAME = 60;

/** The form of a part of the document. */
export class PartForm extends SideForm {
  /** @type {Span[]} */
  words = [];

  /**
   * @param {HTMLFormElement} form
   * @param {import("./side_form.js").FormDoes} does
   * @param {{text: (span: Span) => string, rename: (address: string) => void, light: (words: Span[]) => void}} shows
   */
  constructor(form, does, shows) {
    super(form, "part", does);
    this.shows = shows;
  }

  /** @param {Span[]} words @param {string} because */
  open(words, because = "") {
    this.words = words;
    this.show();
    this.parts.because.textContent = because;
    const [first] = words;
    const text = first ? this.shows.text(first) : "";
    const shown = text.replace(/\s+/g, " ");
    fill(
      this.parts.words,
      first
        ? made("q", {}, shown.length > 160 ? `${shown.slice(0, 80)} … ${shown.slice(-60)}` : shown)
        : say("no_words"),
    );
    const line = text.trim().split("\n")[0];
    const name = line.length > NAME ? `${line.slice(0, line.lastIndexOf(" ", NAME))} …` : line;
    fill(this.parts.label, textFields(this.languages, "label", say("part_name"), name));
    this.list();
    const field = /** @type {HTMLInputElement | null} */ (this.form.querySelector("input"));
    field?.focus();
    field?.select();
  }

  /** Shows the parts that there are: each is renamed or taken out. */
  list() {
    if (!this.isOpen) return;
    const { parts, coverage } = this.does.desk();
    const lines = parts.map((it) => {
      const facts = coverage.find((row) => row.part.address === it.address)?.facts ?? 0;
      const light = () => this.shows.light([[it.start, it.end]]);
      const button = (/** @type {string} */ what, /** @type {() => void} */ act) =>
        made(
          "button",
          { type: "button", class: "link", "aria-label": `${say(what)} ${it.label}`, onclick: act },
          say(what),
        );
      return made(
        "li",
        { onmouseenter: light, onfocusin: light },
        made("span", {}, `${it.label} `, made("span", { class: "soft small" }, say("facts_in", { n: number(facts) }))),
        made(
          "span",
          { class: "fact-acts" },
          button("rename", () => this.shows.rename(it.address)),
          parts.length > 1 && button("drop", () => void this.#drop(it.address)),
        ),
      );
    });
    fill(this.parts.list, lines);
  }

  /** @param {string} part */
  async #drop(part) {
    try {
      await this.does.act({ act: "drop", part });
      this.says("");
    } catch (error) {
      this.refused(/** @type {import("./server.js").RefusedAct} */ (error));
    }
    this.list();
  }

  /** @override @returns {DeskAct | null} */
  asked() {
    const label = textsIn(this.form, this.languages, "label");
    if (label && this.words.length) return { act: "part", words: this.words[0], label };
    this.says(say(this.words.length ? "missing" : "part_words"));
    return null;
  }
}
