// The head of a page: the dial of certainty by keyboard, and menus that close.

const MOVED = "dial";
/** By how many positions each key moves the choice. */
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 } as Record<string, number>;

export function choosing(dial: HTMLElement) {
  const steps = [...dial.querySelectorAll("a.dial-step")] as HTMLAnchorElement[];
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

// Menus that unfold over a page close as menus do: by Escape, and when something else is pressed.

export function closing(menu: HTMLDetailsElement) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
}
