// A list: a choice is applied at once, each state has its address, and what is found is said.
import { citable } from "../../base/cite.ts";
import { closing } from "../../base/frame.ts";

let running: AbortController | undefined;

const place = () => document.querySelector("[data-explore]") as HTMLElement;

document.documentElement.classList.add("has-script");
begin(place());
document.addEventListener("change", (event) => {
  const form = event.target instanceof HTMLInputElement ? event.target.form : null;
  if (form?.matches("[data-live]")) go(addressOf(form));
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-live]")) return;
  event.preventDefault();
  go(addressOf(event.target, event.submitter));
});
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || !place().contains(link)) return;
  // The same list in another state; anything else is another page, and a link to a part of this one stays.
  if (link.pathname !== location.pathname || link.hash || link.origin !== location.origin) return;
  event.preventDefault();
  go(link.href);
});
addEventListener("popstate", () => go(location.href, false));

/** Returns the one address of what a form asks for; the last of two orders counts, and none is not in it. */
function addressOf(form: HTMLFormElement, submitter: HTMLElement | null = null) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter))
    if (name === "sort") asked.set(name, String(value));
    else asked.append(name, String(value));
  if (!asked.get("sort")) asked.delete("sort");
  return asked.size ? `${form.action}?${asked}` : form.action;
}

/**
 * Shows the list in the state of an address, and leaves the reader where she was.
 * @param isNew whether it becomes an entry of the history
 */
async function go(address: string, isNew: boolean = true) {
  running?.abort();
  running = new AbortController();
  place().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-explore]") as HTMLElement | null;
    if (!answer.ok || !next) return location.assign(address);
    if (isNew) history.pushState(null, "", next.dataset.address || answer.url);
    show(page, next);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) location.assign(address);
  }
}

function show(page: Document, next: HTMLElement) {
  const found = wayTo(document.activeElement);
  const open = [...place().querySelectorAll("form details[data-kept][open]")] as HTMLDetailsElement[];
  for (const { dataset } of open)
    next.querySelector(`details[data-kept="${CSS.escape(dataset.kept ?? "")}"]`)?.setAttribute("open", "");
  place().replaceWith(document.adoptNode(next));
  for (const part of [".path-row", ".other-language"]) {
    const other = page.querySelector(part);
    if (other) document.querySelector(part)?.replaceWith(document.adoptNode(other));
  }
  document.title = page.title;
  for (const cite of document.querySelectorAll(".cite") as NodeListOf<HTMLElement>) citable(cite);
  begin(document.body);
  (found ? (next.querySelector(found) as HTMLElement | null) : null)?.focus({ preventScroll: true });
  const told = document.querySelector("[data-said]");
  if (told) told.textContent = next.querySelector("[data-count]")?.textContent ?? "";
}

/** Has each panel close by Escape and by a click beside it. */
function begin(within: HTMLElement) {
  const panels = within.querySelectorAll("details.filter, .acts details[name]");
  for (const panel of panels as NodeListOf<HTMLDetailsElement>) closing(panel);
}

/** Returns what finds again the choice or link that has the focus. */
function wayTo(it: Element | null) {
  if (it instanceof HTMLInputElement) return `input[name="${CSS.escape(it.name)}"][value="${CSS.escape(it.value)}"]`;
  if (it?.closest(".ways")) return ".ways a[aria-current]";
  if (it?.closest(".list-tools details")) return ".list-tools summary";
  return it && place().contains(it) ? "h1" : "";
}
