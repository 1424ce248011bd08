// What the table shows, as text for elsewhere, exact but for the file that is meant for a spreadsheet; and programs that ask the same.
import { isNumber } from "./cells.ts";

/** A cell that begins so is run by spreadsheets. */
const FORMULA = /^[=+\-@\t\r\n]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

type Shown = { columns: string[]; rows: (Term | undefined)[][]; plain: (term: Term) => string };

/** Returns the rows as TSV, as spreadsheets and editors take it: one line each. */
export const tsv = ({ columns, rows, plain }: Shown) =>
  lines(
    [columns.map(oneLine), ...rows.map((row) => row.map((term) => (term ? oneLine(plain(term)) : "")))].map((cells) =>
      cells.join("\t"),
    ),
  );

/** Returns the rows as a table in Markdown, things as links. */
export function markdown({ columns, rows, plain }: Shown) {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, at) =>
    rows.length && rows.every((row) => !row[at] || isNumber(row[at])) ? "---:" : "---",
  );
  return lines([
    line(columns.map(escaped)),
    line(rule),
    ...rows.map((row) => line(row.map((term) => (term ? inMarkdown(term, plain(term)) : "")))),
  ]);
}

/** Returns the rows as CSV that no spreadsheet runs: what it would take for a formula begins with '. */
export const forSpreadsheet = ({ columns, rows, plain }: Shown) =>
  `\ufeff${[columns.map((name) => cell(name)), ...rows.map((row) => row.map((term) => (term ? cell(plain(term), isNumber(term)) : "")))].map((cells) => `${cells.join(",")}\r\n`).join("")}`;

const lines = (them: string[]) => them.map((line) => `${line}\n`).join("");
const oneLine = (text: string) => text.replace(/[\t\r\n\v\f\u0085\u2028\u2029]+/g, " ");

function inMarkdown(term: Term, text: string) {
  const known = term.type === "uri" && /^https?:\/\//.test(term.value);
  return known ? `[${escaped(text)}](<${term.value.replace(/[<>|\\\s]/g, encodeURIComponent)}>)` : escaped(text);
}

const escaped = (text: string) => oneLine(text).replace(/[\\`*_{}[\]<>()#|~&!]/g, "\\$&");

function cell(text: string, number = false) {
  const safe = FORMULA.test(text) && !(number && NUMBER.test(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// The same question asked from elsewhere: programs to copy, each whole.

/** What comes of a query. */
type Kind = "table" | "word" | "graph";

/**
 * Returns programs that ask a query, each with its name and text.
 * @param of the whole address, and what comes of it
 */
export function snippets({
  endpoint,
  query,
  kind,
}: {
  endpoint: string;
  query: string;
  kind: "table" | "word" | "graph";
}) {
  const asked = query.trim();
  const made = [
    { name: "curl", text: curl(endpoint, asked, kind) },
    { name: "Python, SPARQLWrapper", text: python(endpoint, asked, kind) },
  ];
  if (kind === "table") made.push({ name: "Python, pandas", text: pandas(endpoint, asked) });
  return [...made, { name: "JavaScript", text: javascript(endpoint, asked, kind) }];
}

const ACCEPT = { table: "text/csv", word: "application/sparql-results+json", graph: "text/turtle" };

const curl = (endpoint: string, query: string, kind: Kind) => `curl --silent --show-error --fail-with-body \\
  --header 'Accept: ${ACCEPT[kind]}' \\
  --data-urlencode ${inShell(`query=${query}`)} \\
  ${inShell(endpoint)}
`;

const READ = {
  table: `for row in service.queryAndConvert()["results"]["bindings"]:
    print({name: term["value"] for name, term in row.items()})`,
  word: `print(service.queryAndConvert()["boolean"])`,
  graph: "print(service.query().convert().decode())",
};

const python = (endpoint: string, query: string, kind: Kind) =>
  asking(endpoint, query, kind === "graph" ? "TURTLE" : "JSON", [], READ[kind]);

const pandas = (endpoint: string, query: string) =>
  asking(
    endpoint,
    query,
    "CSV",
    ["from io import BytesIO", "", "import pandas"],
    "table = pandas.read_csv(BytesIO(service.query().convert()))\nprint(table)",
  );

const asking = (
  endpoint: string,
  query: string,
  format: string,
  imports: string[],
  read: string,
) => `${[...imports, `from SPARQLWrapper import ${format}, POST, SPARQLWrapper`].join("\n")}

service = SPARQLWrapper(${JSON.stringify(endpoint)})
service.setMethod(POST)
service.setReturnFormat(${format})
service.setQuery("""
${query.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')}
""")
${read}
`;

const TAKE = {
  table: `const { results } = await answer.json();
for (const row of results.bindings) {
  console.log(Object.fromEntries(Object.entries(row).map(([name, { value }]) => [name, value])));
}`,
  word: "console.log((await answer.json()).boolean);",
  graph: "console.log(await answer.text());",
};

const javascript = (endpoint: string, query: string, kind: Kind) => `const query = \`
${query.replace(/[\\`]|\$(?=\{)/g, "\\$&")}
\`;
const answer = await fetch(${JSON.stringify(endpoint)}, {
  method: "POST",
  headers: { Accept: ${JSON.stringify(kind === "graph" ? ACCEPT.graph : ACCEPT.word)} },
  body: new URLSearchParams({ query }),
});
if (!answer.ok) throw new Error(await answer.text());
${TAKE[kind]}
`;

/** Returns a text as a shell takes it for itself. */
const inShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
