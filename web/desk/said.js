// The words of the desk in the language of its page.
import { said, words } from "../base/words.js";

const told = words();

/**
 * Returns the words of a key, with values in their places.
 * @param {string} key
 * @param {Record<string, unknown>} values
 */
export const say = (key, values = {}) => said(told[key] ?? key, values);

/**
 * Returns the words for a number of things: those of a key with `_one` or `_other`.
 * @param {string} key
 * @param {number} n
 */
export function count(key, n) {
  const isOne = n === 1 || (n === 0 && document.documentElement.lang === "fr");
  return say(`${key}_${isOne ? "one" : "other"}`, { n: number(n) });
}

/** @param {number} n */
export const number = (n) => n.toLocaleString(document.documentElement.lang);
