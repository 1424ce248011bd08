// What may be chosen in the fields of a fact: properties, things, new ones, and values that the selected words have.
import { type TextFinder, begins, folded } from "./text_words.ts";
import { say } from "./said.ts";
import type { DeskServer } from "./server.ts";

export const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
const NUMBERS = new Set(["integer", "nonNegativeInteger", "positiveInteger", "decimal"].map((it) => `${XSD}${it}`));
/** A label of more signs is no name that was selected. */
const NAME = 80;

const touch = ([start, end]: Span, [from, to]: Span) => start < to && from < end;

/** Returns the property that says of what kind something is, which no shape has. */
const ofKind = (): DeskProperty => ({
  iri: TYPE,
  name: "rdf:type",
  label: say("type"),
  definition: say("type_definition"),
  accepts: [],
  demanded: false,
  one: false,
  allowed: true,
});

/** The choices of a fact whose words are selected. */
export class FactChoices {
  #properties = new Map<string, Promise<DeskProperty[]>>();
  #running: AbortController | undefined;

  server;
  finder;
  state;

  constructor(server: DeskServer, finder: TextFinder, state: () => DeskState) {
    this.server = server;
    this.finder = finder;
    this.state = state;
  }

  /** Returns the classes that something may be of. */
  async classes(written: string): Promise<Option[]> {
    const { new: kinds } = (await this.server.get("/things")) as Things;
    return kinds
      .filter((it) => begins(written, it.label))
      .map((it) => ({ label: it.label, shape: it.kind, data: { iri: it.class } }));
  }

  /** Returns the readings of the open questions, and a new question. */
  readings(written: string): Option[] {
    const found = this.state().questions.flatMap((question) =>
      question.readings
        .filter((it) => begins(written, it.label) || begins(written, question.label))
        .map((it) => ({ label: it.label, note: question.label, data: it })),
    );
    return [...found, { label: say("ask_new"), isNew: true, data: { address: "", label: "" } }];
  }

