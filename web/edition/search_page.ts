// The search page of an edition: what its address asks for is found in the browser.
import { made, one, sign } from "../base/elements.ts";
import { request } from "../base/service.ts";
import { counted, said, words as wordsOf } from "../base/words.ts";
import type { Answer, Because, Hit } from "./search.ts";

/** How many things and questions are shown. */
const SIZE = 50;

type Question = { text: string; address: string };
type Thing = Hit & Name & { of_kind: string };

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
    const { understood, results } = answer;
    one(place, "[data-found]").replaceChildren(
      ...(understood ? [made("p.lead", `${words.understood_link} `, link(understood))] : []),
      ...(results.length ? list(results, kind, { place, words, text }) : others(answer.others)),
    );
  } catch (error) {
    const isTooMuch = error instanceof Error && error.message === "too_large";
    status.textContent = isTooMuch ? words.too_many : words.unprepared;
  }
}

const link = ({ text, address }: Question) => made("a", { href: address }, text);

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

/** Returns what was found in one list, the kinds of it before, the ontology's terms after. */
function list(
  results: (Thing | Question)[],
  kind: string,
  { place, words, text }: { place: HTMLElement; words: Words; text: string },
) {
  /** The names of kinds. */
  const kinds: Map<string, string> = new Map(JSON.parse(place.dataset.kinds ?? "[]"));
  const hits = results.filter((it) => "iri" in it);
  const numbers = new Map<string, number>();
  for (const it of hits) if (it.kind) numbers.set(it.kind, (numbers.get(it.kind) ?? 0) + 1);
  const called = new Map<string, number>();
  for (const { label } of hits) called.set(label, (called.get(label) ?? 0) + 1);
  const ofKinds = [...numbers].map(([name, n]) => {
    const href = `?${new URLSearchParams({ q: text, kind: name })}`;
    return made("li", made("a", { href }, name === "term" ? words.terms : (kinds.get(name) ?? name)), ` (${n})`);
  });
  const shown = kind ? results : results.slice(0, SIZE);
  const items = (terms: boolean) =>
    shown
      .filter((it) => ("iri" in it && it.kind === "term") === terms)
      .map((it) =>
        "iri" in it
          ? item(it, words, (called.get(it.label) ?? 0) > 1)
          : made("li", link(it), " ", made("span.soft.small", place.dataset.question ?? "")),
      );
  const [found, terms] = [items(false), items(true)];
  return [
    !kind && ofKinds.length > 1 && made("ul.inline-list.small", { "aria-label": words.by_kind }, ofKinds),
    found.length > 0 && made("ol.plain.ruled.results", found),
    terms.length > 0 && made("section", made("h2", words.terms), made("ul.plain.ruled", terms)),
  ].filter((it) => it !== false);
}

/** @param isShared whether another thing that was found is called the same */
function item(
  { iri, label, language, address, shape, external, reasons, of_kind }: Thing,
  words: Words,
  isShared: boolean,
) {
  const away = address && external && { rel: "external noreferrer", class: "away" };
  const textOf = ({ pieces }: Because) => pieces.map((it) => it.text).join("");
  return made(
    "li",
    sign(shape),
    made(address ? "a" : "span", { href: address || null, ...away, lang: language || null }, label),
    of_kind && [" ", made("span.soft.small", of_kind)],
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
