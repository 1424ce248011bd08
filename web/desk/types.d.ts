// What the desk's scripts and its server say to one another. Positions are UTF-16 units here; text_words.ts converts them from and to code points. What an act asks is in acts.d.ts, which `make lint` makes of the server's own acts.

/** A start and an end in the text. */
type Span = [number, number];

type Certainty = "explicit" | "inferred" | "tentative";

/** A thing by its address, with what it is called. */
interface Ref {
  address: string;
  label: string;
  kind: string;
}

interface DeskThing extends Ref {
  kindLabel: string;
  new: boolean;
  places: Span[];
}

interface DeskValue {
  text: string;
  lang?: string;
  datatype?: string;
}

interface DeskFact {
  id: string;
  set: string;
  words: Span[];
  subject: Ref;
  property: { iri: string; label: string };
  value: Ref | DeskValue;
  certainty: Certainty;
  reason: Record<string, string> | null;
  voices: Ref[];
  question: string | null;
}

interface DeskReading {
  address: string;
  label: string;
  taken: boolean;
  sets: string[];
}

interface DeskQuestion {
  address: string;
  label: string;
  words: Span[];
  about: Ref[];
  readings: DeskReading[];
}

interface Candidate {
  iri?: string | null;
  label?: string;
  value?: string;
  datatype?: string;
}

interface DeskProposal {
  id: string;
  kind: string;
  start: number;
  end: number;
  label: string;
  why: string;
  candidates: Candidate[];
  subject?: { label: string; iri?: string | null } | null;
  property?: string | null;
  object?: { label: string; iri?: string | null } | null;
  status: "waiting" | "accepted" | "changed" | "refused";
  /** What a quotation is taken to be about. */
  about?: Ref | null;
  /** The things that a name may mean, where there are several. */
  bearers?: string[];
}

interface DeskFinding {
  id: string;
  severity: "violation" | "warning" | "info";
  text: string;
  rule: string;
  subject: Ref | null;
  property: string | null;
  fact: string | null;
  remedy: { label: string; do: DeskRemedy } | null;
  set?: string | null;
}

/** An act that mends a finding, without what its reader must say. */
type DeskRemedy = { act: DeskAct["act"] } & Record<string, unknown>;

interface CoverageRow {
  part: Ref;
  characters: number;
  read: number;
  facts: number;
  bare: number;
}

interface DeskState {
  version: string;
  document: { slug: string; label: string; reader: string; languages?: string[] };
  saved: string;
  parts: { address: string; label: string; start: number; end: number }[];
  things: DeskThing[];
  facts: DeskFact[];
  questions: DeskQuestion[];
  proposals: DeskProposal[];
  withheld: string[];
  read: [number, number, Certainty][];
  coverage: CoverageRow[];
  findings: DeskFinding[];
  undo: string | null;
  redo: string | null;
  /** Whether the data are still read to be checked. */
  checking?: boolean;
  /** Whether the findings are those before the last act. */
  rechecking?: boolean;
  unchecked?: string;
  reader2: { readers: string[]; open: number } | null;
}

/** What may be said of a subject. */
interface DeskProperty {
  iri: string;
  name: string;
  label: string;
  definition: string;
  accepts: { class?: string; datatype?: string; label: string }[];
  demanded: boolean;
  one: boolean;
  allowed: boolean;
  because?: string;
}

/** A field of a form that is declared. */
interface DeskField extends DeskProperty {
  field: string;
  several: boolean;
}

/** A form that is declared: several facts that are stated in one act. */
interface DeskForm {
  form: string;
  label: string;
  words: boolean;
  fields: DeskField[];
}

interface FoundThing extends Ref {
  kindLabel: string;
  own: boolean;
  links: number;
  allowed: boolean;
  because?: string;
}

/** A class of which a new thing may be made. */
interface NewKind {
  class: string;
  label: string;
  kind?: string;
  demands: string[];
  languages?: string[];
}

interface Things {
  things: FoundThing[];
  new: NewKind[];
}

interface DeskAnswer {
  decision?: string;
  made?: { fact?: string; things?: string[] };
}

/** A line of a list under a field. */
interface Option {
  label: string;
  shape?: string;
  note?: string;
  disabled?: boolean;
  isNew?: boolean;
  data: unknown;
}

/** What one of two readers states. */
interface SideValue {
  value: Ref | DeskValue;
  certainty: Certainty;
  words: Span[];
}

interface Difference {
  id: string;
  subject: Ref;
  property: { iri: string; label: string };
  first: SideValue[];
  second: SideValue[];
  settled: string | null;
}

interface Differences {
  readers: string[];
  differences: Difference[];
}