  /** Returns the forms that are declared. */
  async forms(written: string): Promise<Option[]> {
    this.#forms ??= this.server.get("/forms") as Promise<DeskForm[]>;
    return (await this.#forms)
      .filter((it) => begins(written, it.label))
      .map((it) => ({ label: it.label, note: it.fields.map((one) => one.label).join(", "), data: it }));
  }

  #forms: Promise<DeskForm[]> | undefined;

  /** Returns facts of this document and of others, those about what the words name first. */
  async facts(written: string, words: Span[]): Promise<Option[]> {
    const about = this.thingsIn(words).map((it) => it.address);
    const found = (await this.server.get("/facts", { q: written, about: about.join(" ") })) as Ref[];
    return found.map((it) => ({ label: it.label, shape: it.kind, data: it }));
  }

  /** Returns what a property may have here: things, and values that the words have. */
  objects(written: string, property: DeskProperty | null, words: Span[], languages: string[], except = "") {
    const accepts = property?.accepts ?? [];
    const takesValues = accepts.some((it) => it.datatype || it.class?.endsWith("#Passage"));
    const values = property && takesValues ? this.values(written, property, words, languages) : [];
    if (accepts.length && !accepts.some((it) => it.class && !it.class.endsWith("#Passage"))) return values;
    return this.things(written, { words, property, except }).then((it) => [...it, ...values]);
  }

  /** Has the properties asked for again: what a thing has may have changed. */
  forget() {
    this.#properties.clear();
  }

  /** Returns what may be said of a thing, or of a new one of a class. */
  properties(of: { subject?: string; class?: string }) {
    const key = of.subject ?? of.class ?? "";
    const asked = { ...(of.subject ? { subject: of.subject } : {}), ...(of.class ? { class: of.class } : {}) };
    let found = this.#properties.get(key);
    if (!found) {
      const offered = this.server.get("/properties", asked) as Promise<DeskProperty[]>;
      found = offered.then((it) => [...it.filter((one) => one.allowed), ofKind(), ...it.filter((one) => !one.allowed)]);
      found.catch(() => this.#properties.delete(key));
      this.#properties.set(key, found);
    }
    return found;
  }

  propertyOptions(properties: DeskProperty[], written: string): Option[] {
    const fits = properties.filter(
      (it) => !written || begins(written, it.label) || folded(it.name).includes(folded(written)),
    );
    const first = (it: DeskProperty) => (folded(it.label).startsWith(folded(written)) ? 0 : 1);
    const ordered = written
      ? fits.sort((one, other) => Number(other.allowed) - Number(one.allowed) || first(one) - first(other))
      : fits;
    return ordered.map((it) => ({
      label: it.label,
      note: it.because || (it.allowed ? noteOf(it) : say("not_allowed")),
      disabled: !it.allowed,
      data: it,
    }));
  }

  /** Returns things by what is written, those of the words and of the document first, and new ones. */
  async things(
    written: string,
    {
      words,
      property = null,
      except = "",
      isVoice = false,
      last = null,
      isOfWords = !written,
    }: {
      words: Span[];
      property?: DeskProperty | null;
      except?: string;
      isVoice?: boolean;
      last?: Ref | null;
      isOfWords?: boolean;
    },
  ): Promise<Option[]> {
    this.#running?.abort();
    this.#running = new AbortController();
    const asked = { q: written, ...(property ? { property: property.iri } : {}) };
    const { things, new: kinds } = (await this.server.get("/things", asked, this.#running.signal)) as Things;
    const here = new Set(this.thingsIn(words).map((it) => it.address));
    const rank = (it: FoundThing) =>
      (it.allowed ? 0 : 8) + (written ? 0 : it.address === last?.address ? 0 : here.has(it.address) ? 1 : 2);
    const found = things
      .filter((it) => it.address !== except)
      .map((it, at) => ({ it, at }))
      .sort((one, other) => rank(one.it) - rank(other.it) || one.at - other.at)
      .map(({ it }) => thingOption(it));
    const isElsewhere = property && isAddress(written) && property.accepts.every((it) => !it.class);
    const made = isVoice ? [] : isElsewhere ? [elsewhere(written)] : this.#newOptions(written, words, kinds, isOfWords);
    const allowed = found.filter((it) => !it.disabled);
    return [...allowed, ...made, ...found.filter((it) => it.disabled)];
  }

  /** Returns the things of the document whose names stand in words. */
  thingsIn(words: Span[]) {
    return this.state().things.filter((it) => it.places.some((place) => words.some((span) => touch(place, span))));
  }

  #newOptions(written: string, words: Span[], kinds: NewKind[], isOfWords: boolean): Option[] {
    const selected = this.finder.words.text.slice(...(words[0] ?? [0, 0])).replace(/\s+/g, " ");
    const names = isOfWords ? [selected] : [this.finder.completed(written, words), written];
    const labels = [...new Set(names.map((it) => shortened(it.trim())))].filter(Boolean);
    const only = kinds.length === 1 ? kinds[0] : null;
    return labels.map((label) => ({
      label: only ? say("new_of", { kind: only.label, label }) : say("new_thing", { label }),
      shape: only?.kind,
      isNew: true,
      data: { new: label, kinds, kind: only, isOfWords },
    }));
  }

  /**
   * Returns the values that a property may have here: what the words say, computed, and what is written.
   * @param languages those of a text, the likeliest first
   */
  values(written: string, property: DeskProperty, words: Span[], languages: string[]): Option[] {
    const isPassage = property.accepts.some((it) => it.class?.endsWith("#Passage"));
    if (isPassage)
      return words.map(([start, end]) => ({
        label: shortened(this.finder.words.text.slice(start, end).replace(/\s+/g, " ")),
        note: say("from_words"),
        data: { words: [[start, end]] },
      }));
    const types = property.accepts.flatMap((it) => it.datatype ?? []);
    const option: (text: string, datatype?: string, note?: string) => Option = (
      text,
      datatype = types[0],
      note = "",
    ) => ({
      label: text,
      note: note || property.accepts.find((it) => it.datatype === datatype)?.label,
      data: datatype === LANG_STRING ? { text, lang: languages[0] } : { value: text, datatype },
    });
    const inEach: (text: string) => Option[] = (text) =>
      languages.map((lang) => ({ label: text, note: say(`text_${lang}`), data: { text, lang } }));
    if (written) {
      const type = typeOf(written, types);
      return type === LANG_STRING && languages.length > 1 ? inEach(written) : [option(written, type)];
    }
    const selected = words.map(([start, end]) => this.finder.words.text.slice(start, end).replace(/\s+/g, " "));
    const { proposals } = this.state();
    const computed = proposals
      .filter((it) => words.some((span) => touch([it.start, it.end], span)))
      .flatMap((it) => it.candidates)
      .filter((it) => it.value && it.datatype && types.includes(it.datatype))
      .map((it) => option(it.value ?? "", it.datatype, say("computed")));
    const numbers = selected
      .flatMap((it) => [...(it.match(/\d+(?:[\s.,]\d{3})*(?:,\d+)?/g) ?? [])])
      .map((it) => it.replace(/[\s.]/g, ""))
      .filter(() => types.some((it) => NUMBERS.has(it)))
      .map((it) => option(it.replace(",", "."), typeOf(it, types), say("from_words")));
    const isText = types.some((it) => it === `${XSD}string` || it === LANG_STRING);
    const texts = isText ? selected.map((it) => option(it, undefined, say("from_words"))) : [];
    return [...computed, ...(isText ? [...texts, ...numbers] : numbers)];
  }
}

/** Returns a name, or the beginning of words that are too long for one. */
const shortened = (words: string) => (words.length > NAME ? `${words.slice(0, words.lastIndexOf(" ", 60))} …` : words);

const noteOf = (it: DeskProperty) => {
  const accepts = it.accepts.map((one) => one.label).join(", ");
  return `${it.demanded ? `${say("demanded")} · ` : ""}→ ${accepts || say("anything")}`;
};

const isAddress = (written: string) => /^https?:\/\/[^\s/]+\/\S*$/.test(written.trim());

/** Returns something that another site describes, by its address. */
const elsewhere = (written: string): Option => ({
  label: written,
  data: { address: written.trim(), label: written, kind: "" },
});

const thingOption = (it: FoundThing): Option => ({
  label: it.label,
  shape: it.kind,
  note: it.allowed
    ? it.own
      ? `${it.kindLabel} · ${say("own")}`
      : `${it.kindLabel} · ${say("links", { n: it.links })}`
    : (it.because ?? say("not_allowed")),
  disabled: !it.allowed,
  data: it,
});

/** Returns the type of a written value among those that may be; the first where none is plain. */
function typeOf(written: string, types: string[]) {
  const order = [
    [/^\d{4}-\d\d-\d\dT/, "dateTime"],
    [/^\d{4}-\d\d-\d\d$/, "date"],
    [/^\d{4}-\d\d$/, "gYearMonth"],
    [/^\d\d:\d\d/, "time"],
    [/^\d{4}$/, "gYear"],
    [/^-?\d+$/, "integer"],
    [/^-?\d+$/, "nonNegativeInteger"],
    [/^-?\d+$/, "positiveInteger"],
    [/^-?\d+[.,]?\d*$/, "decimal"],
    [/^(?:true|false)$/, "boolean"],
  ] as [RegExp, string][];
  for (const [form, name] of order) {
    const type = `${XSD}${name}`;
    if (form.test(written) && types.includes(type)) return type;
  }
  return types[0];
}
