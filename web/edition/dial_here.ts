// The dial in an edition: a page that says the same at each certainty has one file, and its links lead to others at the
// least sure one. The reader's choice is kept for the tab, and taken up again where a page has a file for it.

const CHOSEN = "certainty";
const HOW = /^how-/;

/** Keeps what a dial is moved to; on a page that another choice came to, goes to the file of that choice. */
export function keep(dial: HTMLElement) {
  const steps = [...dial.querySelectorAll("a.dial-step")] as HTMLAnchorElement[];
  const current = steps.find((step) => step.hasAttribute("aria-current"));
  const least = steps[steps.length - 1];
  if (!current) return;
  for (const step of steps) step.addEventListener("click", () => choose(howOf(step)));
  const chosen = steps.find((step) => howOf(step) === choice());
  if (new Set(steps.map((step) => step.href)).size === 1) {
    if (chosen && chosen !== current) stand(steps, chosen, dial);
    return;
  }
  window.addEventListener("pageshow", ({ persisted }) => persisted && choose(howOf(current)));
  if (current !== least || isReturn()) choose(howOf(current));
  else if (chosen && chosen !== current) {
    const address = new URL(chosen.href);
    address.search = window.location.search;
    address.hash = window.location.hash;
    window.location.replace(address);
  }
}

const howOf = (step: Element) => [...step.classList].find((name) => HOW.test(name))?.replace(HOW, "") ?? "";

/** Shows a choice that changes nothing of the page, and says that it does not. */
function stand(steps: HTMLAnchorElement[], chosen: HTMLAnchorElement, dial: HTMLElement) {
  steps.forEach((step, place) => {
    step.removeAttribute("aria-current");
    step.classList.toggle("is-admitted", place <= steps.indexOf(chosen));
  });
  chosen.setAttribute("aria-current", "true");
  chosen.setAttribute("aria-describedby", "dial-effect");
  const effect = dial.querySelector(".dial-effect");
  if (effect) effect.textContent = dial.dataset.same ?? "";
}

/** Returns whether the page is one that was seen before, which the reader came back to as it was. */
function isReturn() {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return navigation?.type === "back_forward" || navigation?.type === "reload";
}

function choose(how: string) {
  try {
    sessionStorage.setItem(CHOSEN, how);
  } catch {
    // A browser may refuse to keep anything: the dial then begins anew on each such page.
  }
}

function choice() {
  try {
    return sessionStorage.getItem(CHOSEN);
  } catch {
    return null;
  }
}
