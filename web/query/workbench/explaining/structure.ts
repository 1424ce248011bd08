// What a query is made of, read from its syntax tree: patterns of one triple, filters, groups.
import { SparqlLanguage } from "codemirror-lang-sparql";
import type { SyntaxNode, Tree } from "@lezer/common";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const TERMS =
  /^(?:Var|Iri|A_predicate|RDFLiteral|NumericLiteral|BooleanLiteral|Nil|BlankNode|BlankNodePropertyList(?:Path)?|Collection(?:Path)?)$/;
const PROPERTIES = /^PropertyList/;
const VERB = /^Verb/;
const OBJECTS = /^ObjectList/;
const OBJECT = /^Object(?:Path)?$/;
const LITERAL = /^(?:RDFLiteral|String|NumericLiteral)$/;
const KINDS: Record<string, string> = {
  OptionalGraphPattern: "optional",
  MinusGraphPattern: "minus",
  GraphGraphPattern: "graph",
  ServiceGraphPattern: "service",
  Filter: "filter",
  Bind: "bind",
  InlineData: "values",
};
/** Deeper groups are not read. */
const DEEPEST = 100;

export type QueryTerm = {
  text: string;
  kind: "variable" | "iri" | "literal" | "node" | "path";
  from: number;
  to: number;
  hidden?: string;
};
export type QueryElement = {
  kind: string;
  from: number;
  to: number;
  text: string;
  binds: Set<string>;
  needs: Set<string>;
  shown?: string;
  terms?: QueryTerm[];
  path?: boolean;
  groups?: QueryElement[][];
  graph?: QueryTerm;
  constants?: QueryTerm[];
};
/** What a query is made of. */
export type Read = NonNullable<ReturnType<typeof read>>;
/** Where another query is asked: with the same prefixes, of the same graphs. */
type Asked = { prologue: string; dataset: string };

/** Returns what a query is made of, null where it is not SPARQL 1.1 or nested too deeply. */
export function read(text: string) {
  const tree = SparqlLanguage.parser.parse(text);
  if (!isWhole(tree)) return null;
  const query = tree.topNode.getChild("Query");
  const asked = query && [...childrenOf(query)].find(({ name }) => name.endsWith("Query"));
  if (!asked) return null;
  const reading = new Reading(text);
  const slice = (node: Place | null) => (node ? text.slice(node.from, node.to) : "");
  const where = asked.getChild("WhereClause")?.getChild("GroupGraphPattern");
  const short = asked.getChild("TriplesTemplate");
  const elements = where ? reading.group(where) : short ? reading.block(short) : [];
  const grouped =
    Boolean(asked.getChild("SolutionModifier")?.getChild("GroupClause")) ||
    has(asked.getChild("SelectClause"), "Aggregate");
  const clauseOfValues = query.getChild("ValuesClause");
  const values = slice(clauseOfValues) ? clauseOfValues : null;
  // Without groups, rows may be joined with it before or after: it is the same.
  if (values && !grouped) elements.push(reading.whole("values", values));
  const clause = (name: string) => asked.getChild("SolutionModifier")?.getChild(name) ?? null;
  const keys = clause("GroupClause");
  return {
    text,
    form: asked.name.replace("Query", "").toUpperCase(),
    prologue: text.slice(0, asked.from),
    dataset: asked.getChildren("DatasetClause").map(slice).join(" "),
    datasetClauses: asked.getChildren("DatasetClause").map(placed),
    elements,
    having: maybePlaced(clause("HavingClause")),
    limits: maybePlaced(clause("LimitOffsetClauses")),
    values: grouped ? maybePlaced(values) : null,
    fresh: `${reading.fresh}_`,
    grouped,
    keys: new Set(keys ? variablesOf(keys, text) : []),
    ordered: Boolean(clause("OrderClause")),
  };
}

