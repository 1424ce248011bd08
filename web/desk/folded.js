// How what is written is compared with names and words: without case, accents and the look of apostrophes.

/** @param {string} text */
export const folded = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’‘ʼ]/g, "'").replace(/œ/gi, "oe").toLowerCase();

/**
 * Tells whether each word that was written begins a word of a name, in the same order.
 * @param {string} written
 * @param {string} name
 */
export function begins(written, name) {
  const words = folded(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  let at = 0;
  for (const part of folded(written)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)) {
    at = words.findIndex((word, place) => place >= at && word.startsWith(part));
    if (at < 0) return false;
    at += 1;
  }
  return true;
}

/**
 * Returns a text so folded that each unit stays in its place.
 * @param {string} text
 */
export const foldedInPlace = (text) =>
  text
    .replace(/[\u00c0-\u024f\u2019\u2018]/g, (it) => {
      const plain = folded(it);
      return plain.length === 1 ? plain : it;
    })
    .replace(/\s/g, " ")
    .replace(/[A-Z]/g, (it) => it.toLowerCase());
