// The workbench: its parts, and what each has to do with the others.
import { words as wordsOf } from "../words.js";
import { Answer } from "./answer.js";
import { completing } from "./completing.js";
import { editor, write } from "./editor.js";
import { faults } from "./faults.js";
import { permalink, queryOf } from "./permalink.js";

/** An answer that the server took longer for is not asked for again, to show it better. */
const SOON = 1;

/**
 * Builds the workbench around the form, which goes on by itself where scripts fail.
 * @param {HTMLElement} place
 */
export function workbench(place) {
  const words = wordsOf(place);
  const form = place.querySelector("form");
  const parts = document.getElementById("workbench-parts").content.cloneNode(true);
  const [told, keys] = [parts.querySelector("[data-fault]"), parts.querySelector("[data-keys]")];
  const view = editor(form.elements.namedItem("query"), {
    words,
    run: () => form.requestSubmit(),
    extensions: [completing({ ...place.dataset, words }), faults(place.dataset.check, told, words)],
  });
  const spoken = parts.querySelector("[data-spoken]");
  view.dom.after(told, keys);
  form.after(spoken);
  const answers = place.querySelector("[data-answer]");
  const answer = new Answer(answers, spoken, place.dataset, words);
  const ask = async () => {
    const query = view.state.doc.toString();
    if (!query.trim()) return view.focus();
    const address = await permalink(query);
    if (address !== window.location.href) window.history.pushState(null, "", address);
    answer.ask(query);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  const open = async () => {
    const query = await queryOf(window.location.href).catch(() => answer.show((it) => answer.say(it, words.damaged)) && undefined);
    if (query === undefined) return;
    if (query !== view.state.doc.toString()) write(view, query);
    answer.ask(query);
  };
  window.addEventListener("popstate", open);
  const { took } = answers.dataset;
  if (took ? Number(took) < SOON : window.location.hash.startsWith("#q=")) open();
}
