// A term of an answer as it is shown, always as text, whatever it holds; and as SPARQL writes it.
import { certainty, made, sign } from "../../base/elements.ts";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NAMES_OF_NUMBERS =
  "integer int long short byte nonNegativeInteger positiveInteger " +
  "nonPositiveInteger negativeInteger unsignedInt unsignedLong decimal double float";
const NUMBERS = new Set(NAMES_OF_NUMBERS.split(" ").map((name) => XSD + name));
const CERTAINTY = /\/rallynov\/ontology#(explicit|inferred|tentative)$/;
const LINK = /^(https?:\/\/|\/(?!\/))/i;

const language = () => document.documentElement.lang;

/** Tells whether a term is a number. */
export function isNumber(term: Term | undefined): term is PlainTerm & { datatype: string } {
  return term?.type !== "uri" && NUMBERS.has(term?.datatype ?? "");
}

/** Returns a term as text, numbers and dates as people write them. */
export function textOf(term: Term): string {
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

/** Every digit stays as it is written; what has too many, or a power of ten, stays whole. */
function number(value: string) {
  const [, whole, , decimals = ""] = value.match(/^[+-]?(\d+)(\.(\d+))?$/) ?? [];
  if (whole === undefined || whole.length + decimals.length > 15) return value;
  return new Intl.NumberFormat(language(), { useGrouping: "min2", minimumFractionDigits: decimals.length }).format(
    Number(value),
  );
}

/** The time stays as it is written, with where it is that time. */
function moment(value: string) {
  const found = value.match(/^(\d{4}-\d\d-\d\d)T([\d:.]+)(Z|[+-]\d\d:\d\d)?$/);
  return found
    ? [`${day(found[1], { dateStyle: "long" })},`, found[2], found[3]?.replace("Z", "UTC")].filter(Boolean).join(" ")
    : value;
}

function day(value: string, style: Intl.DateTimeFormatOptions) {
  const found = value.match(/^(\d{4})-(\d\d)-(\d\d)$/);
  const date = found && new Date(`${value}T00:00:00Z`);
  if (!date || Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(found[3])) return value;
  return new Intl.DateTimeFormat(language(), { ...style, timeZone: "UTC" }).format(date);
}

/**
 * Returns a term as an element: a thing by its name where it is known and wanted, with a link; a certainty as its mark.
 * @param term as SPARQL's JSON has it
 */
export function shown(term: Term, { name, cut = Infinity }: { name?: Name; cut?: number } = {}) {
  const text = name?.label ?? textOf(term);
  const [, how] = (name && term.type === "uri" && term.value.match(CERTAINTY)) || [];
  if (how) return certainty(how, text);
  if (term.datatype === XSD + "anyURI") name = { label: text, address: term.value, external: true };
  const lang = (name ? name.language : term["xml:lang"]) || null;
  const written = text.length > cut ? `${text.slice(0, cut)}…` : text;
  const away = name?.external && { rel: "external noreferrer", class: "away" };
  const isLink = name?.address && LINK.test(name.address);
  const part = isLink
    ? made("a", { href: name?.address, dir: "auto", ...away, lang }, written)
    : made("bdi", { lang }, written);
  const code = term["xml:lang"];
  return made("span", sign(name?.shape), part, code && [" ", made("span.soft.small", code)]);
}

// Terms as SPARQL writes them.

/** Returns a term, but a nameless one, as SPARQL writes it. */
export function written({ type, value, datatype, "xml:lang": language, "its:dir": direction }: PlainTerm) {
  if (type === "uri") return iri(value);
  const suffix = language ? `@${language}${direction ? `--${direction}` : ""}` : datatype ? `^^${iri(datatype)}` : "";
  return text(value) + suffix;
}

const ESCAPED: Record<string, string> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};
const text = (value: string) => `"${value.replace(/[\\"\n\r\t\b\f]/g, (letter) => ESCAPED[letter])}"`;
const iri = (value: string) =>
  `<${value.replace(/[\x00-\x20<>"{}|^`\\]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)}>`;
