// The form of a fact: subject, property, object, certainty, reason, voices. Enter goes on from field to field; Ctrl and Enter state it.
import { fill, made, partsIn } from "../base/elements.ts";
import { ChoiceField, ThingField } from "./fields.ts";
import { TYPE, type FactChoices } from "./fact_choices.ts";
import { FormFields } from "./form_fields.ts";
import { ReasonFields } from "./reason_fields.ts";
import { say } from "./said.ts";
import type { RefusedAct } from "./server.ts";

const NAME_AS_PRINTED = "https://w3id.org/rallynov/ontology#nameAsPrinted";
const CERTAINTIES = ["explicit", "inferred", "tentative"] as Certainty[];

/** The form that a fact is stated with. */
export class FactForm {
  words: Span[] = [];
  /** The fact that is changed. */
  changing: DeskFact | null = null;
  /** The proposal that is taken otherwise. */
  proposal: DeskProposal | null = null;
  /** What was spoken of last. */
  last: Ref | null = null;
  /** Whether it is only asked which thing the words name. */
  isNaming = false;
  /** Whether a form that is declared is filled. */
  isDeclared = false;
  /** The set that the fact goes into, where that is known. */
  set: string | null = null;
  /** The language in which a text is asked for. */
  #language = "";
  #properties: DeskProperty[] = [];

  form;
  choices;
  does;
  parts;
  radios;
  subject;
  property: ChoiceField<DeskProperty>;
  object;
  /** Those who say it, and an empty field at the end. */
  voices: ChoiceField<Ref>[] = [];
  question: ChoiceField<{ address: string; label: string }>;
  reason;
  declared: ChoiceField<DeskForm>;
  fields;

  constructor(
    form: HTMLFormElement,
    choices: FactChoices,
    does: {
      state: (act: DeskAct) => Promise<DeskAnswer>;
      closed: () => void;
      ask: (words: Span[]) => void;
      words: () => Span[];
      reasons: () => Promise<{ reason: Record<string, string> }[]>;
      desk: () => DeskState;
    },
  ) {
    this.form = form;
    this.choices = choices;
    this.does = does;
    this.parts = partsIn(form, "fact");
    const { parts } = this;
    this.radios = [...form.querySelectorAll("[name=certainty]")] as HTMLInputElement[];
    this.subject = new ThingField(this.#places("subject"), {
      id: "fact-subject",
      label: say("subject"),
      there: () => does.desk().things,
      source: (written) =>
        choices.things(written || this.#selectedName, { words: this.words, last: this.last, isOfWords: !written }),
      taken: () => this.property.set(null),
      next: () => (this.isNaming ? void this.submit() : this.property.input.focus()),
    });
    this.property = new ChoiceField(parts.property, {
      id: "fact-property",
      label: say("property"),
      source: (written) => this.#propertiesFor(written),
      taken: () => this.#propertyTaken(),
      next: () => this.object.focus(),
    });
    this.object = new ThingField(this.#places("object"), {
      id: "fact-object",
      label: say("object"),
      there: () => does.desk().things,
      source: (written) => this.#objectsFor(written),
      next: () => this.#toCertainty(),
    });
    this.question = new ChoiceField(parts.question, {
      id: "fact-question",
      label: say("in_question"),
      optional: say("in_question_hint"),
      source: (written) => choices.readings(written),
      taken: () => undefined,
      next: () => this.#toCertainty(),
    });
    this.declared = new ChoiceField(parts.declared, {
      id: "fact-form",
      label: say("form"),
      source: (written) => choices.forms(written),
      taken: (form) => this.fields.show(form),
      next: () => this.fields.focus(),
    });
    this.fields = new FormFields(parts.fields, {
      things: () => does.desk().things,
      source: (written, field) => this.#optionsOf(written, field),
      end: () => this.#toCertainty(),
    });
    this.reason = new ReasonFields(
      { fields: parts.reasonFields, earlier: parts.reasons, error: parts.reasonError },
      { earlier: does.reasons, taken: () => parts.submit.focus() },
    );
    for (const radio of this.radios) radio.addEventListener("change", () => this.#certaintyChosen());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("keydown", (event) => this.#pressed(event));
    parts.cancel.addEventListener("click", () => this.close());
    parts.reword.addEventListener("click", () => this.setWords(this.does.words()));
  }

