// What every page gets: suggestions while one writes, panels that close, citations that are copied, and evidence beside
// what it is of.
import { citable } from "./cite.ts";
import { closing } from "./frame.ts";

const FIRST_SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"];

/**
 * Gets the combobox once somebody is there who might write: a page that is only read does without its script. In an
 * edition who asks waits for the engine, and gets it by writing alone.
 */
async function suggesting(sign?: Event) {
  const isEdition = document.querySelector("meta[name=rallynov-engine]") !== null;
  if (sign && isEdition && !(sign.target instanceof Element && sign.target.matches("input[data-suggest]"))) return;
  for (const sign of FIRST_SIGNS) removeEventListener(sign, suggesting);
  const { suggest } = await import("./suggest.ts");
  for (const input of document.querySelectorAll("input[data-suggest]") as NodeListOf<HTMLInputElement>) suggest(input);
}

if (document.activeElement instanceof HTMLInputElement) suggesting();
else for (const sign of FIRST_SIGNS) addEventListener(sign, suggesting, { passive: true });
for (const panel of document.querySelectorAll(".acts details[name]") as NodeListOf<HTMLDetailsElement>) closing(panel);
for (const place of document.querySelectorAll(".cite") as NodeListOf<HTMLElement>) citable(place);

document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-evidence]") : null;
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!isPlain || event.defaultPrevented || !(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  try {
    const { toggle } = await import("../evidence/drawer.ts");
    await toggle(link);
  } catch {
    location.assign(link.href);
  }
});

const meta = document.querySelector("meta[name=rallynov-engine]") as HTMLElement | null;
if (meta?.dataset.offline && navigator.serviceWorker?.controller) {
  // Who keeps a copy of this edition has it brought up to date, whichever page is open.
  const list = new URL(meta.dataset.offline, location.href).href;
  import("../edition/offline_copy.ts").then(({ refresh }) =>
    refresh(new URL("..", list).href, list).catch(() => undefined),
  );
}

const chapters = location.hash && (document.querySelector("[data-chapters]") as HTMLElement | null);
if (chapters)
  import("../carnet/chapters.ts").then(({ leadOn }) => leadOn(JSON.parse(chapters.dataset.chapters ?? "[]")));

/** Shows the words of documents whose file the reader has opened, on the page and in what comes into it later. */
async function ownWords() {
  if (document.querySelector("[data-text]:not([data-filled]), [data-open-file]:not([data-ready])"))
    (await import("../carnet/own_file.ts")).fillIn();
}
ownWords();
new MutationObserver(ownWords).observe(document.body, { childList: true, subtree: true });
