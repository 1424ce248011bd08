// A term of an answer as it is shown: always as text, whatever it holds.

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WHOLE = new Set(["integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong"].map((name) => XSD + name));
const NUMBERS = new Set([...WHOLE, XSD + "decimal", XSD + "double", XSD + "float"]);
const LINK = /^(https?:\/\/|\/(?!\/))/i;

const language = () => document.documentElement.lang;

export const isNumber = (term) => term?.type !== "uri" && NUMBERS.has(term?.datatype);

/** Returns a term as text, numbers and dates as people write them. */
export function textOf(term) {
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") return `<<( ${[term.value.subject, term.value.predicate, term.value.object].map(textOf).join(" ")} )>>`;
  const { value, datatype } = term;
  if (WHOLE.has(datatype) && /^[+-]?\d{1,15}$/.test(value)) return new Intl.NumberFormat(language(), { useGrouping: "min2" }).format(Number(value));
  if (datatype === XSD + "date") return day(value, { dateStyle: "long" });
  if (datatype === XSD + "gYearMonth") return day(`${value}-01`, { year: "numeric", month: "long" }) ?? value;
  return value;
}

function day(value, style) {
  const found = value.match(/^(\d{4})-(\d\d)-(\d\d)$/);
  const date = found && new Date(`${value}T00:00:00Z`);
  if (!date || Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(found[3])) return value;
  return new Intl.DateTimeFormat(language(), { ...style, timeZone: "UTC" }).format(date);
}

/**
 * Returns a term as an element: a thing by its name where it is known and wanted, with a link.
 * @param {object} term as SPARQL's JSON has it
 * @param {{name?: object, cut?: number}} how
 */
export function shown(term, { name, cut = Infinity } = {}) {
  const text = name?.label ?? textOf(term);
  const part = document.createElement(name?.address && LINK.test(name.address) ? "a" : "bdi");
  part.textContent = text.length > cut ? `${text.slice(0, cut)}…` : text;
  if (part.localName === "a") {
    part.href = name.address;
    part.dir = "auto";
    if (name.external) Object.assign(part, { rel: "external noreferrer", className: "away" });
  }
  const spoken = name ? name.language : term["xml:lang"];
  if (spoken) part.lang = spoken;
  const made = document.createElement("span");
  if (name?.shape) made.append(Object.assign(document.createElement("span"), { className: `shape shape-${name.shape}`, ariaHidden: "true" }));
  made.append(part);
  if (term["xml:lang"]) made.append(" ", Object.assign(document.createElement("span"), { className: "soft small", textContent: term["xml:lang"] }));
  return made;
}
