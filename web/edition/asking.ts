// What a typed text may ask, in the browser: as the service understands it (`rallynov_graph.search.asking`).
import { NearWords } from "./near_words.ts";
import { type SearchIndex, searchWords } from "./search.ts";

const POSSIBLE = 0.4;
const MOST_MEANT = 5;
const [CLEAR, BEFORE_NEXT] = [0.8, 0.1];
/** The shares of a name that a text has at least: of one that it may name, of one that it names for sure, of a whole one. */
const [LEAST_OF_NAME, MOST_OF_NAME, WHOLE_NAME] = [0.3, 0.6, 0.9];
const SHORTEST_BEGINNING = 4;

type Values = Record<string, string>;
type Phrase = [words: string[], slots: string[], values: Values, told: number];
type Question = {
  text: string;
  address: string;
  phrases: Phrase[];
  fitting: Record<string, string[]>;
  choices: [parameter: string, choice: string, words: string[]][];
  labels: Record<string, Values>;
};
export type AskingFile = {
  weights: Record<string, number>;
  unknown: number;
  filling: string[];
  small: string[];
  kinds: string[];
  synonyms: string[][];
  /** A word that tells less is one of many questions. */
  common: number;
  stems: { invariable: string[]; shortest: number; steps: [ending: string, base: string][] };
  questions: Record<string, Question>;
};
/** What a text may name: the places of the words that name it, and the share of its name that they are. */
type Span = { iri: string; kind: string; places: Set<number>; coverage: number };
export type Meant = { name: string; values: Values; score: number; complete: boolean };

/** The phrases by which people ask the questions. */
export class Asking {
  file;
  filling;
  small;
  steps;
  near;
  bags;
  /** The group of each stem that has synonyms. */
  groups: Map<string, string[]>;

  constructor(file: AskingFile) {
    this.file = file;
    this.filling = new Set(file.filling);
    this.small = new Set(file.small);
    this.steps = file.stems.steps.map(([ending, base]): [RegExp, string] => [new RegExp(ending, "u"), base]);
    this.groups = new Map();
    for (const group of file.synonyms)
      for (const word of group) if (!this.groups.has(this.stem(word))) this.groups.set(this.stem(word), group);
    this.near = new NearWords(new Map(Object.keys(file.weights).map((word, place) => [word, -place])));
    this.bags = new Map(
      Object.entries(file.questions).map(([name, { phrases }]) => [name, new Set(phrases.flatMap(([words]) => words))]),
    );
  }

  /** Returns the questions that a text may ask, the surest first, whether that is clearly meant, and what the text names. */
  meant(text: string, index: SearchIndex) {
    const words = searchWords(text, true);
    const spans = this.spans(words, index);
    const named = new Set(spans.flatMap((it) => [...it.places]));
    const spelt = words.map((word, place) => (named.has(place) ? this.concept(word) : this.spelt(word)));
    const last = spelt.length - 1;
    if (last >= 0 && !named.has(last)) spelt[last] = this.begun(spelt[last]);
    const found = Object.keys(this.file.questions)
      .map((name) => this.best(name, { spelt, words, spans }))
      .filter((it) => it !== null)
      .filter((it) => it.score >= POSSIBLE)
      .sort((one, other) => other.score - one.score || (one.name < other.name ? -1 : 1))
      .slice(0, MOST_MEANT);
    const [first, second] = [...found.map((it) => it.score), 0, 0];
    const clear = first >= CLEAR && first - second >= BEFORE_NEXT && found[0].complete;
    return { questions: found, clear, things: spans.map((it) => it.iri) };
  }

  weight = (word: string) => this.file.weights[word] ?? this.file.unknown;

  stem(word: string) {
    const { invariable, shortest } = this.file.stems;
    if (word.length < shortest || invariable.includes(word) || !/^\p{L}+$/u.test(word)) return word;
    return this.steps.reduce((it, [ending, base]) => it.replace(ending, base), word);
  }

  /** Returns what all forms of a word and its synonyms have in common. */
  concept(word: string) {
    const found = this.stem(word);
    const group = this.groups.get(found);
    return group ? this.stem(group[0]) : found;
  }

  spelt(word: string) {
    const found = this.concept(word);
    if (found in this.file.weights || this.filling.has(word)) return found;
    return this.near.misspelt(found)[0] ?? found;
  }

  begun(word: string) {
    if (word in this.file.weights || word.length < 3) return word;
    const found = Object.keys(this.file.weights).filter((it) => it.startsWith(word));
    return found.sort((one, other) => this.weight(one) - this.weight(other) || (one < other ? -1 : 1))[0] ?? word;
  }

