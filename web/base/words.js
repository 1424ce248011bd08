// The words that scripts say: the page brings them in its language.

/**
 * Returns the words of an element, by default of the page, by their names.
 * @param {HTMLElement} of
 * @param {string} list which of the lists that it has
 * @returns {Record<string, string>}
 */
export const words = (of = document.body, list = "words") => JSON.parse(of.dataset[list] ?? "{}");

/**
 * Returns a text with its values in place: `{n} things`.
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
export const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
