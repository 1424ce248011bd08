// The search page of an edition: what its address asks for is found in the browser.
import { one } from "../base/parts.js";
import { request } from "../base/service.js";
import { said, words as wordsOf } from "../base/words.js";

/** How many things of a kind are shown among those of others. */
const OF_EACH = 10;

/**
 * Finds what the page's address asks for, and shows it.
 * @param {HTMLElement} place
 * @param {string} text
 * @param {string} kind
 */
async function show(place, text, kind) {
  const words = wordsOf(place);
  const title = said(place.dataset.title ?? "", { text });
  one(document, "h1").textContent = document.title = title;
  for (const tip of document.querySelectorAll("[data-tips]")) tip.remove();
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("main input[name=q]"));
  if (field) field.value = text;
  const asked = new URL(place.dataset.search ?? "");
  asked.searchParams.set("q", text);
  asked.searchParams.set("kind", kind);
  const status = one(place, "[data-status]");
  try {
    const answer = await (await request(asked)).json();
    status.textContent = sentence(answer, words);
    const found = answer.hits.length ? groups(answer.hits, kind, { place, words, text }) : others(answer.others);
    one(place, "[data-found]").replaceChildren(...found);
  } catch (error) {
    const isTooMuch = error instanceof Error && error.message === "too_large";
    status.textContent = isTooMuch ? words.too_many : words.unprepared;
  }
}

/**
 * @param {import("./search.js").Answer & {others: string[]}} answer
 * @param {Words} words
 */
function sentence({ hits, corrections, partial, more, others }, words) {
  const counted = hits.length === 1 ? words.found_one : words.found_other;
  return [
    hits.length
      ? said(more ? words.more : counted, { n: hits.length })
      : `${words.nothing}. ${others.length ? words.near : words.try}`,
    ...corrections.map(({ word, spellings }) =>
      spellings.length ? said(words.taken, { word, taken: spellings.join(", ") }) : said(words.unknown, { word }),
    ),
    partial && hits.length ? words.some : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * Returns links that search for words of the graph that are like those that found nothing.
 * @param {string[]} words
 */
function others(words) {
  if (!words.length) return [];
  const list = Object.assign(document.createElement("ul"), { className: "inline-list" });
  for (const word of words) {
    const [item, link] = [document.createElement("li"), document.createElement("a")];
    Object.assign(link, { href: `?${new URLSearchParams({ q: word })}`, textContent: word });
    item.append(link);
    list.append(item);
  }
  return [list];
}

/**
 * Returns what was found by kind, kinds in the order of their best things.
 * @param {(import("./search.js").Hit & Name)[]} hits
 * @param {string} kind the one that is wanted, empty for any
 * @param {{place: HTMLElement, words: Words, text: string}} page
 */
function groups(hits, kind, { place, words, text }) {
  /** The names of kinds, in the order in which a reader expects them. @type {Map<string, string>} */
  const kinds = new Map(JSON.parse(place.dataset.kinds ?? "[]"));
  /** @type {Map<string, (import("./search.js").Hit & Name)[]>} */
  const byKind = new Map();
  for (const hit of hits) byKind.set(hit.kind, [...(byKind.get(hit.kind) ?? []), hit]);
  const order = [...kinds.keys()];
  /** @param {string} name */
  const rank = (name) => (kinds.has(name) ? order.indexOf(name) : order.length);
  const sorted = [...byKind].sort(([one], [other]) => rank(one) - rank(other));
  /** @type {Map<string, number>} */
  const called = new Map();
  for (const { label } of hits) called.set(label, (called.get(label) ?? 0) + 1);
  return sorted.map(([name, found], place) => {
    const [section, title, list] = ["section", "h2", "ul"].map((it) => document.createElement(it));
    const titled = name === "term" ? words.terms : (kinds.get(name) ?? (name || words.no_kind));
    Object.assign(title, { id: `found-${place}`, textContent: titled });
    section.className = "found";
    section.setAttribute("aria-labelledby", title.id);
    list.className = "plain ruled";
    list.append(
      ...found.slice(0, kind ? Infinity : OF_EACH).map((hit) => item(hit, words, (called.get(hit.label) ?? 0) > 1)),
    );
    section.append(title, list);
    if (!kind && found.length > OF_EACH) section.append(toAll(words.all_of, name, text));
    return section;
  });
}

/**
 * @param {string} words
 * @param {string} kind
 * @param {string} text
 */
function toAll(words, kind, text) {
  const [line, link] = [document.createElement("p"), document.createElement("a")];
  link.href = `?${new URLSearchParams({ q: text, kind })}`;
  link.textContent = words;
  line.append(link);
  return line;
}

/**
 * @param {import("./search.js").Hit & Name} hit
 * @param {Words} words
 * @param {boolean} isShared whether another thing that was found is called the same
 */
function item({ iri, label, language, address, shape, external, reasons }, words, isShared) {
  const made = document.createElement("li");
  if (shape) {
    const sign = Object.assign(document.createElement("span"), { className: `shape shape-${shape}` });
    sign.setAttribute("aria-hidden", "true");
    made.append(sign);
  }
  const name = document.createElement(address ? "a" : "span");
  if (name instanceof HTMLAnchorElement) {
    name.href = address ?? "";
    if (external) Object.assign(name, { rel: "external noreferrer", className: "away" });
  }
  if (language) name.lang = language;
  name.textContent = label;
  made.append(name);
  if (isShared) {
    const short = Object.assign(document.createElement("code"), { className: "small soft" });
    short.textContent = iri.replace(/^.*\/id\//, "");
    made.append(" ", short);
  }
  for (const reason of reasons) {
    const text = reason.pieces.map((it) => it.text).join("");
    if (plain(text) !== plain(label)) made.append(" ", because(reason, words));
  }
  return made;
}

/**
 * @param {import("./search.js").Because} reason
 * @param {Words} words
 */
function because({ role, language, pieces }, words) {
  const [made, what, text] = ["span", "span", "span"].map((it) => document.createElement(it));
  made.className = "because";
  Object.assign(what, { className: "soft", textContent: `${words[`role_${role}`]}${colon()} ` });
  if (language && language !== document.documentElement.lang) text.lang = language;
  for (const piece of pieces)
    text.append(piece.marked ? Object.assign(document.createElement("mark"), { textContent: piece.text }) : piece.text);
  made.append(what, text);
  return made;
}

/**
 * Returns a text without its spaces, which are typeset in names.
 * @param {string} text
 */
const plain = (text) => text.replace(/\s/g, "").replaceAll("’", "'");

const colon = () => (document.documentElement.lang === "fr" ? "\u00a0:" : ":");

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"));
const { searchParams } = new URL(window.location.href);
const text = (searchParams.get("q") ?? "").trim();
if (place && text) show(place, text, searchParams.get("kind") ?? "");