/** Returns the patterns of one triple that may give a row its values, those of all groups. */
export function patternsOf(elements: QueryElement[]): QueryElement[] {
  return elements.flatMap((element) => {
    if (element.kind === "triple") return [element];
    return element.groups && element.kind !== "minus" && element.kind !== "service"
      ? element.groups.flatMap(patternsOf)
      : [];
  });
}

/** Returns the text of elements, as the body of a group. */
export const bodyOf = (elements: QueryElement[]) => elements.map(({ text }) => text).join("\n");

/** Returns a query for what the elements have, of the same graphs. */
export const selecting = ({ prologue, dataset }: Asked, what: string, body: string, end = "") =>
  `${prologue}\nSELECT ${what} ${dataset} WHERE {\n${body}\n} ${end}`;

class Reading {
  /** The variables that stand for blank nodes. */
  nodes = new Map<string | number, string>();

  text;
  fresh;

  constructor(text: string) {
    this.text = text;
    // Blank nodes become variables that the query does not have.
    for (this.fresh = "node"; text.includes(this.fresh);) this.fresh += "_";
  }

  slice({ from, to }: Place) {
    return this.text.slice(from, to);
  }

  group(node: SyntaxNode): QueryElement[] {
    const inner = node.getChild("SubSelect");
    if (inner) return [this.subquery(inner)];
    const sub = node.getChild("GroupGraphPatternSub");
    if (!sub) return [];
    const elements: QueryElement[] = [];
    for (const part of childrenOf(sub))
      if (part.name === "TriplesBlock") elements.push(...this.block(part));
      else if (part.name === "GraphPatternNotTriples") elements.push(...this.pattern(firstOf(part)));
    return elements;
  }

  block(node: SyntaxNode): QueryElement[] {
    const elements: QueryElement[] = [];
    let block: SyntaxNode | null = node;
    while (block) {
      const { name } = block;
      let next: SyntaxNode | null = null;
      for (const part of childrenOf(block))
        if (part.name.startsWith("TriplesSameSubject")) elements.push(...this.triples(part));
        else if (part.name === name) next = part;
      block = next;
    }
    return elements;
  }

  pattern(node: SyntaxNode): QueryElement[] {
    const groups = node.getChildren("GroupGraphPattern");
    if (node.name === "GroupOrUnionGraphPattern")
      return [this.around(groups.length > 1 ? "union" : "group", node, groups)];
    const kind = KINDS[node.name];
    if (kind === "filter") return this.filters(node);
    if (!groups.length) return [this.whole(kind, node)];
    const element = this.around(kind, node, groups);
    if (kind === "minus") element.binds = new Set();
    if (kind === "graph" || kind === "service") {
      element.graph = this.term(childOf(node, "VarOrIri"), []);
      if (element.graph.kind === "variable") element.binds.add(element.graph.text.slice(1));
    }
    return [element];
  }

  around(kind: string, node: SyntaxNode, groups: SyntaxNode[]): QueryElement {
    const read = groups.map((group) => this.group(group));
    // { { SELECT … } } is one subquery.
    if (kind === "group" && read[0].length === 1 && read[0][0].kind === "subquery")
      return { ...read[0][0], ...placed(node) };
    const binds = new Set(read.flat().flatMap((element) => [...element.binds]));
    const bodies = read.map((group) => `{\n${bodyOf(group)}\n}`);
    const head =
      kind === "optional" ? "OPTIONAL " : kind === "graph" ? `GRAPH ${this.slice(childOf(node, "VarOrIri"))} ` : "";
    const text = kind === "minus" || kind === "service" ? this.slice(node) : head + bodies.join(" UNION ");
    return { kind, ...placed(node), text, shown: this.slice(node), groups: read, binds, needs: new Set() };
  }

  subquery(node: SyntaxNode): QueryElement {
    const clause = childOf(node, "SelectClause");
    const named = clause.getChildren("Var").map((it) => nameOf(this.slice(it)));
    return {
      kind: "subquery",
      ...placed(node),
      text: `{ ${this.slice(node)}\n}`,
      shown: this.slice(node).trim(),
      binds: new Set(named.length ? named : variablesOf(node, this.text)),
      needs: new Set(),
    };
  }

