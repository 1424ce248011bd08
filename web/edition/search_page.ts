// The search page of an edition: what its address asks for is found in the browser.
import { made, one, sign } from "../base/elements.ts";
import { request } from "../base/service.ts";
import { counted, said, words as wordsOf } from "../base/words.ts";
import type { Answer, Because, Hit } from "./search.ts";

/** How many things of a kind are shown among those of others. */
const OF_EACH = 10;

/** Finds what the page's address asks for, and shows it. */
async function show(place: HTMLElement, text: string, kind: string) {
  const words = wordsOf(place);
  const title = said(place.dataset.title ?? "", { text });
  one(document, "h1").textContent = document.title = title;
  for (const tip of document.querySelectorAll("[data-tips]")) tip.remove();
  const field = document.querySelector("main input[name=q]") as HTMLInputElement | null;
  if (field) field.value = text;
  const asked = new URL(place.dataset.search ?? "");
  asked.searchParams.set("q", text);
  asked.searchParams.set("kind", kind);
  const status = one(place, "[data-status]");
  try {
    const answer = await (await request(asked)).json();
    status.textContent = sentence(answer, words);
    const found = answer.hits.length ? groups(answer.hits, kind, { place, words, text }) : others(answer.others);
    const questions = meant(answer.questions, words);
    one(place, "[data-found]").replaceChildren(
      ...(answer.onlyNames ? [...found, ...questions] : [...questions, ...found]),
    );
  } catch (error) {
    const isTooMuch = error instanceof Error && error.message === "too_large";
    status.textContent = isTooMuch ? words.too_many : words.unprepared;
  }
}

/** Returns the questions that are meant, what is clearly meant by itself. */
function meant(questions: { text: string; address: string; clear: boolean }[], words: Words) {
  const [near, clear] = [false, true].map((which) => questions.filter((it) => it.clear === which));
  const link = ({ text, address }: { text: string; address: string }) => made("a", { href: address }, text);
  return [
    ...clear.map((it) => made("p.lead", `${words.understood_link} `, link(it))),
    near.length > 0 &&
      made(
        "section",
        made("h2", clear.length ? words.also_meant : words.meant),
        made("ul.plain.ruled", ...near.map((it) => made("li", link(it)))),
      ),
  ].filter((it) => it !== false);
}

function sentence({ hits, corrections, partial, more, others }: Answer & { others: string[] }, words: Words) {
  return [
    hits.length
      ? more
        ? said(words.more, { n: hits.length })
        : counted(words, "found", hits.length)
      : `${words.nothing}. ${others.length ? words.near : words.try}`,
    ...corrections.map(({ word, spellings }) =>
      spellings.length ? said(words.taken, { word, taken: spellings.join(", ") }) : said(words.unknown, { word }),
    ),
    partial && hits.length ? words.some : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Returns links that search for words of the graph that are like those that found nothing. */
function others(words: string[]) {
  if (!words.length) return [];
  const links = words.map((word) => made("a", { href: `?${new URLSearchParams({ q: word })}` }, word));
  return [made("ul.inline-list", ...links.map((link) => made("li", link)))];
}

/**
 * Returns what was found by kind, kinds in the order of their best things.
 * @param kind the one that is wanted, empty for any
 */
function groups(
  hits: (Hit & Name)[],
  kind: string,
  { place, words, text }: { place: HTMLElement; words: Words; text: string },
) {
  /** The names of kinds. */
  const kinds: Map<string, string> = new Map(JSON.parse(place.dataset.kinds ?? "[]"));
  const byKind = new Map<string, (Hit & Name)[]>();
  for (const hit of hits) byKind.set(hit.kind, [...(byKind.get(hit.kind) ?? []), hit]);
  const rare = (place.dataset.last ?? "").split(" ");
  /** What only has the words in descriptions comes later, then what a reader rarely means, the ontology's terms last. */
  const later = ([name, found]: [string, Hit[]]) => {
    const isCalled = found.some(({ reasons }) => reasons.some((it) => it.role !== "description"));
    return 4 * Number(name === "term") + 2 * Number(!isCalled) + Number(!name || rare.includes(name));
  };
  const sorted = [...byKind].sort((one, other) => later(one) - later(other));
  const called = new Map<string, number>();
  for (const { label } of hits) called.set(label, (called.get(label) ?? 0) + 1);
  return sorted.map(([name, found], place) => {
    const titled = name === "term" ? words.terms : (kinds.get(name) ?? (name || words.no_kind));
    const id = `found-${place}`;
    const shown = found.slice(0, kind ? Infinity : OF_EACH);
    const items = shown.map((hit) => item(hit, words, (called.get(hit.label) ?? 0) > 1));
    const all = made("a", { href: `?${new URLSearchParams({ q: text, kind: name })}` }, words.all_of);
    return made(
      "section",
      { class: "found", "aria-labelledby": id },
      made("h2", { id }, titled),
      made("ul.plain.ruled", items),
      shown.length < found.length && made("p", all),
    );
  });
}

/** @param isShared whether another thing that was found is called the same */
function item(
  { iri, label, language, address, shape, external, reasons }: Hit & Name,
  words: Words,
  isShared: boolean,
) {
  const away = address && external && { rel: "external noreferrer", class: "away" };
  const textOf = ({ pieces }: Because) => pieces.map((it) => it.text).join("");
  return made(
    "li",
    sign(shape),
    made(address ? "a" : "span", { href: address || null, ...away, lang: language || null }, label),
    isShared && [" ", made("code.small.soft", iri.replace(/^.*\/id\//, ""))],
    ...reasons.filter((it) => plain(textOf(it)) !== plain(label)).map((it) => [" ", because(it, words)]),
  );
}

function because({ role, language, pieces }: Because, words: Words) {
  const lang = language && language !== document.documentElement.lang && language;
  const text = pieces.map((it) => (it.marked ? made("mark", it.text) : it.text));
  const what = made("span.soft", `${words[`role_${role}`]}${colon()} `);
  return made("span.because", what, made("span", { lang: lang || null }, text));
}

/** Returns a text without its spaces, which are typeset in names. */
const plain = (text: string) => text.replace(/\s/g, "").replaceAll("’", "'");

const colon = () => (document.documentElement.lang === "fr" ? "\u00a0:" : ":");

const place = document.querySelector("[data-search]") as HTMLElement | null;
const { searchParams } = new URL(window.location.href);
const text = (searchParams.get("q") ?? "").trim();
if (place && text) show(place, text, searchParams.get("kind") ?? "");
