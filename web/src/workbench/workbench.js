// The workbench: its parts, and what each has to do with the others.
import { words as wordsOf } from "../words.js";
import { completing } from "./completing.js";
import { editor } from "./editor.js";
import { faults } from "./faults.js";

/** Builds the workbench around the form, which goes on by itself where scripts fail. */
export function workbench(place) {
  const words = wordsOf(place);
  const form = place.querySelector("form");
  const field = form.elements.namedItem("query");
  const parts = document.getElementById("workbench-parts").content.cloneNode(true);
  const [told, keys] = [parts.querySelector("[data-fault]"), parts.querySelector("[data-keys]")];
  const view = editor(field, {
    words,
    run: () => form.requestSubmit(),
    extensions: [completing({ ...place.dataset, words }), faults(place.dataset.check, told, words)],
  });
  view.dom.after(told, keys);
}
