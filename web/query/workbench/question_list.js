// The ready questions beside the editor: filtered as one writes, taken into the editor and run by a click.
import { one } from "../../base/parts.js";
import { queryFile } from "../../base/service.js";
import { said } from "../../base/words.js";
import { fold } from "./folding.js";

/**
 * Has the list of questions filtered, and a question run where it is; its page is one link further.
 * @param {HTMLElement} list
 * @param {{words: Words, run: (query: string) => void}} how
 */
export function questionList(list, { words, run }) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...list.querySelectorAll("[data-question]")]);
  const filter = one(list, "[data-question-filter]");
  const [field, count] = [one(filter, "input"), one(filter, "[role=status]")];
  filter.hidden = false;
  field.addEventListener("input", () => {
    const wanted = fold(/** @type {HTMLInputElement} */ (field).value)
      .split(/\s+/)
      .filter(Boolean);
    let shown = 0;
    for (const link of links) {
      const fits = wanted.every((word) => fold(link.textContent ?? "").includes(word));
      /** @type {HTMLElement} */ (link.closest("li")).hidden = !fits;
      shown += Number(fits);
    }
    for (const group of list.querySelectorAll("details")) group.hidden = !group.querySelector("li:not([hidden])");
    count.textContent = wanted.length ? said(shown === 1 ? words.found_one : words.found_other, { n: shown }) : "";
  });
  for (const link of links)
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const query = await queryOf(link.href);
      if (query === undefined) window.location.assign(link.href);
      else {
        for (const other of links) other.removeAttribute("aria-current");
        link.setAttribute("aria-current", "true");
        run(query);
      }
    });
}

/**
 * Returns the query of a question, with the certainty that its address names; undefined where it does not come.
 * @param {string} page
 */
async function queryOf(page) {
  try {
    const answer = await fetch(queryFile(page), { headers: { Accept: "application/sparql-query" } });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
