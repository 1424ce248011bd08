// How texts are compared: as the site's search does it (`rallynov_graph.matching.words.folded`).

/** @type {Record<string, string>} */
const LETTERS = { œ: "oe", Œ: "oe", æ: "ae", Æ: "ae", ø: "o", Ø: "o", ł: "l", Ł: "l", "’": "'" };
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
// Marks are meant one by one, whatever letter each would be put on.
// eslint-disable-next-line no-misleading-character-class
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const ASCII = /^[\x00-\x7f]*$/;
/** Letters of which none changes with those beside it. */
const ALONE = /^[\x00-\u017f’]*$/;
const ACCENTED = /[\x80-\u017f’]/g;
const SPACED = /\s\s|[^\S ]|^ | $/;
const known = new Map();

/**
 * Returns a text without accents and case, ligatures spelt out, apostrophes straight, spaces single.
 * @param {string} text
 */
export function fold(text) {
  const plain = ASCII.test(text)
    ? text.toLowerCase()
    : ALONE.test(text)
      ? text.replace(ACCENTED, letter).toLowerCase()
      : letters(text);
  return SPACED.test(plain) ? plain.replace(/\s+/g, " ").trim() : plain;
}

/** @param {string} it */
function letter(it) {
  if (!known.has(it)) known.set(it, letters(it));
  return known.get(it);
}

/**
 * Upper case first: it is what makes ß and ς what they are compared as.
 * @param {string} text
 */
const letters = (text) =>
  text
    .replace(LETTER, (it) => LETTERS[it])
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .replace(/ς/g, "σ")
    .replace(MARKS, "");
