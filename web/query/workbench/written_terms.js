// Terms as SPARQL writes them.

/**
 * Returns a term, but a nameless one, as SPARQL writes it.
 * @param {PlainTerm} it
 */
export function written({ type, value, datatype, "xml:lang": language, "its:dir": direction }) {
  if (type === "uri") return iri(value);
  const suffix = language ? `@${language}${direction ? `--${direction}` : ""}` : datatype ? `^^${iri(datatype)}` : "";
  return text(value) + suffix;
}

/** @type {Record<string, string>} */
const ESCAPED = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };
/** @param {string} value */
const text = (value) => `"${value.replace(/[\\"\n\r\t\b\f]/g, (letter) => ESCAPED[letter])}"`;
/** @param {string} value */
const iri = (value) =>
  `<${value.replace(/[\x00-\x20<>"{}|^`\\]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)}>`;