  whole(kind: string, node: SyntaxNode): QueryElement {
    const used = variablesOf(node, this.text);
    const text = this.slice(node);
    if (kind !== "bind") return { kind, ...placed(node), text, binds: new Set(used), needs: new Set() };
    const bound = nameOf(this.slice(childOf(node, "Var")));
    return {
      kind,
      ...placed(node),
      text,
      binds: new Set([bound]),
      needs: new Set(used.filter((name) => name !== bound)),
    };
  }

  /** FILTER (a && b) lets through what FILTER (a) FILTER (b) lets through. */
  filters(node: SyntaxNode): QueryElement[] {
    const conjuncts = conjunctsOf(node);
    const element = (part: SyntaxNode, text: string) => ({
      kind: "filter",
      ...placed(part),
      text,
      shown: this.slice(part),
      binds: new Set<string>(),
      needs: new Set(variablesOf(part, this.text, true)),
      constants: this.constants(part),
    });
    if (conjuncts.length < 2) return [element(node, this.slice(node))];
    return conjuncts.map((part) => element(part, `FILTER (${this.slice(part)}\n)`));
  }

  constants(node: SyntaxNode) {
    const found: QueryTerm[] = [];
    node.cursor().iterate((inner) => {
      if (inner.name === "GroupGraphPattern" || inner.from >= node.to) return false;
      if (LITERAL.test(inner.name)) found.push({ kind: "literal", ...placed(inner), text: this.slice(inner) });
      if (inner.name === "Iri") found.push({ kind: "iri", ...placed(inner), text: this.slice(inner) });
      return !LITERAL.test(inner.name) && inner.name !== "Iri";
    });
    return found;
  }

  triples(node: SyntaxNode): QueryElement[] {
    const into: QueryElement[] = [];
    const subject = this.term(firstOf(node), into);
    for (const part of childrenOf(node)) if (PROPERTIES.test(part.name)) this.properties(subject, part, into);
    return into;
  }

  properties(subject: QueryTerm, list: SyntaxNode, into: QueryElement[]) {
    let verb: QueryTerm | null = null;
    for (const part of childrenOf(list))
      if (VERB.test(part.name)) verb = this.verb(part);
      else if (OBJECTS.test(part.name))
        for (const object of childrenOf(part))
          if (verb && OBJECT.test(object.name)) into.push(this.triple(subject, verb, this.term(object, into)));
  }

  /** @param place where it stands, if not where its terms do */
  triple(subject: QueryTerm, verb: QueryTerm, object: QueryTerm, place?: Place): QueryElement {
    const terms = [subject, verb, object];
    const binds = new Set(terms.filter(({ kind }) => kind === "variable").map(({ text }) => nameOf(text)));
    for (const { hidden } of terms) if (hidden) binds.add(hidden);
    // As it stands in the query: a subject far above is not of its place.
    const from =
      verb.from - subject.to < 40 && !this.text.slice(subject.to, verb.from).includes(";") && subject.from <= verb.from
        ? subject.from
        : verb.from;
    return {
      kind: "triple",
      from,
      to: object.to,
      ...place,
      text: `${terms.map(({ text }) => text).join(" ")} .`,
      terms,
      path: verb.kind === "path",
      binds,
      needs: new Set(),
    };
  }

  verb(node: SyntaxNode): QueryTerm {
    const inner = core(node);
    const text = this.slice(inner);
    if (inner.name === "Var") return { kind: "variable", text, ...placed(inner) };
    const plain = inner.name === "Iri" || inner.name === "A_predicate";
    return { kind: plain ? "iri" : "path", text, ...placed(inner) };
  }