  #places(of: "subject" | "object") {
    return { field: this.parts[of], kind: this.parts[`${of}Kind`], labels: this.parts[`${of}Labels`] };
  }

  get isOpen() {
    return !this.form.hidden;
  }

  /**
   * Opens the form: empty but for the words and what was spoken of last, or filled with a fact or a proposal; beside
   * a fact, the new one goes into its set.
   */
  open({
    words,
    fact,
    proposal,
    subject = this.#about(words),
    property = null,
    isNaming = false,
    isDeclared = false,
    because = "",
    beside = null,
    language = "",
  }: {
    words: Span[];
    fact?: DeskFact;
    proposal?: DeskProposal;
    subject?: Ref | null;
    property?: string | null;
    isNaming?: boolean;
    isDeclared?: boolean;
    because?: string;
    beside?: DeskFact | null;
    language?: string;
  }) {
    this.set = beside?.set ?? null;
    this.#language = language;
    this.isNaming = isNaming;
    this.isDeclared = isDeclared;
    this.form.classList.toggle("is-naming", isNaming);
    this.form.classList.toggle("is-declared", isDeclared);
    this.declared.set(null);
    this.fields.show(null);
    this.changing = fact ?? null;
    this.proposal = proposal ?? null;
    this.form.hidden = false;
    for (const it of [this.subject, this.object]) it.clear();
    for (const it of [this.property, this.question]) it.set(null);
    this.#showVoices([]);
    this.#propertyTaken();
    this.reason.show(this.#languages, (fact ?? beside)?.reason);
    for (const name of ["formError", "wordsError"]) this.parts[name].textContent = "";
    this.parts.because.textContent = because;
    this.setWords(words);
    this.parts.title.textContent = say(
      isDeclared ? "form_new" : isNaming ? "fact_name" : fact ? "fact_change" : proposal ? "fact_proposed" : "fact_new",
    );
    this.#setCertainty((fact ?? beside)?.certainty ?? "explicit");
    if (isDeclared) this.declared.input.focus();
    else if (isNaming) this.subject.focus();
    else if (fact) this.#fill(fact);
    else if (proposal) this.#fillFrom(proposal);
    else this.#begin(subject, property, beside ? beside.voices : this.#speaker());
  }

  /** Returns what words are about: what was spoken of last where they name it or nothing, else the first thing that they name. */
  #about(words: Span[]) {
    const named = this.choices.thingsIn(words);
    const isNamed = named.some((it) => it.address === this.last?.address);
    return isNamed || !named.length ? this.last : named[0];
  }

  /** The selected words, where they are to name a thing. */
  get #selectedName() {
    const [[start, end] = [0, 0]] = this.words;
    return this.isNaming ? unbroken(this.choices.finder.words.text.slice(start, end)) : "";
  }

  /** The languages of the document, that which is asked for first. */
  get #languages() {
    const every = this.does.desk().document.languages ?? ["fr"];
    return every.includes(this.#language) ? [this.#language, ...every.filter((it) => it !== this.#language)] : every;
  }

  #showVoices(voices: Ref[]) {
    fill(this.parts.voices, []);
    this.voices = [];
    for (const it of [...voices, null]) this.#addVoice(it);
  }

  #addVoice(voice: Ref | null) {
    const at = this.voices.length;
    const place = made("div.form-field");
    this.parts.voices.append(place);
    const field = new ChoiceField<Ref>(place, {
      id: at ? `fact-voice-${at}` : "fact-voice",
      label: say(at ? "other_voice" : "voice"),
      optional: at ? "" : say("voice_hint"),
      source: (written) => this.choices.things(written, { words: this.words, isVoice: true }),
      taken: (_, it) => it === this.voices.at(-1) && this.#addVoice(null),
      next: () => this.#toCertainty(),
    });
    if (voice) field.set(voice, voice.label, voice.kind);
    this.voices.push(field);
  }

  get #voices() {
    return this.voices.flatMap((it) => it.value?.address ?? []);
  }

  #begin(subject: Ref | null, property: string | null, voices: Ref[]) {
    this.#showVoices(voices);
    if (!subject) return this.subject.focus();
    this.subject.setThing(subject);
    void this.#setProperty(property);
    return this.property.input.focus();
  }

  /** Returns who speaks the words, where they lie in a quotation that was accepted. */
  #speaker() {
    const { proposals, things } = this.does.desk();
    const said = proposals.find(
      (it) =>
        it.kind === "quotation" &&
        (it.status === "accepted" || it.status === "changed") &&
        this.words.some(([start, end]) => start >= it.start && end <= it.end),
    );
    const who = said?.candidates[0];
    return things.filter((it) => (who?.iri ? it.address === who.iri : it.label === who?.label)).slice(0, 1);
  }

  #fill({ subject, property, value, voices, set }: DeskFact) {
    this.subject.setThing(subject);
    if ("address" in value) this.object.setThing(value);
    else
      this.object.setValue(
        value.lang ? { text: value.text, lang: value.lang } : { value: value.text, datatype: value.datatype },
      );
    this.#showVoices(voices);
    const reading = this.does
      .desk()
      .questions.flatMap((it) => it.readings)
      .find((it) => it.sets.includes(set));
    if (reading) this.question.set(reading, reading.label);
    void this.#setProperty(property.iri);
    this.object.focus();
    this.object.choice.close();
  }

  #fillFrom({ subject, object, property, candidates }: DeskProposal) {
    const known = (ref: { label: string; iri?: string | null } | null | undefined) =>
      ref && this.does.desk().things.find((one) => (ref.iri ? one.address === ref.iri : one.label === ref.label));
    const about = known(subject) ?? this.last;
    const other = known(object);
    const [candidate] = candidates;
    if (about) this.subject.setThing(about);
    if (other) this.object.setThing(other);
    else if (candidate?.value) this.object.setValue({ value: candidate.value, datatype: candidate.datatype });
    void this.#setProperty(property);
    if (about) this.property.input.focus();
    else this.subject.focus();
  }

  setWords(words: Span[]) {
    this.words = words;
    const { text } = this.choices.finder.words;
    const shown = words.map(([start, end]) => text.slice(start, end).replace(/\s+/g, " "));
    fill(this.parts.words, shown.length ? shown.map((it) => made("q", shortened(it))) : say("no_words"));
  }

  async #loadProperties() {
    const of = this.subject.thing ? { subject: this.subject.thing.address } : { class: this.subject.newClass };
    this.#properties = await this.choices.properties(of).catch(() => []);
    const demanded = this.#properties.filter((it) => it.demanded).map((it) => it.label);
    if (of.subject && of.subject === this.subject.thing?.address)
      fill(this.subject.choice.note, demanded.length > 0 && say("demands", { what: demanded.join(", ") }));
  }

  async #setProperty(iri: string | null | undefined) {
    await this.#loadProperties();
    const found = this.#properties.find((it) => it.iri === iri);
    if (!found) return;
    this.property.set(found, found.label);
    this.#propertyTaken();
    if (document.activeElement === this.property.input) this.object.focus();
  }

  async #propertiesFor(written: string) {
    await this.#loadProperties();
    return this.choices.propertyOptions(this.#properties, written);
  }

  #objectsFor(written: string) {
    const property = this.property.value;
    if (property?.iri === TYPE) return this.choices.classes(written);
    return this.choices.objects(written, property, this.words, this.#languages, this.subject.thing?.address);
  }

  #optionsOf(written: string, field: DeskField): Option[] | Promise<Option[]> {
    if (field.field === "fact") return this.choices.facts(written, this.words);
    if (field.field !== "value") return this.choices.objects(written, field, this.words, this.#languages);
    // What replaces a value is of the property of that value.
    const old = this.fields.chosen("fact") as { property?: string } | null | undefined;
    const asked = old?.property ? { property: old.property } : {};
    return this.choices
      .properties({ class: "" })
      .then((every) => every.find((it) => it.iri === asked.property) ?? null)
      .then((it) => this.choices.objects(written, it, this.words, this.#languages));
  }

  #propertyTaken() {
    const it = this.property.value;
    fill(this.property.note, it?.definition ?? "");
    fill(this.property.kind, it ? `→ ${it.accepts.map((one) => one.label).join(", ") || say("anything")}` : "");
  }

  get #certainty() {
    return (this.radios.find((it) => it.checked)?.value ?? "explicit") as Certainty;
  }

  #setCertainty(certainty: Certainty) {
    for (const radio of this.radios) radio.checked = radio.value === certainty;
    this.#certaintyChosen();
  }

  #certaintyChosen() {
    this.parts.reason.hidden = this.#certainty === "explicit";
  }

  #pressed(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.submit();
    else if (event.key === "Escape" && !event.defaultPrevented) this.close();
    else if (target.matches("[name=certainty]") && ["1", "2", "3"].includes(event.key))
      this.#chooseCertainty(Number(event.key) - 1);
    else if (target.matches("[name=certainty]") && event.key === "Enter") this.#afterCertainty();
    else if (target.matches("[name=certainty]") && /^[vq]$/i.test(event.key) && !event.ctrlKey && !event.metaKey)
      (event.key.toLowerCase() === "v" ? this.voices[0] : this.question).input.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toCertainty() {
    this.radios.find((it) => it.checked)?.focus();
  }

  #chooseCertainty(at: number) {
    this.#setCertainty(CERTAINTIES[at]);
    this.radios[at].focus();
    if (at) void this.reason.focus();
  }

  #afterCertainty() {
    if (this.#certainty === "explicit" || this.reason.value) void this.submit();
    else void this.reason.focus();
  }

  /** States what the form says, and closes it; what is missing, or what the server refuses, is said at its field. */
  async submit() {
    if (this.form.hasAttribute("aria-busy")) return;
    if (this.isDeclared) return this.#fillForm();
    const subject = this.subject.asked() as AskedThing | null;
    if (this.isNaming) {
      if (subject) await this.#send(this.#act({ words: this.words, subject, ...this.#naming(subject) }));
      return;
    }
    const property = this.property.value;
    const object = this.object.asked();
    const certainty = this.#certainty;
    const reason = certainty === "explicit" ? null : this.reason.value;
    const lacksReason = certainty !== "explicit" && !reason;
    if (!property) this.property.says(say(this.property.input.value ? "not_chosen" : "missing"));
    if (lacksReason) this.reason.complain();
    const isUnchosen = Boolean(this.question.input.value && !this.question.value);
    if (isUnchosen) this.question.says(say("not_chosen"));
    if (subject && property && object && !lacksReason && !isUnchosen) {
      const said = {
        words: this.words,
        subject,
        property: property.iri,
        object,
        certainty,
        ...(reason ? { reason } : {}),
        ...(this.set ? { set: this.set } : {}),
        voice: this.#voices,
        ...this.#inQuestion,
      };
      await this.#send(this.#act(said));
    } else if (subject && property && object && lacksReason) await this.reason.focus();
    else (this.form.querySelector("[aria-invalid]") as HTMLElement | null)?.focus();
  }

  /** States what the fields of a declared form have. */
  async #fillForm() {
    const { form } = this.fields;
    if (!form) return this.declared.says(say(this.declared.input.value ? "not_chosen" : "missing"));
    const values = this.fields.values();
    const certainty = this.#certainty;
    const reason = certainty === "explicit" ? null : this.reason.value;
    if (certainty !== "explicit" && !reason) {
      this.reason.complain();
      return this.reason.focus();
    }
    if (!values) return (this.form.querySelector("[aria-invalid]") as HTMLElement | null)?.focus();
    const words = form.words ? this.words : [];
    const said = { words, certainty, ...(reason ? { reason } : {}), voice: this.#voices };
    return this.#send({ act: "fill", form: form.form, values, ...said });
  }

  /** The reading of an open question that the fact belongs to; what was in one and is in none is taken out of it. */
  get #inQuestion() {
    const reading = this.question.value?.address;
    return reading ? { reading } : this.changing?.question ? { reading: "" } : {};
  }

  /** Returns what is stated where words name a thing: of a new one of what kind it is, of a known one its printed name. */
  #naming(subject: AskedThing): { certainty: Certainty; property: string; object: AskedObject } {
    const isKnown = typeof subject === "string";
    const said = { property: NAME_AS_PRINTED, object: { value: this.#selectedName } };
    return { certainty: "explicit", ...(isKnown ? said : { property: TYPE, object: this.subject.newClass }) };
  }

  #act(said: AskedFact): DeskAct {
    if (this.changing) return { act: "change", fact: this.changing.id, ...said };
    if (this.proposal) return { act: "accept", proposal: this.proposal.id, ...said };
    return { act: "state", ...said };
  }

  async #send(act: DeskAct) {
    this.form.setAttribute("aria-busy", "true");
    try {
      const before = new Set(this.does.desk().things.map((it) => it.address));
      const called = this.subject.choice.input.value;
      await this.does.state(act);
      const { things } = this.does.desk();
      const address = this.subject.thing?.address;
      const isIt = (it: DeskThing) =>
        address ? it.address === address : !before.has(it.address) && it.label === called;
      this.last = things.find(isIt) ?? this.subject.thing ?? this.last;
      this.choices.forget();
      const asksNew = this.question.value?.address === "";
      this.close();
      if (asksNew) this.does.ask(this.words);
    } catch (error) {
      this.#refused(error as RefusedAct);
    } finally {
      this.form.removeAttribute("aria-busy");
    }
  }

  #refused(error: RefusedAct) {
    const sentence = error.message || say("failed");
    const field = (error.field ?? "").split(".")[0];
    const choices = {
      subject: this.subject.choice,
      property: this.property,
      object: this.object.choice,
      voice: this.voices[0],
      reading: this.question,
    };
    if (this.isDeclared && this.fields.says(field, sentence)) return;
    const choice = choices[field as keyof typeof choices];
    if (choice) {
      choice.says(sentence);
      choice.input.focus();
      choice.close();
    } else if (field === "reason") this.reason.says(sentence);
    else this.parts[field === "words" ? "wordsError" : "formError"].textContent = sentence;
  }

  close() {
    if (!this.isOpen) return;
    this.form.hidden = true;
    this.does.closed();
  }
}

/** Returns words on one line, those whole that a hyphen breaks at the end of a line. */
const unbroken = (words: string) => words.replace(/(\p{L})[-\u00ad]\s*\n\s*(?=\p{Ll})/gu, "$1").replace(/\s+/g, " ");
const shortened = (words: string) => (words.length > 160 ? `${words.slice(0, 80)} … ${words.slice(-60)}` : words);
