// The drawer: the evidence of a claim beside the link that leads to it, or under its row where the page is narrow. One is open at a time.

const WIDE = matchMedia("(min-width: 62rem)");
/** What the drawer opens under on a narrow page: the nearest of these around the link. */
const ROWS = "tr, dd, li, p, figure, section";
/** What is lit as long as it is open. */
const LIT = "td, th, dd, li, p, figure";

/** @type {{link: HTMLAnchorElement, part: HTMLElement, row: Element | null, lit: Element, stop: AbortController} | undefined} */
let open;

/**
 * Opens the evidence that a link leads to, or closes it where it is open.
 * @param {HTMLAnchorElement} link
 */
export async function toggle(link) {
  const before = open?.link;
  close(before !== link);
  if (before !== link) await show(link);
}

/** @param {HTMLAnchorElement} link */
async function show(link) {
  const words = /** @type {Words} */ (JSON.parse(document.body.dataset.drawer ?? "{}"));
  const part = made(words);
  const lit = link.closest(LIT) ?? link;
  const stop = new AbortController();
  const row = placed(part, link);
  open = { link, part, row, lit, stop };
  link.setAttribute("aria-expanded", "true");
  lit.classList.add("is-lit");
  document.addEventListener("keydown", onKey);
  const content = /** @type {HTMLElement} */ (part.querySelector(".drawer-content"));
  content.textContent = words.waiting;
  part.focus({ preventScroll: true });
  const read = await fragment(link.href, stop.signal);
  if (open?.part !== part) return;
  content.replaceChildren(...(read ?? failed(link, words)));
  if (!WIDE.matches && part.getBoundingClientRect().top > innerHeight / 2) lit.scrollIntoView({ block: "start" });
}

/**
 * Closes what is open.
 * @param {boolean} isLeft whether the focus stays where it is, and does not return to the link
 */
function close(isLeft = false) {
  if (!open) return;
  const { link, part, row, lit, stop } = open;
  open = undefined;
  stop.abort();
  document.removeEventListener("keydown", onKey);
  link.removeAttribute("aria-expanded");
  lit.classList.remove("is-lit");
  keepingInPlace(link, () => {
    (row ?? part).remove();
    document.querySelector("main")?.classList.remove("has-drawer");
  });
  if (!isLeft) link.focus({ preventScroll: true });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === "Escape" && !event.defaultPrevented) close();
}

/**
 * Returns an empty drawer.
 * @param {Words} words
 */
function made(words) {
  const part = document.createElement("section");
  part.className = "drawer";
  part.tabIndex = -1;
  part.setAttribute("aria-label", words.title);
  const head = document.createElement("p");
  head.className = "drawer-head";
  const title = document.createElement("span");
  title.textContent = words.title;
  const button = document.createElement("button");
  button.type = "button";
  button.append(words.close);
  const key = document.createElement("kbd");
  key.textContent = words.key;
  button.append(" ", key);
  button.addEventListener("click", () => close());
  head.append(title, button);
  const content = document.createElement("div");
  content.className = "drawer-content";
  content.setAttribute("role", "status");
  part.append(head, content);
  return part;
}

/**
 * Puts a drawer into the page; returns the row of a table that was made for it.
 * @param {HTMLElement} part
 * @param {HTMLAnchorElement} link
 */
function placed(part, link) {
  const main = document.querySelector("main");
  if (WIDE.matches && main) {
    keepingInPlace(link, () => {
      main.classList.add("has-drawer");
      main.append(part);
    });
    return null;
  }
  const above = link.closest(ROWS) ?? link;
  if (above instanceof HTMLTableRowElement) {
    const row = document.createElement("tr");
    row.className = "drawer-row";
    const cell = row.insertCell();
    cell.colSpan = [...above.cells].reduce((sum, it) => sum + it.colSpan, 0);
    cell.append(part);
    above.after(row);
    return row;
  }
  if (above.matches("dd, li, section")) above.append(part);
  else above.after(part);
  return null;
}

/**
 * Changes the page, and scrolls so that a link stays where its reader sees it.
 * @param {Element} link
 * @param {() => void} change
 */
function keepingInPlace(link, change) {
  const before = link.getBoundingClientRect().top;
  change();
  scrollBy({ top: link.getBoundingClientRect().top - before, behavior: "instant" });
}

/**
 * Returns what the note at an address says in short; nothing where it cannot be read.
 * @param {string} href
 * @param {AbortSignal} signal
 */
async function fragment(href, signal) {
  const address = new URL(href);
  address.hash = "";
  address.searchParams.set("drawer", "1");
  try {
    const answer = await fetch(address, { signal, cache: "no-store" });
    if (!answer.ok) return undefined;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(".drawer-content");
    // A file is the whole note, whatever is asked for.
    return (part ?? (await import("../edition/note_here.js")).shortened(page, address))?.childNodes;
  } catch {
    return undefined;
  }
}

/**
 * Returns that nothing could be read, with the way to the note.
 * @param {HTMLAnchorElement} link
 * @param {Words} words
 */
function failed(link, words) {
  const way = document.createElement("a");
  way.href = link.href;
  way.textContent = words.page;
  const said = document.createElement("p");
  said.append(`${words.failed} `, way);
  return [said];
}