  /** Returns a term; what a blank node says of itself becomes triples of their own. */
  term(node: SyntaxNode, into: QueryElement[]): QueryTerm {
    const inner = core(node);
    const place = placed(inner);
    const text = this.slice(inner);
    if (inner.name === "Var") return { kind: "variable", text, ...place };
    if (inner.name === "Iri") return { kind: "iri", text, ...place };
    if (inner.name === "Nil") return { kind: "iri", text: `<${RDF}nil>`, ...place };
    if (inner.name === "BlankNode") return this.node(text.startsWith("_:") ? text : place.from, place);
    if (inner.name.startsWith("BlankNodePropertyList")) {
      const made = this.node(place.from, place);
      for (const part of childrenOf(inner)) if (PROPERTIES.test(part.name)) this.properties(made, part, into);
      return made;
    }
    if (inner.name.startsWith("Collection")) return this.collection(inner, into);
    return { kind: "literal", text, ...place };
  }

  collection(node: SyntaxNode, into: QueryElement[]): QueryTerm {
    const place = placed(node);
    const items = childrenOf(node).filter(({ name }) => name.startsWith("GraphNode"));
    const links: QueryTerm[] = items.map((item) => this.node(`list ${item.from}`, place));
    const verb: (name: string) => QueryTerm = (name: string) => ({ kind: "iri", text: `<${RDF}${name}>`, ...place });
    items.forEach((item, at) => {
      into.push(this.triple(links[at], verb("first"), this.term(item, into), place));
      into.push(
        this.triple(links[at], verb("rest"), links[at + 1] ?? { kind: "iri", text: `<${RDF}nil>`, ...place }, place),
      );
    });
    return links[0];
  }

  node(label: string | number, place: Place): QueryTerm {
    const hidden = this.nodes.get(label) ?? `${this.fresh}${this.nodes.size}`;
    this.nodes.set(label, hidden);
    return { kind: "node", text: `?${hidden}`, hidden, ...place };
  }
}

const nameOf = (variable: string) => variable.slice(1);
const placed = ({ from, to }: Place): Place => ({ from, to });
const maybePlaced = (node: Place | null) => node && placed(node);

/** Returns what a node of a tree without a mistake has. */
function childOf(node: SyntaxNode, name: string) {
  const child = node.getChild(name);
  if (!child) throw new Error(`${node.name} without ${name}`);
  return child;
}

const firstOf = (node: SyntaxNode) => node.firstChild as SyntaxNode;

function* eachChild(node: SyntaxNode) {
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== "Comment") yield child;
}

const childrenOf = (node: SyntaxNode) => [...eachChild(node)];

/** Returns the node that is all there is in another. */
function core(node: SyntaxNode) {
  let inner = node;
  while (
    !TERMS.test(inner.name) &&
    inner.firstChild &&
    inner.firstChild.from === inner.from &&
    inner.firstChild.to === inner.to
  )
    inner = inner.firstChild;
  return inner;
}

function conjunctsOf(filter: SyntaxNode) {
  let node = filter.getChild("Constraint")?.getChild("BrackettedExpression")?.getChild("Expression");
  while (node && node.name !== "ConditionalAndExpression") {
    const [only, ...others] = childrenOf(node);
    if (others.length) return [];
    node = only;
  }
  return node ? childrenOf(node) : [];
}

/** Returns the names of the variables in a node, perhaps without those inside groups. */
function variablesOf(node: SyntaxNode, text: string, outside = false) {
  const found = new Set<string>();
  node.cursor().iterate((inner) => {
    if (inner.from >= node.to || (outside && inner.name === "GroupGraphPattern")) return false;
    if (inner.name === "Var") found.add(nameOf(text.slice(inner.from, inner.to)));
    return true;
  });
  return [...found];
}

function has(node: SyntaxNode | null, name: string) {
  let found = false;
  node?.cursor().iterate((inner) => (found ||= inner.name === name && inner.to <= node.to));
  return found;
}

function isWhole(tree: Tree) {
  let whole = true;
  let depth = 0;
  tree.iterate({
    enter({ type, name }) {
      if (name === "GroupGraphPattern") depth++;
      if (type.isError || depth > DEEPEST) whole = false;
      return whole;
    },
    leave: ({ name }) => name === "GroupGraphPattern" && depth--,
  });
  return whole;
}
