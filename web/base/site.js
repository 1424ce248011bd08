// What every page gets: suggestions while one writes.
import { suggest } from "./suggest.js";

for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-suggest]")))
  suggest(input);
