// The drawer: the note of a claim, over the page of the link that leads to it. One is open at a time.
import { citable } from "../base/cite.ts";
import { made, one } from "../base/elements.ts";
import { said, words as wordsOf } from "../base/words.ts";

const WIDE = matchMedia("(min-width: 62rem)");
/** What is lit as long as it is open. */
const LIT = "td, th, dd, li, p, figure";

let open: { link: HTMLAnchorElement; dialog: HTMLDialogElement; stop: AbortController } | undefined;

/** Opens the note that a link leads to, or closes it where it is open; a link in it leads to another one there. */
export async function toggle(link: HTMLAnchorElement) {
  if (open?.dialog.contains(link)) return read(link.href);
  const before = open?.link;
  open?.dialog.close();
  if (before !== link) await show(link);
}

async function show(link: HTMLAnchorElement) {
  const words = wordsOf(document.body, "drawer");
  const close = { type: "button", onclick: () => dialog.close() };
  const button = made("button", close, words.close, " ", made("kbd", words.key));
  const dialog = made(
    "dialog",
    { class: "drawer", "aria-label": words.title, closedby: WIDE.matches ? "closerequest" : "any" },
    made("p.drawer-head", words.title, button),
    made("p.unseen", { role: "status" }),
    made("div.drawer-content"),
  );
  const lit = (link.closest(LIT) ?? link) as HTMLElement;
  const stop = new AbortController();
  const name = link.ariaLabel;
  open = { link, dialog, stop };
  link.ariaExpanded = "true";
  if (link.classList.contains("evidence")) {
    // The page keeps its measures: the longer words lie over it where there is room for them.
    link.dataset.open = words.open;
    if (name) link.ariaLabel = name.replace(link.textContent ?? "", words.open ?? "");
  }
  lit.classList.add("is-lit");
  const room = lit.getBoundingClientRect().right - link.getBoundingClientRect().right;
  link.classList.toggle("is-short", room < link.offsetWidth * 1.3);
  dialog.addEventListener("close", () => {
    if (open?.dialog === dialog) open = undefined;
    stop.abort();
    link.ariaExpanded = null;
    link.ariaLabel = name;
    delete link.dataset.open;
    lit.classList.remove("is-lit");
    dialog.remove();
  });
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) dialog.close();
  };
  document.addEventListener("keydown", onKey, { signal: stop.signal });
  document.body.append(dialog);
  // A dialog that closes gives the focus back to where it was.
  link.focus({ preventScroll: true });
  // Beside the drawer of a wide window another link may be chosen; a sheet leaves no room for that.
  if (WIDE.matches) dialog.show();
  else {
    const before = scrollY;
    lit.scrollIntoView({ behavior: "instant" });
    dialog.addEventListener("close", () => scrollTo({ top: before, behavior: "instant" }));
    dialog.showModal();
  }
  await read(link.href);
}

/** Has the open drawer show the note at an address. */
async function read(href: string) {
  if (!open) return;
  const { dialog, stop } = open;
  const words = wordsOf(document.body, "drawer");
  const [status, content] = [one(dialog, "[role=status]"), one(dialog, ".drawer-content")];
  status.textContent = words.waiting ?? "";
  const note = await noteAt(new URL(href), stop.signal);
  if (!dialog.open) return;
  content.replaceChildren(note ?? made("p", `${words.failed} `, made("a", { href }, words.page)));
  dialog.scrollTop = 0;
  const cite = note?.querySelector(".cite") as HTMLElement | null | undefined;
  if (cite) citable(cite);
  const claim = note?.querySelector("h2")?.textContent;
  status.textContent = claim ? said(words.opened, { claim }) : (words.failed ?? "");
}

/** Returns the note at an address, its links as from where it lies; nothing where it cannot be read. */
async function noteAt(address: URL, signal: AbortSignal) {
  try {
    const answer = await fetch(address, { signal });
    if (!answer.ok) return undefined;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const note = document.importNode(page.querySelector("article.note") as HTMLElement, true);
    for (const link of note.querySelectorAll("a")) link.href = new URL(link.getAttribute("href") ?? "", address).href;
    const title = note.querySelector("h1");
    title?.replaceWith(made("h2", ...title.childNodes));
    return note;
  } catch {
    return undefined;
  }
}
