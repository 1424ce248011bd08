// The page where one asks in SPARQL: an editor in the place of the text area.
import { workbench } from "./workbench.js";

/** @type {HTMLElement | null} */
const place = document.querySelector("[data-workbench]");
if (place) workbench(place);
