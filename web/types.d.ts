// What the scripts pass to one another, by the names that they all use.

/** Words of the page in its language, by key. */
type Words = Record<string, string>;

/** The parts of a template, by the names that it gives them. */
type Parts = Record<string, Part>;

/** A part of a template, with what any of them has: which of it, the template says. */
interface Part extends HTMLElement {
  value: string;
  name: string;
  type: string;
  href: string;
  checked: boolean;
  disabled: boolean;
  open: boolean;
  files: FileList | null;
  elements: HTMLFormControlsCollection & Record<string, Part>;
  showModal(): void;
  close(): void;
}

/** A term of an answer, as SPARQL's JSON has it. */
type Term = PlainTerm | TripleTerm;

type PlainTerm = OfType<"uri"> | OfType<"literal"> | OfType<"bnode">;

interface OfType<T> {
  type: T;
  value: string;
  datatype?: string;
  "xml:lang"?: string;
  "its:dir"?: string;
}

interface TripleTerm {
  type: "triple";
  value: { subject: Term; predicate: Term; object: Term };
  datatype?: undefined;
  "xml:lang"?: undefined;
  "its:dir"?: undefined;
}

/** A row of an answer: the term of each column that has one. */
type Row = Record<string, Term | undefined>;

/** An answer as SPARQL's JSON has it: of an ASK or of a SELECT. */
interface Result {
  boolean?: boolean;
  head: { vars: string[] };
  results: { bindings: Row[] };
}

/** What a thing is called, as the server says it. */
interface Name {
  label: string;
  language?: string;
  address?: string | null;
  shape?: string;
  external?: boolean;
}

/** A part of a text. */
interface Place {
  from: number;
  to: number;
}

/** A class or property of the graph; a thing, where one is proposed. */
interface Vocable {
  iri: string;
  name: string;
  label: string;
  language?: string;
  kind?: string;
  definition?: string;
  definition_language?: string;
  also?: string[];
  uses?: number;
  folded?: string[];
}

/** What the server finds wrong with a query. */
interface Fault {
  kind?: string;
  sentence: string;
  words?: string;
  line?: number;
  column?: number;
  mend?: { sentence: string; query: string } | null;
  doubtful?: Place;
}

/** What came of a query that was asked. */
interface Answered {
  query: string;
  text: string;
  type: string;
  graph: boolean;
  seconds?: number;
  kept?: boolean;
}

/** Something that a box suggests. */
interface Suggestion {
  iri: string;
  label: string;
  language?: string;
  short: string;
  found?: string;
  found_language?: string;
  address: string;
  shape?: string;
  of_kind?: string;
  /** A question in pieces, each with whether it is what is named in it. */
  parts?: [text: string, isNamed: boolean][];
  /** How many things it would leave, in words. */
  left?: string | null;
}

/** The network as the server places it. */
interface NetworkData {
  width: number;
  height: number;
  things: Thing[];
  links: NetworkLink[];
  groups?: NetworkGroup[];
  picked?: number | null;
  way?: number[];
}

/** A link of a network: its ends by the numbers of the things, how sure it is, where its evidence is. */
interface NetworkLink {
  one: number;
  other: number;
  certainty: string;
  mark?: string;
  label?: string;
  evidence?: string;
}

/** Things that are drawn together: what they are called, where that stands, the corners of their ground. */
interface NetworkGroup {
  title: string;
  language: string;
  x: number;
  y: number;
  ground: [number, number][];
}

/** A thing of a network; once it is drawn, with its number. */
interface Thing {
  name: string;
  x: number;
  y: number;
  radius: number;
  degree: number;
  index: number;
  shape: string;
  kind: string;
  language: string;
  address: string | null;
  short?: string;
  group?: number | null;
  here?: boolean;
}

/** The sign of each kind that is drawn: `build.mjs` sets it in. */
declare const KIND_SIGNS: Record<string, string>;

declare module "accessible-autocomplete/preact" {
  const combobox: { default: import("preact").AnyComponent<any> };
  export default combobox;
}

