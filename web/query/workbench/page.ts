// The page where one asks in SPARQL. Who only reads it has its text area and the server's answer; the editor comes once
// somebody is there, or at once where the address asks for what only scripts can show.
import { isHere } from "../../base/service.ts";

const FIRST_SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"];

const place: HTMLElement | null = document.querySelector("[data-workbench]");

async function load() {
  for (const sign of FIRST_SIGNS) removeEventListener(sign, load);
  const { workbench } = await import("./workbench.ts");
  if (place) workbench(place);
}

const names = [...new URL(location.href).searchParams.keys()];
const answersItself = isHere(place?.dataset.endpoint ?? "") && names.includes("query");
const asksForMore = answersItself || location.hash !== "" || names.some((name) => name.startsWith("view."));
if (place && (asksForMore || place.contains(document.activeElement))) load();
else if (place) for (const sign of FIRST_SIGNS) addEventListener(sign, load, { passive: true });
