// What a query is made of, read from its syntax tree: patterns of one triple, filters, groups.
import { SparqlLanguage } from "codemirror-lang-sparql";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const TERMS =
  /^(?:Var|Iri|A_predicate|RDFLiteral|NumericLiteral|BooleanLiteral|Nil|BlankNode|BlankNodePropertyList(?:Path)?|Collection(?:Path)?)$/;
const PROPERTIES = /^PropertyList/;
const VERB = /^Verb/;
const OBJECTS = /^ObjectList/;
const OBJECT = /^Object(?:Path)?$/;
const LITERAL = /^(?:RDFLiteral|String|NumericLiteral)$/;
/** @type {Record<string, string>} */
const KINDS = {
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

/**
 * @typedef {{text: string, kind: "variable" | "iri" | "literal" | "node" | "path", from: number, to: number, hidden?: string}} QueryTerm
 * @typedef {{kind: string, from: number, to: number, text: string, binds: Set<string>, needs: Set<string>, shown?: string, terms?: QueryTerm[], path?: boolean, groups?: QueryElement[][], graph?: QueryTerm, constants?: QueryTerm[]}} QueryElement
 * @typedef {NonNullable<ReturnType<typeof read>>} Read what a query is made of
 * @typedef {{prologue: string, dataset: string}} Asked where another query is asked: with the same prefixes, of the same graphs
 */

/**
 * Returns what a query is made of, null where it is not SPARQL 1.1 or nested too deeply.
 * @param {string} text
 */
export function read(text) {
  const tree = SparqlLanguage.parser.parse(text);
  if (!isWhole(tree)) return null;
  const query = tree.topNode.getChild("Query");
  const asked = query && [...childrenOf(query)].find(({ name }) => name.endsWith("Query"));
  if (!asked) return null;
  const reading = new Reading(text);
  const slice = (/** @type {Place | null} */ node) => (node ? text.slice(node.from, node.to) : "");
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
  /** @param {string} name */
  const clause = (name) => asked.getChild("SolutionModifier")?.getChild(name) ?? null;
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

/**
 * Returns the patterns of one triple that may give a row its values, those of all groups.
 * @param {QueryElement[]} elements
 * @returns {QueryElement[]}
 */
export function patternsOf(elements) {
  return elements.flatMap((element) => {
    if (element.kind === "triple") return [element];
    return element.groups && element.kind !== "minus" && element.kind !== "service"
      ? element.groups.flatMap(patternsOf)
      : [];
  });
}

/**
 * Returns the text of elements, as the body of a group.
 * @param {QueryElement[]} elements
 */
export const bodyOf = (elements) => elements.map(({ text }) => text).join("\n");

/**
 * Returns the query whether some elements have a match together.
 * @param {Asked} it
 * @param {string} body
 */
export const asking = ({ prologue, dataset }, body) => `${prologue}\nASK ${dataset} {\n${body}\n}`;

/**
 * Returns a query for what the elements have, of the same graphs.
 * @param {Asked} it
 * @param {string} what
 * @param {string} body
 */
export const selecting = ({ prologue, dataset }, what, body, end = "") =>
  `${prologue}\nSELECT ${what} ${dataset} WHERE {\n${body}\n} ${end}`;

/**
 * @param {string} text
 * @param {Place} other
 */
export const without = (text, { from, to }) => text.slice(0, from) + " ".repeat(to - from) + text.slice(to);

class Reading {
  /** The variables that stand for blank nodes. @type {Map<string | number, string>} */
  nodes = new Map();

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    // Blank nodes become variables that the query does not have.
    for (this.fresh = "node"; text.includes(this.fresh);) this.fresh += "_";
  }

  /** @param {Place} it */
  slice({ from, to }) {
    return this.text.slice(from, to);
  }

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement[]}
   */
  group(node) {
    const inner = node.getChild("SubSelect");
    if (inner) return [this.subquery(inner)];
    const sub = node.getChild("GroupGraphPatternSub");
    if (!sub) return [];
    /** @type {QueryElement[]} */
    const elements = [];
    for (const part of childrenOf(sub))
      if (part.name === "TriplesBlock") elements.push(...this.block(part));
      else if (part.name === "GraphPatternNotTriples") elements.push(...this.pattern(firstOf(part)));
    return elements;
  }

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement[]}
   */
  block(node) {
    /** @type {QueryElement[]} */
    const elements = [];
    /** @type {import("@lezer/common").SyntaxNode | null} */
    let block = node;
    while (block) {
      const { name } = block;
      /** @type {import("@lezer/common").SyntaxNode | null} */
      let next = null;
      for (const part of childrenOf(block))
        if (part.name.startsWith("TriplesSameSubject")) elements.push(...this.triples(part));
        else if (part.name === name) next = part;
      block = next;
    }
    return elements;
  }

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement[]}
   */
  pattern(node) {
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

  /**
   * @param {string} kind
   * @param {import("@lezer/common").SyntaxNode} node
   * @param {import("@lezer/common").SyntaxNode[]} groups
   * @returns {QueryElement}
   */
  around(kind, node, groups) {
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

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement}
   */
  subquery(node) {
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

  /**
   * @param {string} kind
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement}
   */
  whole(kind, node) {
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

  /**
   * FILTER (a && b) lets through what FILTER (a) FILTER (b) lets through.
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement[]}
   */
  filters(node) {
    const conjuncts = conjunctsOf(node);
    /**
     * @param {import("@lezer/common").SyntaxNode} part
     * @param {string} text
     */
    const element = (part, text) => ({
      kind: "filter",
      ...placed(part),
      text,
      shown: this.slice(part),
      binds: new Set(),
      needs: new Set(variablesOf(part, this.text, true)),
      constants: this.constants(part),
    });
    if (conjuncts.length < 2) return [element(node, this.slice(node))];
    return conjuncts.map((part) => element(part, `FILTER (${this.slice(part)}\n)`));
  }

  /** @param {import("@lezer/common").SyntaxNode} node */
  constants(node) {
    /** @type {QueryTerm[]} */
    const found = [];
    node.cursor().iterate((inner) => {
      if (inner.name === "GroupGraphPattern" || inner.from >= node.to) return false;
      if (LITERAL.test(inner.name)) found.push({ kind: "literal", ...placed(inner), text: this.slice(inner) });
      if (inner.name === "Iri") found.push({ kind: "iri", ...placed(inner), text: this.slice(inner) });
      return !LITERAL.test(inner.name) && inner.name !== "Iri";
    });
    return found;
  }

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryElement[]}
   */
  triples(node) {
    /** @type {QueryElement[]} */
    const into = [];
    const subject = this.term(firstOf(node), into);
    for (const part of childrenOf(node)) if (PROPERTIES.test(part.name)) this.properties(subject, part, into);
    return into;
  }

  /**
   * @param {QueryTerm} subject
   * @param {import("@lezer/common").SyntaxNode} list
   * @param {QueryElement[]} into
   */
  properties(subject, list, into) {
    /** @type {QueryTerm | null} */
    let verb = null;
    for (const part of childrenOf(list))
      if (VERB.test(part.name)) verb = this.verb(part);
      else if (OBJECTS.test(part.name))
        for (const object of childrenOf(part))
          if (verb && OBJECT.test(object.name)) into.push(this.triple(subject, verb, this.term(object, into)));
  }

  /**
   * @param {QueryTerm} subject
   * @param {QueryTerm} verb
   * @param {QueryTerm} object
   * @param {Place=} place where it stands, if not where its terms do
   * @returns {QueryElement}
   */
  triple(subject, verb, object, place) {
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

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @returns {QueryTerm}
   */
  verb(node) {
    const inner = core(node);
    const text = this.slice(inner);
    if (inner.name === "Var") return { kind: "variable", text, ...placed(inner) };
    const plain = inner.name === "Iri" || inner.name === "A_predicate";
    return { kind: plain ? "iri" : "path", text, ...placed(inner) };
  }

  /**
   * Returns a term; what a blank node says of itself becomes triples of their own.
   * @param {import("@lezer/common").SyntaxNode} node
   * @param {QueryElement[]} into
   * @returns {QueryTerm}
   */
  term(node, into) {
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

  /**
   * @param {import("@lezer/common").SyntaxNode} node
   * @param {QueryElement[]} into
   * @returns {QueryTerm}
   */
  collection(node, into) {
    const place = placed(node);
    const items = childrenOf(node).filter(({ name }) => name.startsWith("GraphNode"));
    /** @type {QueryTerm[]} */
    const links = items.map((item) => this.node(`list ${item.from}`, place));
    /** @param {string} name */
    /** @type {(name: string) => QueryTerm} */
    const verb = (name) => ({ kind: "iri", text: `<${RDF}${name}>`, ...place });
    items.forEach((item, at) => {
      into.push(this.triple(links[at], verb("first"), this.term(item, into), place));
      into.push(
        this.triple(links[at], verb("rest"), links[at + 1] ?? { kind: "iri", text: `<${RDF}nil>`, ...place }, place),
      );
    });
    return links[0];
  }

  /**
   * @param {string | number} label
   * @param {Place} place
   * @returns {QueryTerm}
   */
  node(label, place) {
    const hidden = this.nodes.get(label) ?? `${this.fresh}${this.nodes.size}`;
    this.nodes.set(label, hidden);
    return { kind: "node", text: `?${hidden}`, hidden, ...place };
  }
}

/** @param {string} variable */
const nameOf = (variable) => variable.slice(1);
/**
 * @param {Place} node
 * @returns {Place}
 */
const placed = ({ from, to }) => ({ from, to });
/** @param {Place | null} node */
const maybePlaced = (node) => node && placed(node);

/**
 * Returns what a node of a tree without a mistake has.
 * @param {import("@lezer/common").SyntaxNode} node
 * @param {string} name
 */
function childOf(node, name) {
  const child = node.getChild(name);
  if (!child) throw new Error(`${node.name} without ${name}`);
  return child;
}

/** @param {import("@lezer/common").SyntaxNode} node */
const firstOf = (node) => /** @type {import("@lezer/common").SyntaxNode} */ (node.firstChild);

/** @param {import("@lezer/common").SyntaxNode} node */
function* eachChild(node) {
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== "Comment") yield child;
}

/** @param {import("@lezer/common").SyntaxNode} node */
const childrenOf = (node) => [...eachChild(node)];

/**
 * Returns the node that is all there is in another.
 * @param {import("@lezer/common").SyntaxNode} node
 */
function core(node) {
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

/** @param {import("@lezer/common").SyntaxNode} filter */
function conjunctsOf(filter) {
  let node = filter.getChild("Constraint")?.getChild("BrackettedExpression")?.getChild("Expression");
  while (node && node.name !== "ConditionalAndExpression") {
    const [only, ...others] = childrenOf(node);
    if (others.length) return [];
    node = only;
  }
  return node ? childrenOf(node) : [];
}

/**
 * Returns the names of the variables in a node, perhaps without those inside groups.
 * @param {import("@lezer/common").SyntaxNode} node
 * @param {string} text
 */
function variablesOf(node, text, outside = false) {
  const found = new Set();
  node.cursor().iterate((inner) => {
    if (inner.from >= node.to || (outside && inner.name === "GroupGraphPattern")) return false;
    if (inner.name === "Var") found.add(nameOf(text.slice(inner.from, inner.to)));
    return true;
  });
  return [...found];
}

/**
 * @param {import("@lezer/common").SyntaxNode | null} node
 * @param {string} name
 */
function has(node, name) {
  let found = false;
  node?.cursor().iterate((inner) => (found ||= inner.name === name && inner.to <= node.to));
  return found;
}

/** @param {import("@lezer/common").Tree} tree */
function isWhole(tree) {
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
