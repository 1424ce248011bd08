// The words that scripts say: the page brings them in its language.

/** Returns the words of one of the lists of an element, by default of the page, by their names. */
export const words = (of: HTMLElement = document.body, list = "words"): Words => JSON.parse(of.dataset[list] ?? "{}");

/** Returns a text with its values in place: `{n} things`. */
export const said = (text: string, values: Record<string, unknown>) =>
  text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** Returns a number as the page's language writes it. */
export const number = (n: number, maximumFractionDigits = 6) =>
  n.toLocaleString(document.documentElement.lang, { maximumFractionDigits });

/** Returns the words for a number of things: those of a key with `_one` or `_other`, as the page's language counts. */
export function counted(words: Words, key: string, n: number, values: Record<string, unknown> = {}) {
  const isOne = n === 1 || (n === 0 && document.documentElement.lang === "fr");
  return said(words[`${key}_${isOne ? "one" : "other"}`], { n: number(n), ...values });
}
