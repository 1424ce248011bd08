// What a release holds, as the engine loads it: its named graphs, and its default graph.

/** How many characters of a release are turned into statements at a time: the engine takes them as they come. */
const AT_ONCE = 1 << 20;

/**
 * Yields a release as N-Quads and the triples of its default graph as N-Triples, some at a time. The default graph has
 * those of all graphs but those whose name begins with `apart`, where what is not current lies. A triple that two graphs
 * hold comes twice, and is one in the store.
 *
 * A line of the text names the graph of the statements below it, after an at sign; or it is a statement, without the
 * subject, or subject and property, that it shares with the one before, a tab for each.
 * @param {string} text
 * @param {string} apart
 * @returns {Generator<{quads: string, triples: string}>}
 */
export function* statementsOf(text, apart) {
  const skipped = `<${apart}`;
  let [graph, subject, property] = ["", "", ""];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", Math.min(from + AT_ONCE, text.length - 1));
    const to = end < 0 ? text.length : end;
    let [quads, triples] = ["", ""];
    for (const line of text.slice(from, to).split("\n")) {
      if (line[0] === "@") {
        graph = line.slice(1);
        continue;
      }
      let rest = line;
      for (let shared = 0; shared < 2; shared++) {
        if (rest[0] === "\t") rest = rest.slice(1);
        else {
          const space = rest.indexOf(" ");
          if (shared === 0) subject = rest.slice(0, space);
          else property = rest.slice(0, space);
          rest = rest.slice(space + 1);
        }
      }
      if (!rest) continue;
      quads += `${subject} ${property} ${rest} ${graph} .\n`;
      if (!graph.startsWith(skipped)) triples += `${subject} ${property} ${rest} .\n`;
    }
    yield { quads, triples };
    from = to + 1;
  }
}
