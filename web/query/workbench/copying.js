// What the table shows, as text for elsewhere: exact, but for the file that is meant for a spreadsheet.
import { isNumber } from "./cells.js";

/** A cell that begins so is run by spreadsheets. */
const FORMULA = /^[=+\-@\t\r\n]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** @typedef {{columns: string[], rows: (Term | undefined)[][], plain: (term: Term) => string}} Shown */

/** Returns the rows as TSV, as spreadsheets and editors take it: one line each. @param {Shown} shown */
export const tsv = ({ columns, rows, plain }) =>
  lines(
    [columns.map(oneLine), ...rows.map((row) => row.map((term) => (term ? oneLine(plain(term)) : "")))].map((cells) =>
      cells.join("\t"),
    ),
  );

/** Returns the rows as a table in Markdown, things as links. @param {Shown} shown */
export function markdown({ columns, rows, plain }) {
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, at) =>
    rows.length && rows.every((row) => !row[at] || isNumber(row[at])) ? "---:" : "---",
  );
  return lines([
    line(columns.map(escaped)),
    line(rule),
    ...rows.map((row) => line(row.map((term) => (term ? inMarkdown(term, plain(term)) : "")))),
  ]);
}

/** Returns the rows as CSV that no spreadsheet runs: what it would take for a formula begins with '. @param {Shown} shown */
export const forSpreadsheet = ({ columns, rows, plain }) =>
  `\ufeff${[columns.map((name) => cell(name)), ...rows.map((row) => row.map((term) => (term ? cell(plain(term), isNumber(term)) : "")))].map((cells) => `${cells.join(",")}\r\n`).join("")}`;

/** @param {string[]} them */
const lines = (them) => them.map((line) => `${line}\n`).join("");
/** @param {string} text */
const oneLine = (text) => text.replace(/[\t\r\n\v\f\u0085\u2028\u2029]+/g, " ");

/**
 * @param {Term} term
 * @param {string} text
 */
function inMarkdown(term, text) {
  const known = term.type === "uri" && /^https?:\/\//.test(term.value);
  return known ? `[${escaped(text)}](<${term.value.replace(/[<>|\\\s]/g, encodeURIComponent)}>)` : escaped(text);
}

/** @param {string} text */
const escaped = (text) => oneLine(text).replace(/[\\`*_{}[\]<>()#|~&!]/g, "\\$&");

/** @param {string} text */
function cell(text, number = false) {
  const safe = FORMULA.test(text) && !(number && NUMBER.test(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
