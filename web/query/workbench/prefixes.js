// The prefixes of a query: those it declares, those it uses, and which IRI a name stands for.
import { tokensOf } from "./syntax.js";

/**
 * Returns the prefixes that a query declares, and those that it uses without.
 * @param {string} text
 */
export function prefixesOf(text) {
  const declared = new Map();
  const used = new Set();
  let declaring = null;
  let before = "";
  for (const token of tokensOf(text)) {
    if (token.kind === "comment") continue;
    if (token.kind === "name") {
      const prefix = token.text.slice(0, token.text.indexOf(":"));
      if (before === "PREFIX") declared.set((declaring = prefix), "");
      else if (prefix !== "_") used.add(prefix);
    } else if (token.kind === "iri" && declaring !== null) declared.set(declaring, token.text.slice(1, -1));
    if (token.kind !== "name") declaring = null;
    before = token.text.toUpperCase();
  }
  return { declared, missing: [...used].filter((prefix) => !declared.has(prefix)) };
}

/**
 * Returns what says which IRI a prefixed name is in a query: by its own prefixes, else by ours.
 * @param {string} text
 * @param {Record<string, string>} prefixes
 */
export function iris(text, prefixes) {
  const { declared } = prefixesOf(text);
  return (/** @type {string} */ name) => {
    const prefix = name.slice(0, name.indexOf(":"));
    const namespace = declared.get(prefix) || (Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined);
    return namespace === undefined ? name : namespace + name.slice(prefix.length + 1);
  };
}
