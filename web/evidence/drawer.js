// The drawer: the evidence of a claim, over the page of the link that leads to it. One is open at a time.

import { words as wordsOf } from "../base/words.js";

const WIDE = matchMedia("(min-width: 62rem)");
/** What is lit as long as it is open. */
const LIT = "td, th, dd, li, p, figure";

/** @type {{link: HTMLAnchorElement, dialog: HTMLDialogElement} | undefined} */
let open;

/**
 * Opens the evidence that a link leads to, or closes it where it is open.
 * @param {HTMLAnchorElement} link
 */
export async function toggle(link) {
  const before = open?.link;
  open?.dialog.close();
  if (before !== link) await show(link);
}

/** @param {HTMLAnchorElement} link */
async function show(link) {
  const words = /** @type {Words} */ (wordsOf(document.body, "drawer"));
  const dialog = made(words);
  const lit = link.closest(LIT) ?? link;
  const stop = new AbortController();
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) dialog.close();
  };
  open = { link, dialog };
  link.setAttribute("aria-expanded", "true");
  lit.classList.add("is-lit");
  dialog.addEventListener("close", () => {
    if (open?.dialog === dialog) open = undefined;
    stop.abort();
    link.removeAttribute("aria-expanded");
    lit.classList.remove("is-lit");
    dialog.remove();
  });
  document.addEventListener("keydown", onKey, { signal: stop.signal });
  document.body.append(dialog);
  // A dialog that closes gives the focus back to where it was.
  link.focus({ preventScroll: true });
  // Beside the drawer of a wide window another link may be chosen; a sheet leaves no room for that.
  if (WIDE.matches) dialog.show();
  else dialog.showModal();
  const content = /** @type {HTMLElement} */ (dialog.querySelector(".drawer-content"));
  content.textContent = words.waiting;
  const read = await fragment(link.href, stop.signal);
  if (dialog.open) content.replaceChildren(...(read ?? failed(link, words)));
}

/**
 * Returns an empty drawer.
 * @param {Words} words
 */
function made(words) {
  const dialog = document.createElement("dialog");
  dialog.className = "drawer";
  dialog.setAttribute("aria-label", words.title);
  dialog.setAttribute("closedby", WIDE.matches ? "closerequest" : "any");
  const head = document.createElement("p");
  head.className = "drawer-head";
  const button = document.createElement("button");
  button.type = "button";
  const key = document.createElement("kbd");
  key.textContent = words.key;
  button.append(words.close, " ", key);
  button.addEventListener("click", () => dialog.close());
  head.append(words.title, button);
  const content = document.createElement("div");
  content.className = "drawer-content";
  content.setAttribute("role", "status");
  dialog.append(head, content);
  return dialog;
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
