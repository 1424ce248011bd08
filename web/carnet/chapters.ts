// Where a passage is read: a carnet was one page once, and its addresses name passages that other chapters have now.

/** Leads to the chapter of the passage that the address names; stays where this page has it, or none has. */
export function leadOn(pages: [start: number, address: string][]) {
  const at = Number(/^#p(?:art)?-(\d+)-\d+$/.exec(location.hash)?.[1] ?? NaN);
  const page = pages.findLast(([start]) => start <= at);
  if (!page || document.getElementById(location.hash.slice(1))) return;
  const target = new URL(page[1] + location.hash, location.href).href;
  if (target !== location.href) location.replace(target);
}
