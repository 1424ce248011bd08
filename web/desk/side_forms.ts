// A form beside the text: Ctrl Enter sends it, Escape closes it, and what is refused is said in it, with nothing lost.
import { fill, made, partsIn } from "../base/elements.ts";
import { number, say } from "./said.ts";
import type { RefusedAct } from "./server.ts";

/** What a form beside the text does. */
export type FormDoes = { act: (act: DeskAct) => Promise<DeskAnswer>; closed: () => void; desk: () => DeskState };

/** A form beside the text that asks for one act. */
export class SideForm {
  form;
  does;
  parts;

  /** @param name by which its parts are called */
  constructor(form: HTMLFormElement, name: string, does: FormDoes) {
    this.form = form;
    this.does = does;
    this.parts = partsIn(form, name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("keydown", (event) => this.pressed(event));
    this.parts.cancel.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return !this.form.hidden;
  }

  get languages() {
    return this.does.desk().document.languages ?? ["fr"];
  }

  /** Shows the form, without what was said of it before. */
  show() {
    this.form.hidden = false;
    this.says("");
  }

  /** @param sentence what is wrong */
  says(sentence: string) {
    this.parts.formError.textContent = sentence;
  }

  pressed(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.submit();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.stopPropagation();
      this.close();
    }
  }

  /** The act that is asked for; null where something is missing, which the form then says. */
  asked(): DeskAct | null {
    return null;
  }

  /** Has the act done, and closes; what the server refuses is said, and all stays. */
  async submit() {
    if (this.form.hasAttribute("aria-busy")) return;
    const act = this.asked();
    if (!act) return;
    this.form.setAttribute("aria-busy", "true");
    try {
      await this.does.act(act);
      this.close();
    } catch (error) {
      this.refused(error as RefusedAct);
    } finally {
      this.form.removeAttribute("aria-busy");
    }
  }

  refused(error: RefusedAct) {
    this.says(error.message || say("failed"));
  }

  close() {
    if (!this.isOpen) return;
    this.form.hidden = true;
    this.does.closed();
  }
}

// Fields for a text in each language of the document.

/**
 * Returns a field for each language.
 * @param name by which the fields begin
 * @param written what stands in the first one
 */
const textFields = (languages: string[], name: string, label: string, written = "") =>
  languages.map((code, at) =>
    made(
      "label",
      made("span", languages.length > 1 ? `${label} (${code})` : label),
      made("input", {
        type: "text",
        name: `${name}-${code}`,
        lang: code,
        autocomplete: "off",
        value: at ? null : written,
      }),
    ),
  );

/** Returns what is written in such fields, the first text where another is empty; null where all are. */
function textsIn(form: HTMLElement, languages: string[], name: string) {
  const field = (code: string) => form.querySelector(`[name="${name}-${code}"]`) as HTMLInputElement | null;
  const pairs = languages.map((code) => [code, field(code)?.value.trim() ?? ""]);
  const first = pairs.find(([, text]) => text)?.[1];
  return first
    ? (Object.fromEntries(pairs.map(([code, text]) => [code, text || first])) as Record<string, string>)
    : null;
}

// The form of a part of the document: the selected words and what they are called; and the parts that there are.

/** Of the words no more are proposed as a name. */
const NAME = 60;

/** The form of a part of the document. */
export class PartForm extends SideForm {
  words: Span[] = [];

  shows;

  constructor(
    form: HTMLFormElement,
    does: FormDoes,
    shows: { text: (span: Span) => string; rename: (address: string) => void; light: (words: Span[]) => void },
  ) {
    super(form, "part", does);
    this.shows = shows;
  }

  open(words: Span[], because = "") {
    this.words = words;
    this.show();
    this.parts.because.textContent = because;
    const [first] = words;
    const text = first ? this.shows.text(first) : "";
    const shown = text.replace(/\s+/g, " ");
    fill(
      this.parts.words,
      first ? made("q", shown.length > 160 ? `${shown.slice(0, 80)} … ${shown.slice(-60)}` : shown) : say("no_words"),
    );
    const line = text.trim().split("\n")[0];
    const name = line.length > NAME ? `${line.slice(0, line.lastIndexOf(" ", NAME))} …` : line;
    fill(this.parts.label, textFields(this.languages, "label", say("part_name"), name));
    this.list();
    const field = this.form.querySelector("input") as HTMLInputElement | null;
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
      const button = (what: string, act: () => void) =>
        made(
          "button",
          { type: "button", class: "link", "aria-label": `${say(what)} ${it.label}`, onclick: act },
          say(what),
        );
      return made(
        "li",
        { onmouseenter: light, onfocusin: light },
        made("span", `${it.label} `, made("span.soft.small", say("facts_in", { n: number(facts) }))),
        made(
          "span.fact-acts",
          button("rename", () => this.shows.rename(it.address)),
          parts.length > 1 && button("drop", () => void this.#drop(it.address)),
        ),
      );
    });
    fill(this.parts.list, lines);
  }

  async #drop(part: string) {
    try {
      await this.does.act({ act: "drop", part });
      this.says("");
    } catch (error) {
      this.refused(error as RefusedAct);
    }
    this.list();
  }

  override asked(): DeskAct | null {
    const label = textsIn(this.form, this.languages, "label");
    if (label && this.words.length) return { act: "part", words: this.words[0], label };
    this.says(say(this.words.length ? "missing" : "part_words"));
    return null;
  }
}