/** A column that can be drawn: of what kind its values are, of which columns it is where it is of two. */
interface ChartColumn {
  name: string;
  kind?: string;
  of?: string[];
}

/** Which column plays each part of a drawing: what may be left out is perhaps not there. */
type Cast = Record<string, ChartColumn>;

/** A cell of the table that says what is drawn. */
type Cell = Term | number | undefined | (Term | number | undefined)[];

/** What is drawn: of all there are, how many rows lack it, whether values were added up, what was not asked for. */
interface Drawn {
  items: { cells: Cell[] }[];
  all: number;
  out: number;
  summed?: boolean;
  unasked?: { n: number; all: number; rows: number };
}

/** How a chart looks. */
interface ChartLook {
  width: number;
  titles: Words;
  kinds: Record<string, string | undefined>;
  label: (term: Term | undefined) => string;
  shownDate: (term: Term) => string;
  nameOf: (term: Term) => Name | undefined;
}

interface Array<T> {
  /** What is left is there. */
  filter(predicate: BooleanConstructor): Exclude<T, false | "" | 0 | null | undefined>[];
}

/** What the workbench is told in its `data-` attributes: addresses above all. */
interface Told {
  endpoint: string;
  check: string;
  /** These three are absent in an edition, which has no server. */
  origin?: string;
  empty?: string;
  slow?: string;
  names: string;
  points: string;
  terms: string;
  suggest: string;
  files: string;
  said: string;
  limit: string;
  release?: string;
}

/** A field of a form, as the view of an answer keeps it. */
interface Control extends HTMLElement {
  type: string;
  value: string;
  checked: boolean;
  defaultValue: string;
  defaultChecked: boolean;
  options?: HTMLOptionsCollection;
}

/** A file of an edition: where it is from the file that names it, what its content is known by, how many bytes are sent. */
interface EditionFile {
  address: string;
  bytes: number;
  sha256: string;
}

/** What the engine in the browser is made from, as an edition tells it. */
interface EngineFiles {
  /** Where the phrases are by which people ask the questions, by language. */
  asking: Record<string, string>;
  release: string;
  worker: string;
  /** The program, as it is and packed; its hash is of what it is unpacked. */
  wasm: EditionFile & { packed: EditionFile };
  data: EditionFile;
  /** How the names of graphs begin that are not in the default graph. */
  apart: string;
  /** How long a query may take. */
  seconds: number;
  /** Where what can be searched for is. */
  search: string;
  /** How the addresses of terms, and of things, begin. */
  terms: string;
  things: string;
  /** Where what things are called is, by language and certainty. */
  names: Record<string, Record<string, string>>;
  /** Set where the release is too large for an engine here: then there is none of the above. */
  too_large?: { quads: number; most: number };
}

/** What a worker needs to have the release: the program, and the release as its file has it. */
interface EngineContent {
  module: WebAssembly.Module;
  data: string;
}

/** What the engine makes of a query: its answer, or why there is none, by the service's status. */
interface EngineAnswer {
  status: number;
  type?: string;
  text?: string;
  seconds?: number;
  detail?: string;
  line?: number;
  column?: number;
  /** Whether the engine can answer nothing more. */
  broken?: boolean;
}

/** What the page of a deposit is given beside engine, release and query. */
interface DepositedAnswer {
  /** How the names of graphs begin that are not in the default graph. */
  apart: string;
  /** The hash of the lines of the answer, each in hexadecimal, sorted. */
  sha256: string;
  words: Record<"asking" | "same" | "different" | "other" | "refused" | "unable", string>;
}

/** What the page asks of the worker. */
type WorkerOrder =
  | { open: { told: EngineFiles; base: string; kept?: EngineContent } }
  | { ask: { query: string; mediaTypes: string[]; reads?: boolean } };

/** What the worker reports. */
type WorkerReport =
  | { progress: { bytes: number; of: number } }
  | { opened: EngineContent }
  | { failed: { reason: "missing" | "damaged" | "unreachable" | "unable"; file?: string; detail?: string } }
  | { answer: EngineAnswer };
