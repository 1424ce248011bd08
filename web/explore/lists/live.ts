// The place to explore: a choice is applied at once, each state has its address, and what is found is said.
import { citable } from "../../base/cite.ts";
import { closing } from "../../base/frame.ts";

let running: AbortController | undefined;

const place = () => document.querySelector("[data-explore]") as HTMLElement;
const side = () => place().querySelector("[popover]") as HTMLElement | null;
const isOpen = () => Boolean(side()?.matches(":popover-open"));

document.documentElement.classList.add("has-script");
document.addEventListener("change", (event) => {
  const it = event.target;
  const form = it instanceof HTMLInputElement || it instanceof HTMLSelectElement ? it.form : null;
  if (form?.matches("[data-live]")) go(addressOf(form));
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-live]")) return;
  event.preventDefault();
  go(addressOf(event.target));
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

/** Returns the one address of what a form asks for: an order that is chosen by nobody is not in it. */
function addressOf(form: HTMLFormElement) {
  const rest = document.querySelector("select[data-rest]")?.getAttribute("data-rest");
  const asked = [...new FormData(form)].filter(([name, value]) => name !== "sort" || value !== rest);
  const pairs = asked.map(([name, value]) => [name, String(value)]);
  return pairs.length ? `${form.action}?${new URLSearchParams(pairs)}` : form.action;
}

/**
 * Shows the list in the state of an address, and leaves the reader where she was.
 * @param isNew whether it becomes an entry of the history
 */
async function go(address: string, isNew: boolean = true) {
  running?.abort();
  running = new AbortController();
  place().querySelector(".explored")?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-explore]") as HTMLElement | null;
    if (!answer.ok || !next) return location.assign(address);
    // The script of a drawing comes with its first page.
    if (next.querySelector("[data-network]") && !place().querySelector("[data-network]"))
      return location.assign(address);
    if (isNew) history.pushState(null, "", next.dataset.address || answer.url);
    show(page, next);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) location.assign(address);
  }
}

function show(page: Document, next: HTMLElement) {
  const found = wayTo(document.activeElement);
  const wasOpen = isOpen();
  const unfolded = [...place().querySelectorAll("details[data-kept][open]")];
  for (const it of unfolded as HTMLDetailsElement[]) {
    const same = next.querySelector(`details[data-kept="${CSS.escape(it.dataset.kept ?? "")}"]`);
    same?.setAttribute("open", "");
  }
  place().replaceWith(document.adoptNode(next));
  for (const part of [".path-row", ".other-language"]) {
    const other = page.querySelector(part);
    if (other) document.querySelector(part)?.replaceWith(document.adoptNode(other));
  }
  document.title = page.title;
  for (const panel of document.querySelectorAll(".acts details[name]") as NodeListOf<HTMLDetailsElement>)
    closing(panel);
  for (const cite of document.querySelectorAll(".cite") as NodeListOf<HTMLElement>) citable(cite);
  if (wasOpen) side()?.showPopover();
  const focused = (found ? place().querySelector(found) : null) as HTMLElement | null;
  focused?.focus({ preventScroll: true });
  const told = document.querySelector("[data-said]");
  if (told) told.textContent = next.querySelector("[data-count]")?.textContent ?? "";
}

/** Returns what finds again the choice or link that has the focus. */
function wayTo(it: Element | null) {
  if (it instanceof HTMLInputElement) return `input[name="${CSS.escape(it.name)}"][value="${CSS.escape(it.value)}"]`;
  if (it instanceof HTMLSelectElement) return `select[name="${CSS.escape(it.name)}"]`;
  if (it instanceof HTMLAnchorElement && it.closest(".ways")) return ".ways a[aria-current]";
  return it instanceof HTMLAnchorElement && place().contains(it) ? "h1" : "";
}
