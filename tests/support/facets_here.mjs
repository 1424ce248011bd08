// Narrows lists as an edition does: reads [{index, asked}] from standard input, each asked one pairs of a facet and a key;
// writes for each the rows, the number of things of each value, and what is not known.
import { readFileSync } from "node:fs";

const { Facets } = await import(new URL("../../web/edition/facets.ts", import.meta.url).href);

const found = JSON.parse(readFileSync(0, "utf8")).map(({ index, asked }) => {
  const facets = new Facets(index);
  return asked.map((pairs) => {
    const { chosen, unknown } = facets.read(pairs);
    const counts = index.facets.map((facet) => [facet.name, Object.fromEntries(facets.counts(facet, chosen))]);
    return { rows: facets.rows(chosen), counts: Object.fromEntries(counts), steps: facets.steps(chosen), unknown };
  });
});
process.stdout.write(JSON.stringify(found));
