// What a typed text may ask, in the browser: as the service understands it (`rallynov_graph.search.asking`).
import { fold } from "../base/folding.ts";
import { NearWords } from "./near_words.ts";
import { type Hit, type SearchIndex, searchWords } from "./search.ts";

const [POSSIBLE, LIKELY] = [0.25, 0.45];
const [LONGEST, MOST_WORDS] = [400, 40];
const [MOST_MEANT, MOST_FILLINGS, MOST_WAYS] = [5, 6, 40];
const [CLEAR, BEFORE_NEXT] = [0.75, 0.1];
const SAME = 1e-9;
const [OF_ASKED, OF_PHRASE] = [0.5, 0.6];
/** The name of the programme asks as little as the first word, other words nothing. */
const [PROGRAMME, NOTHING] = ["rallye", "de"];
/** Who is named is part of what is asked. */
const ACTING = ["person", "organisation"];
/** The shares of a name that a text has at least: of one that it may name, of one that it names for sure, of a whole one. */
const [LEAST_OF_NAME, MOST_OF_NAME, ALONE] = [0.3, 0.6, 0.65];
const WHOLE_NAME = 0.9;
/** The likeness of a word to its synonym in a name, which may be another thing. */
const SYNONYM = 0.85;
const [SHORTEST_BEGINNING, SURE_BEGINNING] = [4, 6];

type Values = Record<string, string>;
type Phrase = [words: string[], slots: string[], values: Values, told: number, asksForObject: boolean];
type Question = {
  text: string;
  address: string;
  /** How people ask it: the slots, the choices, and the text with its slots. */
  ways: [slots: string[], choices: Values, text: string][];
  phrases: Phrase[];
  /** The kinds of things that fill each slot of its phrases, of the parameters first. */
  slots: [slot: string, kinds: string[]][];
  /** The slots that are parameters. */
  values: string[];
  /** Where rows with the words of a text answer it: the words that rows need not have. */
  generic: string[];
  choices: [parameter: string, choice: string, words: string[]][];
  labels: Record<string, Values>;
};
export type AskingFile = {
  weights: Record<string, number>;
  unknown: number;
  filling: string[];
  small: string[];
  articles: string[];
  kinds: string[];
  /** How many kinds fit a parameter that takes anything. */
  any: number;
  kind_words: Record<string, string>;
  synonyms: string[][];
  /** A word that tells less is one of many questions. */
  common: number;
  /** Words that fit all questions, and those that ask nothing by themselves. */
  everywhere: string[];
  only_ask: string[];
  negating: string[];
  stems: { invariable: string[]; shortest: number; steps: [ending: string, base: string][] };
  questions: Record<string, Question>;
};
/** What a text may name: the places of the words that name it, and the share of its name that they are. */
export type Span = { iri: string; kind: string; places: Set<number>; coverage: number };
/**
 * A way to fill the slots of a question, the places that this takes, the words for the kinds of its values, and how much of
 * their names the text has.
 */
