// The page of doubts in an edition: of the questions that it has, those that touch what its address names.
import { one } from "../base/parts.js";
import { said } from "../base/words.js";

/**
 * Leaves the questions that touch a thing, under its name; what is not told by thing goes.
 * @param {HTMLFormElement} form
 * @param {HTMLOptionElement} thing
 */
function narrow(form, thing) {
  const touching = new Set(thing.dataset.doubts?.split(" "));
  for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".consequence"))) {
    const doubts = /** @type {HTMLElement[]} */ ([...section.querySelectorAll(".doubt")]);
    for (const doubt of doubts) doubt.hidden = !touching.has(doubt.id);
    section.hidden = doubts.every((doubt) => doubt.hidden);
  }
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".consequences, .legend")))
    part.hidden = true;
  const { one: single = "", other: several = "" } = form.dataset;
  const name = thing.text.replace(/ \(\d+\)$/, "");
  one(document, "h1").textContent = `${said(touching.size === 1 ? single : several, { n: touching.size })} ${name}`;
  thing.selected = true;
}

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-touching]"));
const asked = new URLSearchParams(window.location.search).get("touches");
const thing = [...(form?.querySelectorAll("option") ?? [])].find((it) => asked && it.value === asked);
if (form && thing) narrow(form, thing);
