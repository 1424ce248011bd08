// The view of an answer, kept in the address: how its rows are sorted, and what each control says that
// names itself by data-view. What is as it was at first is left out.

const NAMED = "view.";

/** Returns an address with this view and no other. */
export function withView(address, view = {}) {
  const made = new URL(address);
  for (const name of [...made.searchParams.keys()]) if (name.startsWith(NAMED)) made.searchParams.delete(name);
  for (const [name, value] of Object.entries(view)) made.searchParams.set(NAMED + name, value);
  return made.href;
}

/** Returns the view that an address holds, by name. */
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
    const address = withView(window.location.href, viewOf(place));
    if (address !== window.location.href) window.history.replaceState(window.history.state, "", address);
  };
  place.addEventListener("change", keep);
  place.addEventListener("click", () => setTimeout(keep));
  new MutationObserver(keep).observe(place, { subtree: true, attributeFilter: ["aria-sort"] });
}

/** Shows an answer as a view says, as far as the answer has what it names. */
export function showView(place, view) {
  for (const control of place.querySelectorAll("[data-view]")) {
    const value = view[control.dataset.view];
    if (value === undefined) continue;
    if (control.type === "checkbox") control.checked = value === "on";
    else control.value = value;
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  const [, downwards, column] = (view.sort ?? "").match(/^(-?)(.+)$/) ?? [];
  const heading = [...place.querySelectorAll("th .sorts")].find((it) => it.textContent === column);
  heading?.click();
  if (downwards) heading?.click();
}

function viewOf(place) {
  const view = {};
  const sorted = place.querySelector("th[aria-sort]");
  if (sorted) view.sort = (sorted.getAttribute("aria-sort") === "descending" ? "-" : "") + sorted.querySelector(".sorts").textContent;
  for (const control of place.querySelectorAll("[data-view]")) if (valueOf(control) !== atFirst(control)) view[control.dataset.view] = valueOf(control);
  return view;
}

const valueOf = (control) => (control.type === "checkbox" ? word(control.checked) : control.value);

function atFirst(control) {
  if (control.type === "checkbox") return word(control.defaultChecked);
  if (!control.options) return control.defaultValue;
  return ([...control.options].find((it) => it.defaultSelected) ?? control.options[0])?.value;
}

const word = (checked) => (checked ? "on" : "off");
