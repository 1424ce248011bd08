// Asks a SPARQL service through two clients, and prints what they understood as JSON.
import { QueryEngine } from "@comunica/query-sparql";
import SparqlClient from "sparql-http-client";

const [endpoint, graph] = process.argv.slice(2);
const SELECT = "SELECT ?o WHERE { ?s <https://example.org/n> ?o }";
const LIKES = "?s <https://example.org/likes> ?o";
const CONSTRUCT = `CONSTRUCT { ${LIKES} } WHERE { GRAPH ?g { ${LIKES} } }`;

async function collected(stream) {
  const all = [];
  for await (const item of stream) all.push(item);
  return all;
}

async function plainClient() {
  const client = new SparqlClient({
    endpointUrl: endpoint,
    updateUrl: endpoint,
    storeUrl: `${endpoint}/graphs`,
  });
  const rows = await collected(client.query.select(SELECT));
  const posted = await collected(client.query.select(SELECT, { operation: "postUrlencoded" }));
  const direct = await collected(client.query.select(SELECT, { operation: "postDirect" }));
  const triples = await collected(client.query.construct(CONSTRUCT));
  const named = await collected(client.store.get(client.factory.namedNode(graph)));
  const refused = await client.query.update("CLEAR ALL").then(
    () => 0,
    (error) => error.status,
  );
  return {
    rows: [rows, posted, direct].map((found) => found.map((row) => row.o.value)),
    yes: await client.query.ask(`ASK { ${SELECT.slice(SELECT.indexOf("{") + 1)}`),
    triples: triples.length,
    named: named.length,
    refused,
  };
}

async function comunica(source) {
  const engine = new QueryEngine();
  const context = { sources: [source] };
  const bindings = await (await engine.queryBindings(SELECT, context)).toArray();
  const quads = await (await engine.queryQuads(CONSTRUCT, context)).toArray();
  const joined = await (
    await engine.queryBindings(
      "SELECT ?label WHERE { ?s <https://example.org/n> 1 ; " +
        "<http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY STR(?label)",
      context,
    )
  ).toArray();
  return {
    rows: bindings.map((row) => row.get("o").value),
    yes: await engine.queryBoolean("ASK { ?s ?p ?o }", context),
    triples: quads.length,
    labels: joined.map((row) => row.get("label").value),
  };
}

console.log(
  JSON.stringify({
    plain: await plainClient(),
    told: await comunica({ type: "sparql", value: endpoint }),
    found: await comunica(endpoint),
  }),
);
