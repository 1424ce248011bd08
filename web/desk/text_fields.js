// Fields for a text in each language of the document.
import { made } from "./made.js";

/**
 * Returns a field for each language.
 * @param {string[]} languages
 * @param {string} name by which the fields begin
 * @param {string} label
 * @param {string} written what stands in the first one
 */
export const textFields = (languages, name, label, written = "") =>
  languages.map((code, at) =>
    made(
      "label",
      {},
      made("span", {}, languages.length > 1 ? `${label} (${code})` : label),
      made("input", {
        type: "text",
        name: `${name}-${code}`,
        lang: code,
        autocomplete: "off",
        value: at ? null : written,
      }),
    ),
  );

/**
 * Returns what is written in such fields, the first text where another is empty; null where all are.
 * @param {HTMLElement} form
 * @param {string[]} languages
 * @param {string} name
 */
export function textsIn(form, languages, name) {
  const field = (/** @type {string} */ code) =>
    /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="${name}-${code}"]`));
  const pairs = languages.map((code) => [code, field(code)?.value.trim() ?? ""]);
  const first = pairs.find(([, text]) => text)?.[1];
  return first
    ? /** @type {Record<string, string>} */ (Object.fromEntries(pairs.map(([code, text]) => [code, text || first])))
    : null;
}
