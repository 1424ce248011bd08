// What a release holds, as the engine loads it: the lines of its named graphs, and of its default graph.

/** How many characters of a release are turned into triples at a time: the engine takes them as they come. */
const AT_ONCE = 4 << 20;

/**
 * Yields the triples of the default graph as N-Triples, some at a time: those of all graphs but those whose name begins
 * with `apart`, where what is not current lies. A triple that two graphs hold comes twice, and is one in the store.
 * @param {string} quads N-Quads as a release has them: each line names its graph, as its last term
 * @param {string} apart
 */
export function* triplesOfDefaultGraph(quads, apart) {
  const skipped = `<${apart}`;
  for (let from = 0; from < quads.length;) {
    const end = quads.indexOf("\n", Math.min(from + AT_ONCE, quads.length - 1));
    const to = end < 0 ? quads.length : end;
    let triples = "";
    for (const line of quads.slice(from, to).split("\n")) {
      const graph = line.lastIndexOf(" ", line.length - 3) + 1;
      if (graph > 0 && !line.startsWith(skipped, graph)) triples += `${line.slice(0, graph)}.\n`;
    }
    yield triples;
    from = to + 1;
  }
}