// The form of an open question: what is asked, its readings, and which facts each of them rests on.

const touch = ([start, end]: Span, [from, to]: Span) => start < to && from < end;

/** The form of an open question about the selected words. */
export class QuestionForm extends SideForm {
  words: Span[] = [];
  facts: DeskFact[] = [];

  constructor(form: HTMLFormElement, does: FormDoes) {
    super(form, "question", does);
    this.parts.more.addEventListener("click", () => this.#addReading()?.focus());
  }

  open(words: Span[], because = "") {
    this.words = words;
    this.facts = this.does.desk().facts.filter((it) => it.words.some((span) => words.some((one) => touch(span, one))));
    this.show();
    this.parts.because.textContent = because;
    fill(this.parts.label, textFields(this.languages, "label", say("question_label")));
    fill(this.parts.readings);
    this.#addReading();
    this.#addReading();
    fill(this.parts.about, this.#aboutField());
    (this.form.querySelector("input[type=text]") as HTMLElement | null)?.focus();
  }

  /** The things that the words name or their facts speak of, and the document: what a question without facts is about. */
  #aboutField() {
    const { things } = this.does.desk();
    const named = things.filter((it) => it.places.some((place) => this.words.some((span) => touch(span, place))));
    const spoken = this.facts.flatMap((it) => ["address" in it.value ? it.value.address : "", it.subject.address]);
    const offered = things.filter((it, at) => at === 0 || named.includes(it) || spoken.includes(it.address));
    const lines = [...offered.slice(1), offered[0]].map((it) =>
      made(
        "label.choice",
        made("input", { type: "checkbox", name: "about", value: it.address }),
        made("span", it.label, " ", made("span.soft.small", it.kindLabel)),
      ),
    );
    return made("fieldset", made("legend", say("question_about")), lines);
  }

  #addReading() {
    const n = this.parts.readings.children.length + 1;
    const facts = this.facts.map((it) =>
      made(
        "label.choice",
        made("input", { type: "checkbox", name: `facts-${n}`, value: it.id }),
        made(
          "span",
          `${it.subject.label} ${it.property.label} ${"address" in it.value ? it.value.label : it.value.text}`,
        ),
      ),
    );
    const reading = made(
      "fieldset",
      made("legend", say("reading_n", { n })),
      textFields(this.languages, `reading-${n}`, say("reading_label")),
      facts.length > 0 && made("p.small.soft", say("reading_facts")),
      facts,
      made(
        "label.choice",
        made("input", { type: "radio", name: "taken", value: n, checked: n === 1 }),
        made("span", say("reading_taken")),
      ),
    );
    this.parts.readings.append(reading);
    return reading.querySelector("input") as HTMLElement | null;
  }

  override asked(): DeskAct | null {
    const label = textsIn(this.form, this.languages, "label");
    const readings = [...this.parts.readings.children].flatMap((it, at) => {
      const written = textsIn(this.form, this.languages, `reading-${at + 1}`);
      const checked = it.querySelectorAll("[type=checkbox]:checked") as NodeListOf<HTMLInputElement>;
      const taken = (it.querySelector("[name=taken]") as HTMLInputElement).checked;
      return written ? [{ label: written, facts: [...checked].map((one) => one.value), taken }] : [];
    });
    const ticked = this.parts.about.querySelectorAll(":checked") as NodeListOf<HTMLInputElement>;
    const about = [...ticked].map((it) => it.value);
    const isOpen = about.length > 0 || readings.some((it) => it.facts.length);
    if (label && readings.length > 1 && isOpen) return { act: "question", label, words: this.words, about, readings };
    this.says(say(!label ? "question_missing" : readings.length > 1 ? "question_of_nothing" : "question_readings"));
    return null;
  }
}

// What a thing is called in each language of the document, in a small window.

/** The window that names a thing. */
export class NamesForm {
  #address = "";

  dialog;
  does;

  constructor(
    dialog: HTMLDialogElement,
    does: {
      name: (act: DeskAct) => Promise<DeskAnswer>;
      called: (address: string) => string;
      languages: () => string[];
    },
  ) {
    this.dialog = dialog;
    this.does = does;
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
  }

  open(address: string) {
    this.#address = address;
    const called = this.does.called(address);
    const error = made("p", { class: "field-error", role: "alert" });
    const fields = this.does
      .languages()
      .map((code) =>
        made(
          "label",
          made("span", say(`label_${code}`)),
          made("input", { type: "text", name: code, lang: code, value: called, autocomplete: "off" }),
        ),
      );
    const form = made(
      "form",
      {
        onsubmit: (event: Event) => {
          event.preventDefault();
          void this.#submit(form, error);
        },
      },
      made("h2", say("names_of", { what: called })),
      made("div.form-labels", fields),
      error,
      made(
        "p.form-acts",
        made("button", { type: "submit" }, say("name")),
        made("button", { type: "button", class: "link", onclick: () => this.dialog.close() }, say("close")),
      ),
    );
    fill(this.dialog, form);
    this.dialog.showModal();
  }

  async #submit(form: HTMLFormElement, error: HTMLElement) {
    const given = [...new FormData(form)].map(([code, text]) => [code, String(text)]).filter(([, text]) => text.trim());
    try {
      await this.does.name({ act: "name", thing: this.#address, label: Object.fromEntries(given) });
      this.dialog.close();
    } catch (refused) {
      error.textContent = (refused as Error).message || say("failed");
    }
  }
}
