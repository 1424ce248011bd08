// What every page gets: suggestions while one writes, and evidence beside what it is of.
import { suggest } from "./suggest.js";

for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-suggest]")))
  suggest(input);

document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-evidence]") : null;
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!isPlain || event.defaultPrevented || !(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  try {
    const { toggle } = await import("../evidence/drawer.js");
    await toggle(link);
  } catch {
    location.assign(link.href);
  }
});
