// The page of doubts in an edition: of the questions that it has, those that touch what its address names.
import { one } from "../base/elements.ts";
import { said } from "../base/words.ts";

/** Leaves the questions that touch a thing, under its name; what is not told by thing goes. */
function narrow(form: HTMLFormElement, thing: HTMLOptionElement) {
  const touching = new Set(thing.dataset.doubts?.split(" "));
  for (const section of document.querySelectorAll(".consequence") as NodeListOf<HTMLElement>) {
    const doubts = [...section.querySelectorAll(".doubt")] as HTMLElement[];
    for (const doubt of doubts) doubt.hidden = !touching.has(doubt.id);
    section.hidden = doubts.every((doubt) => doubt.hidden);
  }
  for (const part of document.querySelectorAll(".consequences, .legend") as NodeListOf<HTMLElement>) part.hidden = true;
  const { one: single = "", other: several = "" } = form.dataset;
  const name = thing.text.replace(/ \(\d+\)$/, "");
  one(document, "h1").textContent = `${said(touching.size === 1 ? single : several, { n: touching.size })} ${name}`;
  thing.selected = true;
}

const form = document.querySelector("[data-touching]") as HTMLFormElement | null;
const asked = new URLSearchParams(window.location.search).get("touches");
const thing = [...(form?.querySelectorAll("option") ?? [])].find((it) => asked && it.value === asked);
if (form && thing) narrow(form, thing);
