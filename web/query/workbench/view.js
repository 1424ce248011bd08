// The view of an answer, kept in the address: how its rows are sorted, and what each control says that
// names itself by data-view. What is as it was at first is left out.
import { one } from "../../base/parts.js";

const NAMED = "view.";
/** How many letters of an address a view may take: what is longest of it is then left out. */
const LONGEST = 1000;

/** @typedef {Record<string, string>} View */

/**
 * Returns an address with this view and no other.
 * @param {string} address
 * @param {View=} view
 */
export function withView(address, view = {}) {
  const made = new URL(address);
  for (const name of [...made.searchParams.keys()]) if (name.startsWith(NAMED)) made.searchParams.delete(name);
  for (const [name, value] of Object.entries(view)) made.searchParams.set(NAMED + name, value);
  return made.href;
}

/**
 * Returns a view without what is too long for an address.
 * @param {View} view
 */
export function fitting(view) {
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

/**
 * Returns the view that an address holds, by name.
 * @param {string} address
 */
export function viewIn(address) {
  const pairs = [...new URL(address).searchParams].filter(([name]) => name.startsWith(NAMED));
  return Object.fromEntries(pairs.map(([name, value]) => [name.slice(NAMED.length), value]));
}

/**
 * Keeps the view of the answers shown in a place in the address, as it changes.
 * @param {HTMLElement} place
 */
export function keepView(place) {
  const keep = () => {
    const view = viewOf(place);
    const kept = fitting(view);
    const address = withView(window.location.href, kept);
    const cut = /** @type {HTMLElement | null} */ (place.querySelector("[data-view-cut]"));
    if (cut) cut.hidden = Object.keys(kept).length === Object.keys(view).length;
    if (address !== window.location.href) window.history.replaceState(window.history.state, "", address);
  };
  place.addEventListener("change", keep);
  place.addEventListener("click", () => setTimeout(keep));
  new MutationObserver(keep).observe(place, { subtree: true, attributeFilter: ["aria-sort"] });
}

/**
 * Shows an answer as a view says, as far as the answer has what it names.
 * @param {HTMLElement} place
 * @param {View} view
 */
export function showView(place, view) {
  for (const control of controls(place)) {
    const value = view[control.dataset.view ?? ""];
    if (value === undefined) continue;
    if (control.type === "checkbox") control.checked = value === "on";
    else control.value = value;
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  const [, downwards, column] = (view.sort ?? "").match(/^(-?)(.+)$/) ?? [];
  const headings = /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("th .sorts"));
  const heading = [...headings].find((it) => it.textContent === column);
  heading?.click();
  if (downwards) heading?.click();
}

/**
 * @param {HTMLElement} place
 * @returns {NodeListOf<Control>}
 */
const controls = (place) => place.querySelectorAll("[data-view]");

/** @param {HTMLElement} place */
function viewOf(place) {
  /** @type {View} */
  const view = {};
  const sorted = place.querySelector("th[aria-sort]");
  if (sorted)
    view.sort = (sorted.getAttribute("aria-sort") === "descending" ? "-" : "") + one(sorted, ".sorts").textContent;
  for (const control of controls(place))
    if (valueOf(control) !== atFirst(control)) view[control.dataset.view ?? ""] = valueOf(control);
  return view;
}

/** @param {Control} control */
const valueOf = (control) => (control.type === "checkbox" ? word(control.checked) : control.value);

/** @param {Control} control */
function atFirst(control) {
  if (control.type === "checkbox") return word(control.defaultChecked);
  if (!control.options) return control.defaultValue;
  return ([...control.options].find((it) => it.defaultSelected) ?? control.options[0])?.value;
}

/** @param {boolean} checked */
const word = (checked) => (checked ? "on" : "off");