  best(name: string, { spelt, words, spans }: { spelt: string[]; words: string[]; spans: Span[] }): Meant | null {
    const question = this.file.questions[name];
    const named = new Set(spans.filter((it) => it.coverage >= MOST_OF_NAME).flatMap((it) => [...it.places]));
    let best: Meant | null = null;
    for (const { values, taken } of this.filled(question, spans)) {
      const rest = new Map<string, number>();
      spelt.forEach((it, at) => {
        if (taken.has(at) || this.filling.has(words[at])) return;
        rest.set(it, this.weight(it) * (named.has(at) && !(it in this.file.weights) ? 0.5 : 1));
      });
      const given = Object.keys(values);
      const unused = spans.some((it) => it.coverage >= WHOLE_NAME && ![...it.places].some((at) => taken.has(at)));
      if (!rest.size) {
        const asked = question.phrases.filter(([, slots]) => slots.length && slots.every((it) => it in values));
        if (given.length && asked.length)
          best = { name, values, score: POSSIBLE + 0.01 * Math.min(asked.length, 20), complete: true };
        continue;
      }
      const told = sum(rest.values());
      const recalled = sum([...rest].filter(([it]) => this.bags.get(name)?.has(it)).map(([, weight]) => weight));
      for (const [its, slots, own, itsTold] of question.phrases) {
        const common = sum([...rest].filter(([it]) => its.includes(it)).map(([, weight]) => weight));
        const filled = slots.filter((it) => it in values);
        let score = (1.4 * common) / (told + itsTold) + (0.3 * recalled) / told;
        score *= 0.6 ** (slots.length - filled.length) * 0.8 ** (given.length - filled.length);
        score += 0.1 * filled.length * Number(common > 0);
        if (unused) score *= 0.75;
        if (best && score <= best.score) continue;
        const complete = filled.length === slots.length;
        best = { name, values: { ...choices(question, rest), ...own, ...values }, score, complete };
      }
    }
    return best;
  }

  /** Returns the ways to fill the parameters with what is named, and which words that takes. */
  filled({ fitting }: Question, spans: Span[]) {
    const values: Values = {};
    const taken = new Set<number>();
    for (const { iri, kind, places } of spans) {
      if ([...places].some((it) => taken.has(it))) continue;
      const parameter = Object.keys(fitting).find((it) => !(it in values) && fitting[it].includes(kind));
      if (!parameter) continue;
      values[parameter] = iri;
      for (const it of places) taken.add(it);
    }
    const none = { values: {} as Values, taken: new Set<number>() };
    return Object.keys(values).length ? [{ values, taken }, none] : [none];
  }

  /** Returns what a text may name, what has most of its words first. */
  spans(words: string[], index: SearchIndex): Span[] {
    const common = words.map((word) => this.weight(this.spelt(word)) < this.file.common);
    const synonyms = new Map(
      words.filter((_, at) => !common[at]).map((it) => [it, this.groups.get(this.stem(it)) ?? []]),
    );
    const { things, spellings } = index.naming(words, synonyms);
    return things
      .filter(({ kind }) => this.file.kinds.includes(kind))
      .map(({ iri, kind, texts }) => {
        const found = texts.filter((it) => it.isName).map((it) => this.named(words, it.nameWords, spellings));
        found.sort(
          (one, other) =>
            other.places.size * other.coverage - one.places.size * one.coverage || other.coverage - one.coverage,
        );
        return { iri, kind, ...(found[0] ?? { places: new Set<number>(), coverage: 0 }) };
      })
      .filter(({ places, coverage }) => places.size && coverage >= LEAST_OF_NAME)
      .filter(({ places, coverage }) => coverage >= MOST_OF_NAME || [...places].some((at) => !common[at]))
      .sort(
        (one, other) =>
          other.places.size * other.coverage - one.places.size * one.coverage ||
          other.coverage - one.coverage ||
          (one.iri < other.iri ? -1 : 1),
      );
  }

  named(words: string[], name: string[], spellings: Map<string, string[]>) {
    const telling = name.filter((it) => !this.small.has(it));
    const wanted = telling.length ? telling : name;
    const places = new Set<number>();
    let told = 0;
    for (const part of wanted) {
      let [likeness, at] = [0, 0];
      words.forEach((word, place) => {
        const alike = this.likeness(word, part, spellings);
        if (alike > likeness) [likeness, at] = [alike, place];
      });
      if (!likeness || (this.filling.has(part) && wanted.length > 1)) continue;
      places.add(at);
      told += likeness * part.length;
    }
    return { places, coverage: wanted.length ? told / sum(wanted.map((it) => it.length)) : 0 };
  }

  likeness(word: string, part: string, spellings: Map<string, string[]>) {
    if (word === part) return 1;
    const own = this.concept(part);
    if (this.concept(word) === own || spellings.get(word)?.some((it) => it[0] === word[0] && this.concept(it) === own))
      return 0.95;
    return word.length >= SHORTEST_BEGINNING && part.startsWith(word) ? 0.8 : 0;
  }
}

/** Returns the word of each choice whose label the words have, the longest label first. */
function choices({ choices }: Question, words: Map<string, number>) {
  const found: Values = {};
  const longest: Record<string, number> = {};
  for (const [parameter, choice, label] of choices)
    if (label.every((it) => words.has(it)) && label.length > (longest[parameter] ?? 0))
      [found[parameter], longest[parameter]] = [choice, label.length];
  return found;
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, it) => all + it, 0);
