// The words that scripts say: the page brings them in its language.

/**
 * Returns the words of an element, by default of the page, by their names.
 * @param {HTMLElement} of
 * @returns {Record<string, string>}
 */
export const words = (of = document.body) => JSON.parse(of.dataset.words ?? "{}");

/**
 * Returns a text with its values in place: `{n} things`.
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
export const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
