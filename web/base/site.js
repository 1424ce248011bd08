// What every page gets: suggestions while one writes, menus that close, and evidence beside what it is of.
import { closing } from "./menus.js";
import { suggest } from "./suggest.js";

for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-suggest]")))
  suggest(input);
for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.export")))
  closing(menu);

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
