// The reader's own file of a document: read here and sent nowhere, its words shown wherever the page names a place of its text.
import { fill, made, one } from "../base/elements.ts";
import { said } from "../base/words.ts";
import {
  digestOf,
  type Found,
  foundIn,
  isSame,
  OwnText,
  type Passage,
  paragraphs,
  type Span,
  sentences,
  textIn,
} from "./own_text.ts";

/** A file as it is kept: a copy has where words were found in it, the text itself has nothing to look for. */
interface Opened {
  name: string;
  text: string;
  found?: Found[];
}

const KEPT = "rallynov-text-";
const LARGEST = 32 << 20;
const STORES = ["sessionStorage", "localStorage"] as const;
type Where = (typeof STORES)[number];

const opened = new Map<string, Opened>();
const texts = new Map<Opened, OwnText>();

const all = (selector: string, root: ParentNode = document) => [...root.querySelectorAll(selector)] as HTMLElement[];
const spanOf = (words: string | undefined) => (words ?? "").split("-").map(Number) as Span;
/** Returns the digests of the texts that the page names places of. */
const digests = () => new Set(all("[data-text]").map((it) => it.dataset.text as string));

/** Has a store do something; returns nothing where the browser keeps nothing, or has no room. */
function stored<T>(where: Where, act: (store: Storage) => T) {
  try {
    return act(window[where]);
  } catch {
    return undefined;
  }
}

/** Returns the file that was opened of a text: on this page, in this tab, or kept in this browser. */
function openedOf(digest: string) {
  const kept = STORES.map((where) => stored(where, (it) => it.getItem(KEPT + digest))).find(Boolean);
  const found = opened.get(digest) ?? (JSON.parse(kept ?? "null") as Opened | null);
  if (found) opened.set(digest, found);
  return found;
}

/** Shows the words of what is open where they belong, and the ways to open a file where none is. */
export function fillIn() {
  for (const place of all("[data-text]:not([data-filled])")) {
    const found = openedOf(place.dataset.text as string);
    if (!found) continue;
    place.dataset.filled = "";
    show(place, found);
  }
  for (const box of all("[data-open-file]:not([data-ready])")) {
    box.dataset.ready = "";
    offer(box);
  }
}

/** Words that are marked: where they stand, and what shows them. */
interface Mark {
  span: Span;
  shown: Node;
}

function show(place: HTMLElement, file: Opened) {
  const text = texts.get(file) ?? new OwnText(file.text);
  texts.set(file, text);
  const own = spanOf(place.dataset.words);
  const links = all("a[data-within]", place);
  const marks = file.found ? marksInCopy(text, file.found, own, links) : marksIn(text, own, links);
  const isWhole = "whole" in place.dataset;
  if (!isWhole && !file.found) marks.unshift({ span: own, shown: made("mark", text.words(own)) });
  const spans =
    isWhole && !file.found
      ? paragraphs(text, own)
      : sentences(
          text,
          marks.map((it) => it.span),
        );
  if (!spans.length) return;
  const shown = spans.map((span) => made("p", ...pieces(text, span, marks)));
  const note = file.found && made("p.small.soft", place.dataset.unverified);
  fill(place, isWhole ? shown : made("blockquote", shown), note);
  place.classList.add("own-words");
}

/** Returns the printed words within a part of the text itself: each leads where it led. */
const marksIn = (text: OwnText, own: Span, links: HTMLElement[]) =>
  links.flatMap((link): Mark[] => {
    const span = text.within(link.dataset.within ? spanOf(link.dataset.within) : own, link.textContent ?? "");
    return span ? [{ span, shown: leading(link, text.words(span)) }] : [];
  });

/** Returns the printed words that were found of passages in a copy. */
const marksInCopy = (text: OwnText, found: Found[], own: Span, links: HTMLElement[]) =>
  found
    .filter(([start, end]) => start < own[1] && own[0] < end)
    .map(([start, end, ...span]): Mark => {
      const words = text.words(span);
      const link = links.find((it) => it.dataset.within === `${start}-${end}` && isSame(it.textContent ?? "", words));
      return { span, shown: link ? leading(link, words) : made("mark", words) };
    });

function leading(link: HTMLElement, words: string) {
  const copy = link.cloneNode() as HTMLElement;
  copy.classList.remove("printed-word");
  copy.textContent = words;
  return copy;
}

