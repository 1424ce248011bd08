// A field with a list under it: a combobox whose lines may be explained, forbidden or new. Arrows choose, Enter takes, Escape closes.
import { fill, made, sign } from "../base/elements.ts";
import { say } from "./said.ts";
import { begins } from "./text_words.ts";

const MOST = 60;

/** A field that something is chosen in. The library of the site's search has no lines that cannot be chosen, nor such that make something. */
export class ChoiceField<T> {
  #options: Option[] = [];
  #active = -1;
  value: T | null = null;

  source: (written: string) => Option[] | Promise<Option[]>;
  taken: (value: T | null, field: ChoiceField<T>) => void;
  next?: () => void;
  hint;
  error;
  note;
  list;
  sign;
  kind;
  input;
  box;

  constructor(
    place: HTMLElement,
    how: Pick<ChoiceField<T>, "source" | "taken" | "next"> & {
      id: string;
      label: string;
      hint?: string;
      optional?: string;
    },
  ) {
    const { id, label, hint = "", optional = "" } = how;
    ({ source: this.source, taken: this.taken, next: this.next } = how);
    this.hint = made("small", { id: `${id}-hint` }, hint || optional);
    this.error = made("p", { class: "field-error", id: `${id}-error`, role: "alert" });
    this.note = made("p", { class: "field-note", id: `${id}-note` });
    // Browsers make a list that scrolls a stop of the Tab key: -1 has Tab go on to the next field.
    const listed = { class: "options", role: "listbox", id: `${id}-list`, "aria-label": label };
    this.list = made("ul", { ...listed, tabindex: "-1", hidden: true });
    this.sign = made("span", { class: "field-sign", "aria-hidden": "true" });
    this.kind = made("span.field-kind");
    this.input = made("input", {
      type: "text",
      id,
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${id}-list`,
      "aria-describedby": `${id}-hint ${id}-error ${id}-note`,
      oninput: () => this.#written(),
      onkeydown: (event: KeyboardEvent) => this.#pressed(event),
      onfocus: () => this.#focused(),
      onblur: () => this.close(),
    });
    const box = made("div.choice-box", this.sign, this.input, this.kind, this.list);
    place.append(made("label", { for: id }, label), " ", this.hint, box, this.error, this.note);
    this.box = box;
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (line) this.#take(Number((line as HTMLElement).dataset.at));
    });
    this.input.addEventListener("click", () => this.list.hidden && this.open());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Has the field hold a value, without telling so. */
  set(value: T | null, label = "", shape = "", kind = "") {
    this.value = value;
    this.input.value = label;
    fill(this.sign, value && shape ? sign(shape) : null);
    fill(this.kind, value ? kind : "");
    this.says("");
    this.close();
  }

  /** @param error what is wrong with the value, empty for nothing */
  says(error: string) {
    this.error.textContent = error;
    this.input.toggleAttribute("aria-invalid", Boolean(error));
    if (error) this.input.setAttribute("aria-invalid", "true");
  }

  #focused() {
    this.input.select();
    if (!this.value) this.open();
  }

  #written() {
    this.value = null;
    fill(this.sign);
    fill(this.kind);
    this.says("");
    this.open();
  }

  /** Shows what may be chosen. */
  async open() {
    const written = this.value ? "" : this.input.value;
    const found = this.source(written);
    if (!(found instanceof Promise)) return this.show(found, written);
    const options = await found.catch(() => null);
    if (options && document.activeElement === this.input) this.show(options, written);
    return undefined;
  }

  /** @param written for which they are */
  show(options: Option[], written: string) {
    this.list.dataset.for = written;
    this.#options = options.slice(0, MOST);
    const lines = this.#options.map((it, at) =>
      made(
        "li",
        {
          role: "option",
          id: `${this.input.id}-option-${at}`,
          "data-at": at,
          "aria-disabled": it.disabled ? "true" : null,
          class: [it.isNew ? "is-new" : "", it.disabled ? "is-disabled" : ""].join(" ").trim() || null,
        },
        sign(it.shape),
        made("span.option-label", it.label),
        it.note ? made("span.option-note", it.note) : null,
      ),
    );
    fill(this.list, lines);
    this.list.hidden = !lines.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.#activate(this.#options.findIndex((it) => !it.disabled));
  }

  close() {
    this.list.hidden = true;
    delete this.list.dataset.for;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.#active = -1;
  }

  #activate(at: number) {
    this.list.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    this.#active = at;
    const line = this.list.children[at];
    if (!line) return this.input.removeAttribute("aria-activedescendant");
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", line.id);
  }

  #pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) return void this.open();
      const by = event.key === "ArrowDown" ? 1 : -1;
      const { length } = this.#options;
      if (length) this.#activate((this.#active + by + length) % length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.isOpen && this.#active >= 0) this.#take(this.#active);
      else if (this.value || !this.input.value) this.next?.();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && this.isOpen && this.input.value && !this.value && this.#active >= 0) {
      if (!this.#options[this.#active].isNew) this.#take(this.#active, true);
    }
  }

  #take(at: number, isLeaving = false) {
    const option = this.#options[at];
    if (!option) return;
    if (option.disabled) {
      this.says(option.note ?? "");
      return;
    }
    this.set(option.data as T, option.label, option.shape);
    this.taken(this.value, this);
    if (!isLeaving) this.next?.();
  }
}

// A field for a thing or a value: what is chosen, and of a new thing its class and its names in other languages.

type NewChoice = { new: string; kinds: NewKind[]; kind: NewKind | null; isOfWords?: boolean };
type ThingChoice = FoundThing | Ref | NewChoice;
type ValueChoice = { value?: string; text?: string; datatype?: string; lang?: string; words?: Span[]; iri?: string };

/** Classes of things that words tell of and do not name, by the ends of their addresses. */
const TOLD = new Set(["Testimony", "Participation", "Membership", "ReportedFigure", "Funding", "Emphasis", "Relay"]);

/** More words of a text in a row would be a quotation. */
const FEW_WORDS = /^(?:[^\p{L}\p{N}]*[\p{L}\p{N}]+){1,8}/u;

/** A field of a fact that takes a thing, known or new, or a value. */
export class ThingField {
  places;
  there;
  id;
  choice: ChoiceField<ThingChoice | ValueChoice>;
  kind: ChoiceField<NewKind>;

  constructor(
    places: { field: HTMLElement; kind: HTMLElement; labels: HTMLElement },
    how: {
      id: string;
      label: string;
      optional?: string;
      there: () => { label: string }[];
      source: (written: string) => Option[] | Promise<Option[]>;
      taken?: () => void;
      next: () => void;
    },
  ) {
    const { id, label, optional, there, source, taken = () => undefined, next } = how;
    this.places = places;
    this.there = there;
    this.id = id;
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

  setThing(thing: Ref) {
    this.clear();
    this.choice.set(thing, thing.label, thing.kind, (thing as Partial<DeskThing>).kindLabel ?? "");
  }

  setValue(value: ValueChoice) {
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

  says(sentence: string) {
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
   */
  #nameByKind(kind: NewKind | null) {
    const it = this.#new;
    if (!it?.isOfWords || !kind || !TOLD.has(kind.class.replace(/^.*[#/]/, ""))) return;
    const [first] = FEW_WORDS.exec(it.new) ?? [it.new];
    const named = say("named_by_kind", { kind: kind.label, words: first === it.new ? first : `${first} …` });
    const there = new Set(this.there().map((one) => one.label));
    it.new = named;
    for (let n = 2; there.has(it.new); n += 1) it.new = `${named} (${n})`;
    this.choice.input.value = it.new;
  }

  #showKind(kind: NewKind | null) {
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

  /** Returns what is chosen as an act has it; null where something is missing, which the field then says. */
  asked(): AskedObject | null {
    const { value, input } = this.choice;
    if (!value) {
      this.says(say(input.value ? "not_chosen" : "missing"));
      return null;
    }
    if ("words" in value && value.words) return { words: value.words };
    if ("iri" in value && value.iri) return value.iri;
    if (!("kinds" in value)) return "address" in value ? value.address : (value as AskedObject);
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

  #label(code: string) {
    const field = this.places.labels.querySelector(`[lang="${code}"]`) as HTMLInputElement | null;
    return field?.value.trim() ?? "";
  }
}

const kindOption = (it: NewKind): Option => ({
  label: it.label,
  shape: it.kind,
  note: it.demands.length ? say("demands", { what: it.demands.join(", ") }) : "",
  data: it,
});
