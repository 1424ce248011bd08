// The dial on pages of an edition that have one file for all its positions: the address says where it stands, in a
// query that servers of files pass over, and all links of the page keep it.

const CERTAINTY = "certainty";

/** Shows where the dial stands; a page that has files of its own for that gives way to the right one. */
export function keepDial() {
  const chosen = new URLSearchParams(location.search).get(CERTAINTY);
  const steps = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("nav.dial a.dial-step")]);
  const place = steps.findIndex((step) => step.classList.contains(`how-${chosen}`));
  const step = steps[place];
  if (!step) return;
  if (step.pathname !== location.pathname) {
    location.replace(`${step.href}${location.hash}`);
    return;
  }
  const effect = step.closest("nav")?.querySelector("#dial-effect");
  effect?.remove(); // It counts for the position that the file was made at.
  steps.forEach((it, number) => {
    it.classList.toggle("is-admitted", number <= place);
    it.removeAttribute("aria-describedby");
    if (number === place) it.setAttribute("aria-current", "true");
    else it.removeAttribute("aria-current");
  });
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[href]")))
    if (isPage(link) && !steps.includes(link)) keepIn(link, step);
}

/**
 * Returns whether a link leads to a page of the edition.
 * @param {HTMLAnchorElement} link
 */
function isPage(link) {
  const isHere = link.origin === location.origin && link.protocol === location.protocol;
  return isHere && link.pathname.endsWith(".html") && !link.getAttribute("href")?.startsWith("#");
}

/**
 * Has a link keep the position of the dial.
 * @param {HTMLAnchorElement} link
 * @param {HTMLAnchorElement} step
 */
function keepIn(link, step) {
  const asked = new URLSearchParams(link.search);
  asked.set(CERTAINTY, `${new URLSearchParams(step.search).get(CERTAINTY)}`);
  link.search = String(asked);
}
