// What is heard of the proposals: how many there are, and which of them all each is. The list has only
// those in sight, and who looks elsewhere does not see it open.
import { completionStatus, currentCompletions } from "@codemirror/autocomplete";
import { EditorView } from "@codemirror/view";

import { said } from "../../base/words.js";

const PAUSE = 500;

/**
 * Says how many terms are proposed, once one has stopped writing, and numbers them.
 * @param {Words} words
 * @param {HTMLElement} spoken
 */
export function proposalsHeard(words, spoken) {
  let told = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  return EditorView.updateListener.of(({ view, state }) => {
    const many = completionStatus(state) === "active" ? currentCompletions(state).length : 0;
    if (many)
      view.requestMeasure({
        key: proposalsHeard,
        read: () => view.dom.querySelectorAll("[role=option]"),
        write: (options) => number(options, many),
      });
    if (many === told) return;
    told = many;
    clearTimeout(waiting);
    if (many)
      waiting = setTimeout(
        () => (spoken.textContent = said(many === 1 ? words.proposed_one : words.proposed_other, { n: many })),
        PAUSE,
      );
  });
}

/**
 * The editor ends the id of each by its number, from 0.
 * @param {NodeListOf<Element>} options
 * @param {number} many
 */
function number(options, many) {
  for (const option of options) {
    option.setAttribute("aria-posinset", String(Number(option.id.match(/\d+$/)) + 1));
    option.setAttribute("aria-setsize", String(many));
  }
}