type Filling = { values: Values; taken: Set<number>; free: Set<string>; quality: number; coverage: number };
export type Meant = {
  name: string;
  values: Values;
  /** The things that its phrase names and that are no values. */
  mentions: Values;
  score: number;
  complete: boolean;
  asks: boolean;
};
type Asked = { spelt: string[]; words: string[]; spans: Span[] };

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
    const read = [...text].slice(0, LONGEST).join("");
    const words = searchWords(read, true).slice(0, MOST_WORDS);
    const things = this.spans(words, index);
    const asked = [...words];
    const spans = this.plainer(words, things, fold(read));
    const named = new Set(spans.flatMap((it) => [...it.places]));
    const spelt = words.map((word, place) => (named.has(place) ? this.concept(word) : this.spelt(word)));
    const last = spelt.length - 1;
    if (last >= 0 && !named.has(last)) spelt[last] = this.begun(spelt[last]);
    const isGuess =
      words.some((it) => this.file.negating.includes(it)) ||
      words.some((word, at) => spelt[at] !== this.concept(word) && !this.filling.has(word));
    const found = Object.keys(this.file.questions)
      .map((name) => this.best(name, { spelt, words, spans }))
      .filter((it) => it.score >= POSSIBLE)
      .sort((one, other) => other.score - one.score || (one.name < other.name ? -1 : 1))
      .slice(0, MOST_MEANT);
    const [first, second] = [...found.map((it) => it.score), 0, 0];
    const clear = !isGuess && first >= CLEAR && first - second >= BEFORE_NEXT && found[0].complete && found[0].asks;
    const justNames =
      !clear &&
      things.some(
        (it) =>
          it.coverage >= SYNONYM &&
          asked.every((word, at) => it.places.has(at) || this.file.only_ask.includes(this.concept(word))),
      );
    const asks = Boolean(found[0]?.asks) && first >= LIKELY && !justNames;
    return { questions: found, clear, things, asks };
  }

  /**
   * Has the name of the programme, and unknown nouns before a name (*l'atelier Recoudre les voiles*), ask little or nothing.
   * Returns the things that are still named.
   */
  plainer(words: string[], things: Span[], text: string) {
    const whole = things.filter((it) => it.coverage >= WHOLE_NAME);
    const isPart = (one: Span) =>
      whole.some((it) => it.places.size > one.places.size && [...one.places].every((at) => it.places.has(at)));
    const own = whole.find((it) => it.kind === "rally" && !isPart(it))?.places ?? new Set<number>();
    for (const at of own) words[at] = at === Math.min(...own) ? PROGRAMME : NOTHING;
    const spans = things.filter((it) => it.coverage >= WHOLE_NAME || ![...it.places].some((at) => own.has(at)));
    const named = new Set(spans.filter((it) => it.coverage >= WHOLE_NAME).map((it) => Math.min(...it.places)));
    const apposed = words.flatMap((word, at) => {
      const hasArticle = this.file.articles.includes(words[at - 1]) || text.includes(`l'${word}`);
      const after = this.small.has(words[at + 1]) && !named.has(at + 1) ? at + 2 : at + 1;
      return hasArticle && named.has(after) && !named.has(at) && !(this.concept(word) in this.file.weights) ? [at] : [];
    });
    for (const at of apposed) words[at] = NOTHING;
    return spans;
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

  best(name: string, { spelt, words, spans }: Asked): Meant {
    const question = this.file.questions[name];
    const { generic } = question;
    const named = new Set(spans.filter((it) => it.coverage >= MOST_OF_NAME).flatMap((it) => [...it.places]));
    let best: Meant = { name, values: {}, mentions: {}, score: 0, complete: true, asks: true };
    for (const filling of this.fillings(question, spans)) {
      const { values, taken, free } = filling;
      const rest = new Map<string, number>();
      spelt.forEach((it, at) => {
        if (taken.has(at) || this.filling.has(words[at])) return;
        rest.set(it, this.weight(it) * (named.has(at) && !(it in this.file.weights) ? 0.5 : 1));
      });
      const told = sum(rest.values());
      const alone = this.alone(name, filling, told);
      if (alone.score > best.score) best = alone;
      const recalled = sum([...rest].filter(([it]) => this.bags.get(name)?.has(it)).map(([, weight]) => weight));
      if (!recalled) continue;
      const given = Object.keys(values);
      const unused = spans.some((it) => it.coverage >= WHOLE_NAME && ![...it.places].some((at) => taken.has(at)));
      const isOver = spans.some(
        (it) => ACTING.includes(it.kind) && it.coverage >= MOST_OF_NAME && ![...it.places].some((at) => taken.has(at)),
      );
      const quality = (0.5 + 0.5 * filling.quality) * (unused ? 0.75 : 1);
      const asked = Object.fromEntries(Object.entries(values).filter(([it]) => question.values.includes(it)));
      const apt = question.slots
        .filter(([it, kinds]) => question.values.includes(it) && kinds.length < this.file.any)
        .map(([it]) => it);
      for (const [its, slots, own, itsTold, asksForObject] of question.phrases) {
        const common = sum([...rest].filter(([it]) => its.includes(it)).map(([, weight]) => weight));
        if (!common) continue;
        const asking = [...rest].filter(([it]) => its.includes(it) || !(free.has(it) || generic.includes(it)));
        const asks = sum(asking.map(([, weight]) => weight));
        const filled = slots.filter((it) => it in values);
        let score = (1.4 * common) / (asks + itsTold) + 0.3 * Math.min(recalled / asks, 1);
        score *= 0.6 ** (slots.length - filled.length) * 0.8 ** (given.length - filled.length);
        score += 0.05 * (filled.length + filled.filter((it) => apt.includes(it)).length) * filling.coverage;
        score = rounded(score * quality);
        if (score <= best.score) continue;
        const alike = question.phrases.filter(([, , of]) =>
          Object.entries(of).every(([it, value]) => own[it] === value),
        );
        const explained = sum(
          asking
            .filter(([it]) => (generic.length ? generic.includes(it) : alike.some(([words]) => words.includes(it))))
            .map(([, weight]) => weight),
        );
        const complete =
          slots.length === filled.length &&
          !(asksForObject && rest.has(this.concept("qui"))) &&
          filling.coverage >= MOST_OF_NAME &&
          !isOver &&
          (filled.length > 0 || [...rest.keys()].some((it) => !this.file.only_ask.includes(it))) &&
          common >= OF_ASKED * explained &&
          common >= OF_PHRASE * itsTold &&
          asks - explained < SAME;
        const mentions = Object.fromEntries(
          filled.filter((it) => !question.values.includes(it)).map((it) => [it, values[it]]),
        );
        const chosen = { ...choices(question, rest), ...own, ...asked };
        best = { name, values: chosen, mentions, score, complete, asks: true };
      }
    }
    return best;
  }

  /** Returns a question that is asked of what a text names, whatever else the text has. */
  alone(name: string, { values, taken, quality }: Filling, told: number): Meant {
    const { phrases, slots, values: own } = this.file.questions[name];
    const given = Object.keys(values);
    const ways = phrases.filter(([, its]) => its.length && its.every((it) => it in values)).length;
    const found = { name, values, mentions: {}, score: 0, complete: true, asks: false };
    if (!given.length || !given.every((it) => own.includes(it)) || !ways) return found;
    const isApt = slots.every(([it, kinds]) => !(it in values) || kinds.length < this.file.any);
    const words = this.file.unknown * taken.size;
    const score =
      (0.4 + 0.005 * Math.min(ways, MOST_WAYS) + 0.1 * Number(isApt)) * ((quality * words) / (words + told));
    return { ...found, score: rounded(score) };
  }

  /** Returns the ways to fill the slots with what is named, the last one with nothing. */
  fillings({ slots }: Question, spans: Span[]): Filling[] {
    const fitting = spans.filter((it) => slots.some(([, kinds]) => kinds.includes(it.kind)));
    const found = new Map<string, Filling>();
    for (const first of fitting.slice(0, MOST_FILLINGS)) {
      const filling = this.unfilled();
      const { values, taken, free } = filling;
      for (const { iri, kind, places, coverage } of [first, ...fitting.filter((it) => it !== first)]) {
        if ([...places].some((it) => taken.has(it))) continue;
        const [slot, kindsOfSlot] = slots.find(([it, kinds]) => !(it in values) && kinds.includes(kind)) ?? [];
        if (!slot || !kindsOfSlot) continue;
        values[slot] = iri;
        for (const it of places) taken.add(it);
        free.add(this.file.kind_words[kind]);
        const rivals = spans.filter((it) => it.iri !== iri && [...it.places].some((at) => places.has(at)));
        filling.quality = Math.min(filling.quality, coverage / Math.max(coverage, ...rivals.map((it) => it.coverage)));
        const isAnother = (it: Span) =>
          kindsOfSlot.includes(it.kind) &&
          it.coverage >= coverage &&
          it.places.size === places.size &&
          [...places].every((at) => it.places.has(at));
        filling.coverage = Math.min(filling.coverage, rivals.some(isAnother) ? 0 : coverage);
      }
      const key = JSON.stringify(Object.entries(values).sort());
      if (!found.has(key)) found.set(key, filling);
    }
    return [...found.values(), this.unfilled()];
  }

  unfilled = (): Filling => ({
    values: {},
    taken: new Set(),
    free: new Set(this.file.everywhere),
    quality: 1,
    coverage: 1,
  });

  /** Returns what a text may name, what has most of its words first. */
  spans(words: string[], index: SearchIndex): Span[] {
    const common = words.map((word) => this.weight(this.spelt(word)) < this.file.common);
    const synonyms = new Map(
      words.filter((_, at) => !common[at]).map((it) => [it, this.groups.get(this.stem(it)) ?? []]),
    );
    const { things, spellings } = index.naming(words, synonyms);
    for (const word of [...spellings.keys()]) if (this.concept(word) in this.file.weights) spellings.delete(word);
    const spans = things
      .filter(({ kind }) => this.file.kinds.includes(kind))
      .map(({ iri, kind, texts }) => {
        const found = texts.filter((it) => it.isName).map((it) => this.named(words, it.nameWords, { spellings, kind }));
        found.sort(
          (one, other) =>
            other.places.size * other.coverage - one.places.size * one.coverage || other.coverage - one.coverage,
        );
        return { iri, kind, ...(found[0] ?? { places: new Set<number>(), coverage: 0 }) };
      })
      .filter(({ places, coverage }) => places.size && coverage >= LEAST_OF_NAME)
      .filter(({ places, coverage }) => coverage >= WHOLE_NAME || [...places].some((at) => !common[at]));
    const rivals = (one: Span, other: Span) =>
      one !== other &&
      (other.kind === one.kind || other.coverage > one.coverage) &&
      [...other.places].some((at) => one.places.has(at));
    const isSure = (it: Span) => [...it.places].every((at) => !spellings.has(words[at]));
    const isAlone = (it: Span) => isSure(it) && !spans.some((other) => rivals(it, other));
    return spans
      .map((it) => (isAlone(it) ? { ...it, coverage: Math.max(it.coverage, ALONE) } : it))
      .sort(
        (one, other) =>
          other.places.size * other.coverage - one.places.size * one.coverage ||
          other.coverage - one.coverage ||
          (one.iri < other.iri ? -1 : 1),
      );
  }

  /** Returns the places of the words that a name has; small words do not count, nor does the kind of the thing. */
  named(words: string[], name: string[], { spellings, kind }: { spellings: Map<string, string[]>; kind: string }) {
    const telling = name.filter((it) => !this.small.has(it));
    const own = telling.filter((it) => this.concept(it) !== this.file.kind_words[kind]);
    const wanted = [own, telling, name].find((it) => it.length) ?? [];
    const places = new Set<number>();
    let told = 0;
    for (const part of wanted) {
      let [likeness, at] = [0, 0];
      words.forEach((word, place) => {
        const shortest = place === words.length - 1 ? SHORTEST_BEGINNING : SURE_BEGINNING;
        const alike = this.likeness(word, part, { spellings, shortest });
        if (alike > likeness) [likeness, at] = [alike, place];
      });
      if (!likeness || (this.filling.has(part) && wanted.length > 1)) continue;
      places.add(at);
      told += likeness * part.length;
    }
    return { places, coverage: wanted.length ? told / sum(wanted.map((it) => it.length)) : 0 };
  }

  likeness(
    word: string,
    part: string,
    { spellings, shortest }: { spellings: Map<string, string[]>; shortest: number },
  ) {
    if (word === part) return 1;
    const own = this.concept(part);
    const isForm = this.stem(word) === this.stem(part);
    if (isForm || spellings.get(word)?.some((it) => it[0] === word[0] && this.concept(it) === own)) return 0.95;
    if (this.concept(word) === own) return SYNONYM;
    return word.length >= shortest && part.startsWith(word) ? 0.8 : 0;
  }
}

/** Returns things and questions in one order: two of the likelier sort before one of the other, the ontology's terms last. */
export function ranked<Q>(hits: Hit[], { questions, things, asks }: { questions: Q[]; things: Span[]; asks: boolean }) {
  const found = new Map(hits.map((it) => [it.iri, it]));
  const named = things.filter(({ iri, coverage }) => found.has(iri) || coverage >= SYNONYM);
  const all = new Map(named.map(({ iri, kind }): [string, Hit] => [iri, { iri, kind, reasons: [] }]));
  for (const [iri, it] of found) all.set(iri, it);
  const [known, terms] = [false, true].map((are) => [...all.values()].filter(({ kind }) => (kind === "term") === are));
  const [likelier, others]: (Hit | Q)[][] = asks ? [questions, known] : [known, questions];
  const ranked = [];
  for (let place = 0; place < Math.max(likelier.length, others.length); place++)
    ranked.push(...likelier.slice(2 * place, 2 * place + 2), ...others.slice(place, place + 1));
  return [...ranked, ...terms];
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

const rounded = (score: number) => Math.round(score * 1e9) / 1e9;
