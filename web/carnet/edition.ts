// The text and its margin: pointing at either lights the other; J and K go from passage to passage, Enter opens the evidence.

const LIT = "lit";
const STEPS = "a.said-words, .row:not(:has(a.said-words)) .unfold > .cards > .card:first-child a.evidence";
const FIELDS = "input:not([type=checkbox]), select, textarea, [contenteditable]";
const KEPT = "carnet-letter-keys";

const edition = document.querySelector(".edition") as HTMLElement;

/** Returns the element whose facts are meant where something happened. */
function bearer(target: EventTarget | null) {
  return target instanceof Element ? target.closest("[data-fact]") : null;
}

/** Lights all that shares a fact with an element, and nothing else. */
function light(element: Element | null) {
  for (const was of edition.querySelectorAll(`.${LIT}`)) was.classList.remove(LIT);
  const facts = element?.getAttribute("data-fact")?.split(" ") ?? [];
  for (const fact of facts.filter((it) => it))
    for (const its of edition.querySelectorAll(`[data-fact~="${fact}"]`)) {
      const isOther = its !== element && its.classList.contains("card") === element?.classList.contains("card");
      if (!isOther) its.classList.add(LIT);
    }
}

/** Returns what stays lit while nothing is pointed at: what has the focus, or else what the address names. */
function resting() {
  return bearer(document.activeElement) ?? bearer(document.querySelector(":target"));
}

edition.addEventListener("pointerover", ({ target }) => light(bearer(target) ?? resting()));
edition.addEventListener("pointerleave", () => light(resting()));
edition.addEventListener("focusin", () => light(resting()));
edition.addEventListener("focusout", () => light(bearer(document.querySelector(":target"))));
addEventListener("hashchange", arrive);
arrive();

/** Unfolds and lights what the address names. */
function arrive() {
  let around = document.querySelector(":target")?.closest("details");
  for (; around; around = around.parentElement?.closest("details")) around.open = true;
  light(resting());
}

/** Brings an element into focus below the bar of the stages. */
function go(element: HTMLElement | undefined) {
  element?.closest("details")?.setAttribute("open", "");
  element?.focus();
}

/** The passage that was gone to last. */
let last: HTMLElement | undefined;

/** Goes to the next passage, or to the one before; from nowhere to the first one that is in sight. */
function step(way: 1 | -1) {
  const steps = [...edition.querySelectorAll(STEPS)] as HTMLElement[];
  const from = document.activeElement as HTMLElement | null;
  const row = from?.closest("[data-row]");
  const isIn = (it: HTMLElement | undefined) => it && row?.contains(it);
  let at = from ? steps.indexOf(from) : -1;
  if (at < 0 && row) at = steps.findIndex(isIn(last) ? (it) => it === last : isIn);
  if (at >= 0) last = steps[at + way];
  else last = steps.find((it) => it.getBoundingClientRect().bottom > 120);
  go(last);
}

/** Follows the way to the evidence of the first fact that the words in focus carry. */
function open() {
  const key = document.activeElement?.getAttribute("data-fact")?.split(" ")[0];
  const way = key && (document.getElementById(key)?.querySelector("a.evidence") as HTMLElement | null);
  if (way) way.click();
  return Boolean(way);
}

const letterKeys = document.getElementById("letter-keys") as HTMLInputElement;
try {
  letterKeys.checked = localStorage.getItem(KEPT) !== "off";
  letterKeys.addEventListener("change", () => localStorage.setItem(KEPT, letterKeys.checked ? "on" : "off"));
} catch {
  // The browser keeps nothing: the keys are as the page has them.
}

addEventListener("keydown", (event) => {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches(FIELDS)) return;
  if (event.key === "Enter") {
    if (target.matches("a.said-words") && open()) event.preventDefault();
  } else if (letterKeys.checked && /^[jk]$/i.test(event.key)) {
    step(event.key.toLowerCase() === "j" ? 1 : -1);
    event.preventDefault();
  }
});

const chapters = [...document.querySelectorAll(".chapters a[data-parts]")] as HTMLAnchorElement[];
const bar = document.querySelector(".chapters > ol");
const chapterOf = new Map<Element, HTMLAnchorElement>();
for (const chapter of chapters)
  for (const name of (chapter.dataset.parts ?? "").split(" ")) {
    const part = name && document.getElementById(name)?.parentElement;
    if (part) chapterOf.set(part, chapter);
  }

const reading = new IntersectionObserver(
  (entries) => {
    const entry = entries.find(({ isIntersecting }) => isIntersecting);
    const here = entry && chapterOf.get(entry.target);
    if (!here || here.hasAttribute("aria-current")) return;
    for (const chapter of chapters) chapter.toggleAttribute("aria-current", chapter === here);
    here.setAttribute("aria-current", "true");
    if (bar) bar.scrollLeft += here.getBoundingClientRect().left - bar.getBoundingClientRect().left - 16;
  },
  { rootMargin: "-25% 0px -74% 0px" },
);
for (const part of chapterOf.keys()) reading.observe(part);
