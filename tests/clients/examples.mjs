// Asks a SPARQL service for its examples as sparql-editor does, and prints what it found as JSON.
import { readFile } from "node:fs/promises";
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, file] = process.argv.slice(2);
const engine = new QueryEngine();

async function asked(query) {
  const response = await fetch(`${endpoint}?ac=1&query=${encodeURIComponent(query)}`, {
    headers: { Accept: "application/sparql-results+json" },
  });
  const { results } = await response.json();
  if (results.bindings.length > 0) throw new Error("the default graph has an answer");
  const sources = [{ type: "file", value: endpoint }];
  const rows = await (await engine.queryBindings(query, { sources })).toArray();
  return rows.map((row) => Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value])));
}

const queries = JSON.parse(await readFile(file, "utf8"));
const found = [];
for (const query of queries) found.push(await asked(query));
console.log(JSON.stringify(found));
