// The address of this page: its query, to be read where it is short, else compressed after the #; and the view of the answer.
import { one } from "../../base/elements.ts";

const LONGEST_READABLE = 1500;
/** What an address may unfold to, in bytes: as long as a query may be. */
const LONGEST_QUERY = 1 << 20;
const MARK = "#q=";

/** Returns the address of this page with a query, and the release that it was asked of. */
export async function permalink(query: string, release: string | undefined) {
  const address = new URL(withView(window.location.href));
  address.hash = "";
  address.searchParams.delete("query");
  if (release) address.searchParams.set("release", release);
  const readable = new URL(address);
  readable.searchParams.set("query", query);
  if (readable.search.length <= LONGEST_READABLE || !("CompressionStream" in window)) return readable.href;
  return `${address.href}${MARK}${await packed(query)}`;
}

/** Returns an address of this page with the query of another of its addresses. */
export function withQuery(address: string, other: string) {
  const [made, holding] = [new URL(address), new URL(other)];
  for (const name of ["query", "release"]) {
    const value = holding.searchParams.get(name);
    if (value === null) made.searchParams.delete(name);
    else made.searchParams.set(name, value);
  }
  made.hash = holding.hash;
  return made.href;
}

/** Returns the query that this page's address holds, undefined where it holds none; throws where it is damaged. */
export async function queryOf(address: string) {
  const { hash, searchParams } = new URL(address);
  if (hash.startsWith(MARK)) return unpacked(hash.slice(MARK.length));
  return searchParams.get("query") ?? undefined;
}

async function packed(text: string) {
  const bytes = new Uint8Array(
    await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer(),
  );
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function unpacked(letters: string) {
  const bytes = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
    letter.charCodeAt(0),
  );
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > LONGEST_QUERY) throw new Error("too long");
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

// The view of an answer, kept in the address: how its rows are sorted, and what each control says that
// names itself by data-view. What is as it was at first is left out.

const NAMED = "view.";
/** How many letters of an address a view may take: what is longest of it is then left out. */
const LONGEST = 1000;

type View = Record<string, string>;

/** Returns an address with this view and no other. */
export function withView(address: string, view: View = {}) {
  const made = new URL(address);
  for (const name of [...made.searchParams.keys()]) if (name.startsWith(NAMED)) made.searchParams.delete(name);
  for (const [name, value] of Object.entries(view)) made.searchParams.set(NAMED + name, value);
  return made.href;
}

/** Returns a view without what is too long for an address. */
export function fitting(view: View) {
  const lengths = Object.entries(view).map(([name, value]) => ({
    name,
    length: String(new URLSearchParams([[NAMED + name, value]])).length + 1,
  }));
  let whole = lengths.reduce((sum, { length }) => sum + length, 0);
  const kept = { ...view };
  for (const { name, length } of lengths.sort((a, b) => b.length - a.length)) {
    if (whole <= LONGEST) break;
    delete kept[name];
    whole -= length;
  }
  return kept;
}

/** Returns the view that an address holds, by name. */
export function viewIn(address: string) {
  const pairs = [...new URL(address).searchParams].filter(([name]) => name.startsWith(NAMED));
  return Object.fromEntries(pairs.map(([name, value]) => [name.slice(NAMED.length), value]));
}

/** Keeps the view of the answers shown in a place in the address, as it changes. */
export function keepView(place: HTMLElement) {
  const keep = () => {
    const view = viewOf(place);
    const kept = fitting(view);
    const address = withView(window.location.href, kept);
    const cut = place.querySelector("[data-view-cut]") as HTMLElement | null;
    if (cut) cut.hidden = Object.keys(kept).length === Object.keys(view).length;
    if (address !== window.location.href) window.history.replaceState(window.history.state, "", address);
  };
  place.addEventListener("change", keep);
  place.addEventListener("click", () => setTimeout(keep));
  new MutationObserver(keep).observe(place, { subtree: true, attributeFilter: ["aria-sort"] });
}

/** Shows an answer as a view says, as far as the answer has what it names. */
export function showView(place: HTMLElement, view: View) {
  for (const control of controls(place)) {
    const value = view[control.dataset.view ?? ""];
    if (value === undefined) continue;
    if (control.type === "checkbox") control.checked = value === "on";
    else control.value = value;
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  const [, downwards, column] = (view.sort ?? "").match(/^(-?)(.+)$/) ?? [];
  const headings = place.querySelectorAll("th .sorts") as NodeListOf<HTMLElement>;
  const heading = [...headings].find((it) => it.textContent === column);
  heading?.click();
  if (downwards) heading?.click();
}

const controls = (place: HTMLElement): NodeListOf<Control> => place.querySelectorAll("[data-view]");

function viewOf(place: HTMLElement) {
  const view: View = {};
  const sorted = place.querySelector("th[aria-sort]");
  if (sorted)
    view.sort = (sorted.getAttribute("aria-sort") === "descending" ? "-" : "") + one(sorted, ".sorts").textContent;
  for (const control of controls(place))
    if (valueOf(control) !== atFirst(control)) view[control.dataset.view ?? ""] = valueOf(control);
  return view;
}

const valueOf = (control: Control) => (control.type === "checkbox" ? word(control.checked) : control.value);

function atFirst(control: Control) {
  if (control.type === "checkbox") return word(control.defaultChecked);
  if (!control.options) return control.defaultValue;
  return ([...control.options].find((it) => it.defaultSelected) ?? control.options[0])?.value;
}

const word = (checked: boolean) => (checked ? "on" : "off");
