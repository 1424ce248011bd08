// How an answer is cited: asked of the server once it is wanted, under a title that can be changed.
import { partsIn } from "../../base/parts.js";

/**
 * Fills the citation of an answer when its part is opened, and again when the title changes.
 * @param {HTMLDetailsElement} place
 * @param {string} query
 */
export function citing(place, query) {
  const { title, said, txt, bib, files: saved } = partsIn(place, "cite");
  const links = /** @type {HTMLAnchorElement[]} */ ([...place.querySelectorAll("[data-cite-file]")]);
  /** @type {string[]} */
  let made = [];
  let turn = 0;
  /** @param {number} mine which of the citations that were asked for this is */
  const fill = async (mine) => {
    const { files, title: titled } = await asked(place.dataset.address ?? "", query, title.value);
    // Meanwhile the title was changed, and is asked about.
    if (mine !== turn) return;
    title.value = titled;
    said.textContent = "";
    txt.textContent = files.txt;
    bib.textContent = files.bib;
    saved.hidden = false;
    made.forEach((address) => URL.revokeObjectURL(address));
    made = links.map((link) => (link.href = URL.createObjectURL(new Blob([files[link.dataset.citeFile ?? ""]]))));
  };
  const tell = () => {
    const mine = ++turn;
    fill(mine).catch(() => mine === turn && (said.textContent = place.dataset.failed ?? ""));
  };
  title.addEventListener("change", tell);
  place.addEventListener("toggle", () => place.open && !made.length && tell());
}

/**
 * @param {string} address
 * @param {string} query
 * @param {string} title
 */
async function asked(address, query, title) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ query, title }) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
