// A term of an answer as it is shown: always as text, whatever it holds.

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WHOLE = new Set(
  [
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "unsignedInt",
    "unsignedLong",
  ].map((name) => XSD + name),
);
const NUMBERS = new Set([...WHOLE, XSD + "decimal", XSD + "double", XSD + "float"]);
const LINK = /^(https?:\/\/|\/(?!\/))/i;

const language = () => document.documentElement.lang;

/**
 * Tells whether a term is a number.
 * @param {Term | undefined} term
 * @returns {term is PlainTerm & {datatype: string}}
 */
export function isNumber(term) {
  return term?.type !== "uri" && NUMBERS.has(term?.datatype ?? "");
}

/**
 * Returns a term as text, numbers and dates as people write them.
 * @param {Term} term
 * @returns {string}
 */
export function textOf(term) {
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple")
    return `<<( ${[term.value.subject, term.value.predicate, term.value.object].map(textOf).join(" ")} )>>`;
  const { value, datatype } = term;
  if (NUMBERS.has(datatype ?? "")) return number(value);
  if (datatype === XSD + "date") return day(value, { dateStyle: "long" });
  if (datatype === XSD + "dateTime") return moment(value);
  if (datatype === XSD + "gYearMonth") return day(`${value}-01`, { year: "numeric", month: "long" }) ?? value;
  return value;
}

/**
 * Every digit stays as it is written; what has too many, or a power of ten, stays whole.
 * @param {string} value
 */
function number(value) {
  const [, whole, , decimals = ""] = value.match(/^[+-]?(\d+)(\.(\d+))?$/) ?? [];
  if (whole === undefined || whole.length + decimals.length > 15) return value;
  return new Intl.NumberFormat(language(), { useGrouping: "min2", minimumFractionDigits: decimals.length }).format(
    Number(value),
  );
}

/**
 * The time stays as it is written, with where it is that time.
 * @param {string} value
 */
function moment(value) {
  const found = value.match(/^(\d{4}-\d\d-\d\d)T([\d:.]+)(Z|[+-]\d\d:\d\d)?$/);
  return found
    ? [`${day(found[1], { dateStyle: "long" })},`, found[2], found[3]?.replace("Z", "UTC")].filter(Boolean).join(" ")
    : value;
}

/**
 * @param {string} value
 * @param {Intl.DateTimeFormatOptions} style
 */
function day(value, style) {
  const found = value.match(/^(\d{4})-(\d\d)-(\d\d)$/);
  const date = found && new Date(`${value}T00:00:00Z`);
  if (!date || Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(found[3])) return value;
  return new Intl.DateTimeFormat(language(), { ...style, timeZone: "UTC" }).format(date);
}

/**
 * @param {string} href
 * @param {boolean=} external
 */
function linked(href, external) {
  const made = Object.assign(document.createElement("a"), { href, dir: "auto" });
  return external ? Object.assign(made, { rel: "external noreferrer", className: "away" }) : made;
}

/**
 * Returns a term as an element: a thing by its name where it is known and wanted, with a link.
 * @param {Term} term as SPARQL's JSON has it
 * @param {{name?: Name, cut?: number}} how
 */
export function shown(term, { name, cut = Infinity } = {}) {
  const text = name?.label ?? textOf(term);
  if (term.datatype === XSD + "anyURI") name = { label: text, address: term.value, external: true };
  const part =
    name?.address && LINK.test(name.address) ? linked(name.address, name.external) : document.createElement("bdi");
  part.textContent = text.length > cut ? `${text.slice(0, cut)}…` : text;
  const spoken = name ? name.language : term["xml:lang"];
  if (spoken) part.lang = spoken;
  const made = document.createElement("span");
  if (name?.shape)
    made.append(
      Object.assign(document.createElement("span"), { className: `shape shape-${name.shape}`, ariaHidden: "true" }),
    );
  made.append(part);
  if (term["xml:lang"])
    made.append(
      " ",
      Object.assign(document.createElement("span"), { className: "soft small", textContent: term["xml:lang"] }),
    );
  return made;
}
