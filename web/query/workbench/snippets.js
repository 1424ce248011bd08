// The same question asked from elsewhere: programs to copy, each whole.

/** @typedef {"table" | "word" | "graph"} Kind what comes of a query */

/**
 * Returns programs that ask a query, each with its name and text.
 * @param {{endpoint: string, query: string, kind: "table" | "word" | "graph"}} of the whole address, and what comes of it
 */
export function snippets({ endpoint, query, kind }) {
  const asked = query.trim();
  const made = [
    { name: "curl", text: curl(endpoint, asked, kind) },
    { name: "Python, SPARQLWrapper", text: python(endpoint, asked, kind) },
  ];
  if (kind === "table") made.push({ name: "Python, pandas", text: pandas(endpoint, asked) });
  return [...made, { name: "JavaScript", text: javascript(endpoint, asked, kind) }];
}

const ACCEPT = { table: "text/csv", word: "application/sparql-results+json", graph: "text/turtle" };

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {Kind} kind
 */
const curl = (endpoint, query, kind) => `curl --silent --show-error --fail-with-body \\
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

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {Kind} kind
 */
const python = (endpoint, query, kind) => asking(endpoint, query, kind === "graph" ? "TURTLE" : "JSON", [], READ[kind]);

/**
 * @param {string} endpoint
 * @param {string} query
 */
const pandas = (endpoint, query) =>
  asking(
    endpoint,
    query,
    "CSV",
    ["from io import BytesIO", "", "import pandas"],
    "table = pandas.read_csv(BytesIO(service.query().convert()))\nprint(table)",
  );

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {string} format
 * @param {string[]} imports
 * @param {string} read
 */
const asking = (
  endpoint,
  query,
  format,
  imports,
  read,
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

/**
 * @param {string} endpoint
 * @param {string} query
 * @param {Kind} kind
 */
const javascript = (endpoint, query, kind) => `const query = \`
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

/**
 * Returns a text as a shell takes it for itself.
 * @param {string} text
 */
const inShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
