// The drawer: the evidence of a claim, over the page of the link that leads to it. One is open at a time.
import { made } from "../base/elements.ts";
import { words as wordsOf } from "../base/words.ts";

const WIDE = matchMedia("(min-width: 62rem)");
/** What is lit as long as it is open. */
const LIT = "td, th, dd, li, p, figure";

let open: { link: HTMLAnchorElement; dialog: HTMLDialogElement } | undefined;

/** Opens the evidence that a link leads to, or closes it where it is open. */
export async function toggle(link: HTMLAnchorElement) {
  const before = open?.link;
  open?.dialog.close();
  if (before !== link) await show(link);
}

async function show(link: HTMLAnchorElement) {
  const words = wordsOf(document.body, "drawer");
  const dialog = drawer(words);
  const lit = link.closest(LIT) ?? link;
  const stop = new AbortController();
  const onKey = (event: KeyboardEvent) => {
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
  const content = dialog.querySelector(".drawer-content") as HTMLElement;
  content.textContent = words.waiting;
  const read = await fragment(link.href, stop.signal);
  if (dialog.open) content.replaceChildren(...(read ?? failed(link, words)));
}

/** Returns an empty drawer. */
function drawer(words: Words) {
  const close = { type: "button", onclick: () => dialog.close() };
  const button = made("button", close, words.close, " ", made("kbd", words.key));
  const dialog = made(
    "dialog",
    { class: "drawer", "aria-label": words.title, closedby: WIDE.matches ? "closerequest" : "any" },
    made("p.drawer-head", words.title, button),
    made("div", { class: "drawer-content", role: "status" }),
  );
  return dialog;
}

/** Returns what the note at an address says in short; nothing where it cannot be read. */
async function fragment(href: string, signal: AbortSignal) {
  const address = new URL(href);
  address.hash = "";
  address.searchParams.set("drawer", "1");
  try {
    const answer = await fetch(address, { signal, cache: "no-store" });
    if (!answer.ok) return undefined;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(".drawer-content");
    // A file is the whole note, whatever is asked for.
    return (part ?? shortened(page, address))?.childNodes;
  } catch {
    return undefined;
  }
}

/** Returns that nothing could be read, with the way to the note. */
const failed = (link: HTMLAnchorElement, words: Words) => [
  made("p", `${words.failed} `, made("a", { href: link.href }, words.page)),
];

// The evidence of a claim in an edition, shown beside its link: what the file of its note says first.

/**
 * Returns what a note says in short, its links as from where it lies; nothing where the page is no note.
 * @param address of the file
 */
export function shortened(page: Document, address: URL) {
  const note = page.querySelector(".note article");
  const claim = note?.querySelector("h1");
  if (!note || !claim) return null;
  const told = made(
    "div",
    made("p.drawer-claim", ...claim.childNodes),
    made("p", ...(note.querySelector(":scope > .note-verdict")?.childNodes ?? [])),
    ...note.querySelectorAll(":scope > section[aria-labelledby^=reason-]"),
    made("p.drawer-ways", made("a", { href: address.pathname }, note.querySelector(".kicker")?.textContent)),
  );
  for (const link of told.querySelectorAll("a")) link.href = new URL(link.getAttribute("href") ?? "", address).href;
  // The page that the note comes into has names of its own.
  for (const named of told.querySelectorAll("[id], [aria-labelledby]"))
    for (const name of ["id", "aria-labelledby"]) named.removeAttribute(name);
  return told;
}
