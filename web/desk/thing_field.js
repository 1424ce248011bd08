// A field for a thing or a value: what is chosen, and of a new thing its class and its names in other languages.
import { ChoiceField } from "./choice_field.js";
import { begins } from "./folded.js";
import { fill, made, sign } from "./made.js";
import { say } from "./said.js";

/** @typedef {{new: string, kinds: NewKind[], kind: NewKind | null, isOfWords?: boolean}} NewChoice */
/** @typedef {FoundThing | Ref | NewChoice} ThingChoice */
/** @typedef {{value?: string, text?: string, datatype?: string, lang?: string, words?: Span[], iri?: string}} ValueChoice */

/** Classes of things that words tell of and do not name, by the ends of their addresses. */
const TOLD = new Set(["Testimony", "Participation", "Membership", "ReportedFigure", "Funding", "Emphasis", "Relay"]);

/** A field of a fact that takes a thing, known or new, or a value. */
export class ThingField {
  /**
   * @param {{field: HTMLElement, kind: HTMLElement, labels: HTMLElement}} places
   * @param {{id: string, label: string, optional?: string, there: () => {label: string}[], source: (written: string) => Option[] | Promise<Option[]>, taken?: () => void, next: () => void}} options
   */
  constructor(places, { id, label, optional, there, source, taken = () => undefined, next }) {
    this.places = places;
    this.there = there;
    this.id = id;
    /** @type {ChoiceField<ThingChoice | ValueChoice>} */
    this.choice = new ChoiceField(places.field, {
      id,
      label,
      optional,
      source,
      taken: () => {
        this.#askKind();
        taken();
      },
      next: () => (this.#lacksKind ? this.kind.input.focus() : next()),
    });
    /** @type {ChoiceField<NewKind>} */
    this.kind = new ChoiceField(places.kind, {
      id: `${id}-kind`,
      label: say("kind_of_new"),
      source: (written) => this.#kinds.filter((it) => !written || begins(written, it.label)).map(kindOption),
      taken: (kind) => {
        this.#nameByKind(kind);
        this.#showKind(kind);
        taken();
      },
      next,
    });
  }

  get #new() {
    const { value } = this.choice;
    return value && "kinds" in value ? value : null;
  }

  get #kinds() {
    return this.#new?.kinds ?? [];
  }

  get #lacksKind() {
    return Boolean(this.#new && !this.kind.value);
  }

  /** The thing that is chosen, where it is one that is known. */
  get thing() {
    const { value } = this.choice;
    return value && "address" in value ? value : null;
  }

  /** The class of a new thing. */
  get newClass() {
    return this.#new ? (this.kind.value?.class ?? "") : "";
  }

  /** @param {Ref} thing */
  setThing(thing) {
    this.clear();
    this.choice.set(thing, thing.label, thing.kind, /** @type {Partial<DeskThing>} */ (thing).kindLabel ?? "");
  }

  /** @param {ValueChoice} value */
  setValue(value) {
    this.clear();
    this.choice.set(value, value.text ?? value.value ?? "");
  }

  clear() {
    this.choice.set(null);
    this.#askKind();
  }

  focus() {
    this.choice.input.focus();
  }

  /** @param {string} sentence */
  says(sentence) {
    this.choice.says(sentence);
  }

  #askKind() {
    const it = this.#new;
    this.places.kind.hidden = !it || Boolean(it.kind);
    if (it) this.choice.input.value = it.new;
    this.kind.set(it?.kind ?? null, it?.kind?.label);
    this.#showKind(it?.kind ?? null);
  }

  /**
   * Names a new thing that the words name not, but tell of, after its kind and them: a testimony, a seat, a figure.
   * Two of them in the same words are told apart by a number.
   * @param {NewKind | null} kind
   */
  #nameByKind(kind) {
    const it = this.#new;
    if (!it?.isOfWords || !kind || !TOLD.has(kind.class.replace(/^.*[#/]/, ""))) return;
    const named = say("named_by_kind", { kind: kind.label, words: it.new });
    const there = new Set(this.there().map((one) => one.label));
    it.new = named;
    for (let n = 2; there.has(it.new); n += 1) it.new = `${named} (${n})`;
    this.choice.input.value = it.new;
  }

  /** @param {NewKind | null} kind */
  #showKind(kind) {
    const it = this.#new;
    if (it) {
      fill(this.choice.kind, kind ? say("new_kind", { kind: kind.label }) : "");
      fill(this.choice.sign, kind?.kind ? sign(kind.kind) : null);
    }
    const needs = kind?.demands.length ? say("demands", { what: kind.demands.join(", ") }) : "";
    fill(this.choice.note, needs);
    const asked = (it ? (kind?.languages ?? []).slice(1) : []).map((code) =>
      made(
        "label",
        {},
        say(`label_${code}`),
        made("input", {
          type: "text",
          name: `${this.id}-${code}`,
          placeholder: it?.new,
          autocomplete: "off",
          lang: code,
        }),
      ),
    );
    fill(this.places.labels, asked);
  }

  /** Returns what is chosen as an act has it; null where something is missing, which the field then says. @returns {AskedObject | null} */
  asked() {
    const { value, input } = this.choice;
    if (!value) {
      this.says(say(input.value ? "not_chosen" : "missing"));
      return null;
    }
    if ("words" in value && value.words) return { words: value.words };
    if ("iri" in value && value.iri) return value.iri;
    if (!("kinds" in value)) return "address" in value ? value.address : /** @type {AskedObject} */ (value);
    const kind = this.kind.value;
    if (!kind) {
      this.kind.says(say("missing"));
      return null;
    }
    const languages = kind.languages ?? [];
    const others = languages.slice(1).map((code) => [code, this.#label(code) || value.new]);
    const label = languages.length ? Object.fromEntries([[languages[0], value.new], ...others]) : value.new;
    return { new: label, class: kind.class };
  }

  /** @param {string} code */
  #label(code) {
    const field = /** @type {HTMLInputElement | null} */ (this.places.labels.querySelector(`[lang="${code}"]`));
    return field?.value.trim() ?? "";
  }
}

/** @param {NewKind} it @returns {Option} */
const kindOption = (it) => ({
  label: it.label,
  shape: it.kind,
  note: it.demands.length ? say("demands", { what: it.demands.join(", ") }) : "",
  data: it,
});
