// Numbers and days as amounts, of which one can be nearer than another.
import { isNumber } from "../cells.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const DAYS = new Set(["date", "dateTime", "gYearMonth", "gYear"].map((name) => XSD + name));
const DAY = /^(-?\d{4,})(?:-(\d\d)(?:-(\d\d)(T.*)?)?)?/;

/**
 * Returns how much a term is, and of what kind: a number, or a moment; null where it is neither.
 * @param {Term} term
 * @returns {{kind: "number" | "day", at: number} | null}
 */
export function amountOf(term) {
  if (term.type === "triple") return null;
  if (isNumber(term)) return whole("number", Number(term.value));
  if (!DAYS.has(term.datatype ?? "")) return null;
  const [, year, month = "01", day = "01", time = ""] = term.value.match(DAY) ?? [];
  return year === undefined ? null : whole("day", Date.parse(`${year}-${month}-${day}${time}`));
}

/**
 * @param {"number" | "day"} kind
 * @param {number} at
 * @returns {{kind: "number" | "day", at: number} | null}
 */
const whole = (kind, at) => (Number.isFinite(at) ? { kind, at } : null);