/** Returns the words between two positions, those that are marked as they are shown; of two marks that overlap, the first. */
function pieces(text: OwnText, [start, end]: Span, marks: Mark[]) {
  const content: (Node | string)[] = [];
  let at = start;
  for (const { span, shown } of [...marks].sort((one, other) => one.span[0] - other.span[0])) {
    if (span[0] < at || span[1] > end) continue;
    content.push(text.words([at, span[0]]), shown);
    at = span[1];
  }
  return [...content, text.words([at, end])];
}

/** Puts a button where a file can be opened; where one is open, says which, and puts the buttons that keep and close it. */
function offer(box: HTMLElement) {
  const words: Words = JSON.parse(box.dataset.openFile ?? "{}");
  const status = made("p", { role: "status", tabindex: -1 });
  const button = (text: string | undefined, onclick: () => void) => made("button", { type: "button", onclick }, text);
  const input = made("input", { type: "file", hidden: true });
  const its = [...digests()].filter(openedOf);
  const [file] = its.map(openedOf);
  const acts: Node[] = [];
  if (file) {
    const isKept = its.some((it) => isStored("localStorage", it));
    const state = isKept ? words.kept : its.some((it) => isStored("sessionStorage", it)) ? words.in_tab : words.unkept;
    status.textContent = `${said((file.found ? words.near : words.exact) ?? "", { name: file.name })} ${state}`;
    if (!isKept)
      acts.push(button(words.keep, () => again(its.every((it) => store("localStorage", it)) || words.unkept)));
    acts.push(button(isKept ? words.remove : words.close, () => close(its)));
  } else {
    let passages: ReturnType<typeof published>;
    const choose = () => {
      passages ??= published();
      input.click();
    };
    input.addEventListener("change", async () => {
      const [chosen] = input.files ?? [];
      if (!chosen) return;
      status.textContent = words.reading ?? "";
      again(words[await opening(chosen, await (passages ?? published()))] ?? true);
      input.value = "";
    });
    acts.push(button(words.open, choose), input);
  }
  all("[data-missing]", box)[0]?.toggleAttribute("hidden", Boolean(file));
  fill(one(box, ".own-file"), status, ...acts);

  /** Shows everything once more; or says why not. */
  function again(fault: string | boolean | undefined) {
    if (typeof fault === "string") status.textContent = fault;
    else {
      for (const it of all("[data-open-file]")) delete it.dataset.ready;
      fillIn();
    }
    all(".own-file > [role=status]", box)[0]?.focus();
  }
}

/** Opens a file as the text that it is, or as a copy of one; returns the name of what is wrong with it, else nothing. */
async function opening(file: File, passages: Map<string, Passage[]>) {
  if (file.size > LARGEST) return "large";
  const it = textIn(new Uint8Array(await file.arrayBuffer()));
  if (typeof it === "string") return it;
  const { name } = file;
  const digest = digestOf(it.text);
  if (passages.has(digest) || digests().has(digest)) return take(digest, { name, text: it.text });
  const copy = new OwnText(it.text);
  for (const [digest, its] of passages) {
    const found = foundIn(copy, its);
    if (found) return take(digest, { name, text: it.text, found });
  }
  return "unknown";
}

function take(digest: string, file: Opened) {
  opened.set(digest, file);
  store("sessionStorage", digest);
  return "";
}

/** Keeps what is open of a text; returns whether there was room. */
const store = (where: Where, digest: string) =>
  Boolean(stored(where, (it) => (it.setItem(KEPT + digest, JSON.stringify(opened.get(digest))), true)));

const isStored = (where: Where, digest: string) => Boolean(stored(where, (it) => it.getItem(KEPT + digest)));

function close(digests: string[]) {
  for (const it of digests) for (const where of STORES) stored(where, (its) => its.removeItem(KEPT + it));
  location.reload();
}

/** Returns the passages of each text with the printed words that are published of them; nothing where they cannot be had. */
async function published() {
  try {
    const answer = await fetch(document.body.dataset.texts ?? "");
    return new Map<string, Passage[]>(Object.entries(await answer.json()));
  } catch {
    // Without them the text itself is still known by its digest.
    return new Map<string, Passage[]>();
  }
}
