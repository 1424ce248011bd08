// The dial of certainty by keyboard: its three links are one choice, which the arrow keys move; where the page
// changes by it, the focus stays on it, so that what goes away is heard with it.

const MOVED = "dial";
/** By how many positions each key moves the choice. */
const MOVES = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

/** @param {HTMLElement} dial */
export function choosing(dial) {
  const steps = /** @type {HTMLAnchorElement[]} */ ([...dial.querySelectorAll("a.dial-step")]);
  const list = dial.querySelector("ul");
  const current = steps.findIndex((step) => step.hasAttribute("aria-current"));
  if (!list || current < 0) return;
  list.setAttribute("role", "radiogroup");
  list.setAttribute("aria-label", dial.getAttribute("aria-label") ?? "");
  for (const item of list.children) item.setAttribute("role", "none");
  steps.forEach((step, place) => {
    step.setAttribute("role", "radio");
    step.setAttribute("aria-checked", String(place === current));
    step.removeAttribute("aria-current");
    step.tabIndex = place === current ? 0 : -1;
    step.addEventListener("click", remember);
  });
  list.addEventListener("keydown", (event) => {
    const place = steps.findIndex((step) => step === event.target);
    const move = event.key === " " ? 0 : MOVES[event.key];
    if (place < 0 || move === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const next = steps[place + move];
    if (!next) return;
    next.focus();
    next.click();
  });
  if (wasMoved()) steps[current]?.focus({ preventScroll: true });
}

/** Keeps for the next page of this tab that the dial was moved; a browser may refuse to keep anything. */
function remember() {
  try {
    sessionStorage.setItem(MOVED, "1");
  } catch {
    // The choice is made all the same.
  }
}

/** Returns whether the dial of the page before was moved, once. */
function wasMoved() {
  try {
    const moved = sessionStorage.getItem(MOVED) !== null;
    sessionStorage.removeItem(MOVED);
    return moved;
  } catch {
    return false;
  }
}
