// What came of a query, in the page: a table, a word, a graph, or why there is none.
import { copyOf, made, one, partsIn, save } from "../../base/elements.ts";
import { isHere } from "../../base/service.ts";
import { counted, number, said } from "../../base/words.ts";
import { Unanswered, answerTo, fileOf } from "./asking.ts";
import { isNumber, shown } from "./cells.ts";
import { Explanations, Origins, TRIPLES } from "./explanations.ts";
import { type Handle, mendOf } from "./handle.ts";
import { Names } from "./names.ts";
import { COLUMNS, Raw, triplesOf } from "./raw.ts";
import { Reading } from "./reading.ts";
import { Rows } from "./rows.ts";

/** The statuses whose sentence does not say what is wrong: then the service has the word. */
const UNSAID = [400, 500];
/** With this, there is no engine in the browser of a reader who asks an edition: what is said tells why. */
const NO_ENGINE = 501;
/** What took less is said to have taken so much. */
const LEAST_SECONDS = 0.001;

/** What may count nothing in one row. */
const COUNTS = /\b(?:COUNT|SUM)\s*\(/i;
const LONGEST_VALUE = 100_000;
/** A longer address is not for links. */
const LONGEST_ADDRESS = 6000;

export class Answer {
  /** The parts of what is shown now. */
  parts: Parts = {};
  running: AbortController | undefined;
  /** The rows of what is shown now, and where they come from. */
  rows: { reading: Reading; origins: Origins } | undefined;

  place;
  spoken;
  told;
  words;
  editor;
  names: Names;
  /** Where things are, for maps. */
  places: Names<[number, number][]>;
  explanations;
  files;
  said;

  /**
   * @param place where the answer is shown
   * @param spoken where it is said what became of a query: what is new in the page is not
   * @param told the addresses of the workbench
   */
  constructor(place: HTMLElement, spoken: HTMLElement, told: Told, words: Words, editor: Handle) {
    this.place = place;
    this.spoken = spoken;
    this.told = told;
    this.words = words;
    this.editor = editor;
    this.names = new Names(told.names);
    this.places = new Names(told.points, "points");
    this.explanations = new Explanations(this);
    this.files = JSON.parse(told.files);
    this.said = JSON.parse(told.said);
  }

  /** Asks a query and shows its answer; one that runs is stopped first. */
  async ask(query: string) {
    this.stop();
    const running = (this.running = new AbortController());
    this.show((parts) => {
      this.say(parts, this.words.running);
      document.addEventListener("engine-progress", (event) => told(parts.status, event), { signal: running.signal });
      parts.stop.hidden = false;
      parts.stop.addEventListener("click", () => this.stop(this.words.stopped));
    });
    try {
      const answer = await answerTo(query, this.told, running.signal);
      if (running === this.running) this.answered(answer);
    } catch (error) {
      if (running === this.running && !running.signal.aborted) this.failed(error, query);
    } finally {
      running.abort();
      if (running === this.running) this.running = undefined;
    }
  }

  /** Stops what runs: the service sees that nobody waits any more, and ends the query. */
  stop(words?: string) {
    if (!this.running) return;
    this.running.abort();
    this.running = undefined;
    if (words) this.show((parts) => this.say(parts, words));
  }

  show(fill: (parts: Parts) => void) {
    const content = copyOf("answer-parts");
    const parts = partsIn(content, "part");
    fill(parts);
    const here = this.place.contains(document.activeElement);
    this.place.replaceChildren(content);
    if (here) one(this.place, "h2").focus();
    return parts;
  }

  say(parts: Parts, text: string) {
    parts.status.textContent = this.spoken.textContent = text;
  }

  failed(error: unknown, query: string) {
    const { words } = this;
    this.show((parts) => {
      const { status, fault } = error instanceof Unanswered ? error : { status: 0, fault: null };
      parts.fault.hidden = false;
      const message = error instanceof Error ? error.message : "";
      const hasEngine = status !== NO_ENGINE;
      parts.sentence.textContent = hasEngine
        ? (fault?.sentence ?? this.said[status] ?? (status ? this.said[500] : words.unreachable))
        : message;
      this.spoken.textContent = parts.sentence.textContent;
      const isSaid = status in this.said && !UNSAID.includes(status);
      const engine = fault ? fault.words : isSaid ? "" : message;
      parts.engine.hidden = !(status && hasEngine && engine);
      one(parts.engine, ":scope > :last-child").textContent = engine ?? "";
      const mend = fault?.mend;
      if (mend) parts.mend.append(mendOf(mend, () => this.editor.rewrite(query, mend.query)));
      this.explanations.slow(parts.why, query, { status });
    });
  }

  answered(answer: Answered) {
    const parts = this.show((it) => (it.told.hidden = false));
    this.parts = parts;
    this.rows = undefined;
    const tabs = new AnswerTabs(parts.tabs, (way) => this.see(way));
    this.choose = (way: Way) => tabs.choose(way);
    const formats = this.files[answer.graph ? "graphs" : "results"];
    const raw = new Raw(parts, { answer, formats, endpoint: this.told.endpoint, names: this.names, words: this.words });
    this.offerFiles(answer, formats);
    if (parts.cite) citing(parts.cite, answer.query);
    parts.named.hidden = !answer.graph;
    parts.named.addEventListener("click", () => raw.saveNamed());
    const result = answer.graph ? null : JSON.parse(answer.text);
    if (parts.snippets) this.elsewhere(answer.query, answer.graph ? "graph" : "boolean" in result ? "word" : "table");
    if (answer.graph ? !answer.text.trim() : isNothing(result, answer.query))
      this.explanations.empty(parts.why, answer.query);
    this.explanations.slow(parts.why, answer.query, answer);
    if (answer.graph) this.graph(answer);
    else if ("boolean" in result) {
      this.say(parts, this.sentence(result.boolean ? this.words.yes : this.words.no, answer));
    } else this.table(result, answer);
    parts.noRows.hidden = Boolean(this.rows);
  }

  /** Shows the answer in a way; without rows it says why there is nothing to see. */
  see(way: Way) {
    const { rows, parts, words } = this;
    if (way === "files") return;
    if (rows) {
      rows.reading.see(way);
      if (way === "origin") rows.origins.open();
    } else if (way === "origin") parts.originOf.textContent = words.no_origin;
    else if (way !== "table") parts.drawn.textContent = words.nothing_to_see;
  }

  choose = (way: Way) => this.see(way);

  /** Shows a graph's triples as rows, and how it is written. */
  graph(answer: Answered) {
    const { words, parts } = this;
    const rows = triplesOf(answer.text);
    this.say(parts, this.sentence(counted(words, "triples", rows.length), answer));
    if (rows.length) this.read(COLUMNS, rows, answer.query, true);
  }

  table({ head: { vars: columns }, results: { bindings: rows } }: Result, answer: Answered) {
    const { words } = this;
    this.say(this.parts, this.sentence(rows.length ? counted(words, "rows", rows.length) : words.none, answer));
    if (rows.length && columns.length) this.read(columns, rows, answer.query);
  }

  /** Has rows read in a table. */
  read(columns: string[], rows: Row[], query: string, graph = false) {
    const how = {
      rows: new Rows({ columns, rows, names: this.names }),
      query,
      places: this.places,
      graph,
      words: this.words,
      write: (text: string) => this.editor.write(text),
      choose: (way: Way) => this.choose(way),
      say: (text: string) => (this.spoken.textContent = text),
    };
    const open = (row: number, from: HTMLElement) => this.open(query, columns, rows[row], row, from);
    const reading = new Reading(this.parts, how, open);
    const origins = new Origins(this.parts, {
      rows,
      columns,
      words: this.words,
      names: this.names,
      origin: (place, row) => this.explanations.originOf(place, graph ? TRIPLES : query, row),
    });
    this.rows = { reading, origins };
  }

  sentence(first: string, { seconds }: Answered) {
    const { words, told } = this;
    const took = seconds === undefined ? "" : said(words.took, { s: number(Math.max(seconds, LEAST_SECONDS), 3) });
    return [first, took, told.release && said(words.release, { id: told.release })].filter(Boolean).join(" · ");
  }

  offerFiles({ query }: Answered, formats: string[][]) {
    this.parts.files.replaceChildren(
      ...formats.map(([name, label, mediaType]) => {
        const here = isHere(this.told.endpoint);
        const href = here ? "#" : `${this.told.endpoint}.${name}?${new URLSearchParams({ query })}`;
        const link = made("a", { href, rel: "nofollow" }, label);
        if (here || link.href.length > LONGEST_ADDRESS)
          link.addEventListener("click", (event) => {
            event.preventDefault();
            fileOf(query, this.told.endpoint, mediaType).then((file) => save(file, `answer.${name}`));
          });
        return made("li", link);
      }),
    );
  }

  /** Shows programs that ask the same, to copy. */
  async elsewhere(query: string, kind: "table" | "word" | "graph") {
    const { snippets: place } = this.parts;
    const { snippets } = await import("./exporting.ts");
    const endpoint = new URL(this.told.endpoint, window.location.href).href;
    for (const { name, text } of snippets({ endpoint, query, kind })) {
      const snippet = copyOf("snippet-parts");
      one(snippet, "h4").textContent = name;
      one(snippet, "code").textContent = text;
      const copy = one(snippet, "button");
      copy.hidden = !navigator.clipboard;
      copy.addEventListener("click", () =>
        navigator.clipboard.writeText(text).then(() => (this.spoken.textContent = this.words.copied)),
      );
      copy.setAttribute("aria-label", said(this.words.copy, { name }));
      place.append(snippet);
    }
  }

  /** Shows a row in full: each value whole, with its address, kind and language. */
  open(query: string, columns: string[], row: Row, number: number, from: HTMLElement) {
    const { row: place, rowOrigin, rowTitle, rowValues, rowClose } = this.parts;
    rowTitle.textContent = said(this.words.row_n, { n: number + 1 });
    rowValues.replaceChildren(...columns.flatMap((name) => this.value(name, row[name])));
    rowOrigin.replaceChildren();
    // What a CONSTRUCT makes need be no fact of the graph; in an edition nobody tells what a row rests on.
    if (this.told.origin && columns !== COLUMNS) this.explanations.origin(rowOrigin, query, row);
    place.hidden = false;
    rowClose.onclick = () => {
      place.hidden = true;
      (from.isConnected ? from : this.parts.table).focus();
    };
    rowTitle.focus();
  }

  value(name: string, term: Term | undefined) {
    if (!term) return [];
    const known = term.type === "uri" ? this.names.of(term.value) : undefined;
    const kind = known ? term.value : term.datatype;
    const address = kind && [made("br"), made("code.breaks", String(kind))];
    return [made("dt", name), made("dd", shown(term, { name: known, cut: LONGEST_VALUE }), address)];
  }
}

/** Says how much of the engine has come. */
const told = (place: HTMLElement, progress: Event) => {
  place.textContent = (progress as CustomEvent<string>).detail;
};

/** Tells whether an answer is no, has no row, or counts nothing. */
function isNothing({ boolean, results }: Result, query: string) {
  if (boolean !== undefined) return !boolean;
  const { bindings: rows } = results;
  return (
    !rows.length ||
    (rows.length === 1 &&
      COUNTS.test(query) &&
      Object.values(rows[0]).every((term) => term && isNumber(term) && Number(term.value) === 0))
  );
}

// The tabs over one answer: its rows, drawings of them, and where they come from.

export type Way = "table" | "chart" | "network" | "map" | "origin" | "files";

class AnswerTabs {
  way: Way = "table";

  list;
  chosen;
  tabs;
  panels;

  /**
   * @param list the tabs
   * @param chosen called when another one is chosen
   */
  constructor(list: HTMLElement, chosen: (way: Way) => void) {
    this.list = list;
    this.chosen = chosen;
    const around = list.parentElement as HTMLElement;
    this.tabs = [...list.querySelectorAll("[role=tab]")] as HTMLElement[];
    this.panels = [...around.querySelectorAll("[data-panel]")] as HTMLElement[];
    list.addEventListener("click", ({ target }) => {
      const tab = this.tabs.find((it) => it.contains(target as Node));
      if (tab) this.choose(wayOf(tab));
    });
    list.addEventListener("keydown", (event) => this.move(event));
  }

  /** Shows the answer in a way; the same panel holds all drawings. */
  choose(way: Way) {
    this.way = way;
    for (const tab of this.tabs) {
      const here = wayOf(tab) === way;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      if (!here) continue;
      for (const panel of this.panels) panel.hidden = panel.id !== tab.getAttribute("aria-controls");
      document.getElementById(tab.getAttribute("aria-controls") ?? "")?.setAttribute("aria-labelledby", tab.id);
    }
    this.chosen(way);
  }

  move(event: KeyboardEvent) {
    const at = this.tabs.findIndex((tab) => tab === document.activeElement);
    const last = this.tabs.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    this.tabs[next].focus();
    this.choose(wayOf(this.tabs[next]));
  }
}

const wayOf = (tab: HTMLElement) => tab.dataset.tab as Way;

// How an answer is cited: asked of the server once it is wanted, under a title that can be changed.

/** Fills the citation of an answer when its part is opened, and again when the title changes. */
export function citing(place: HTMLDetailsElement, query: string) {
  const { title, said, txt, bib, files: saved } = partsIn(place, "cite");
  const links = [...place.querySelectorAll("[data-cite-file]")] as HTMLAnchorElement[];
  let made: string[] = [];
  let turn = 0;
  /** @param mine which of the citations that were asked for this is */
  const fill = async (mine: number) => {
    const { files, title: titled } = await asked(place.dataset.address ?? "", query, title.value);
    // Meanwhile the title was changed, and is asked about.
    if (mine !== turn) return;
    title.value = titled;
    said.textContent = "";
    txt.textContent = files.txt;
    bib.textContent = files.bib;
    saved.hidden = false;
    made.forEach((address) => URL.revokeObjectURL(address));
    made = links.map((link) => (link.href = URL.createObjectURL(new Blob([files[link.dataset.citeFile ?? ""]]))));
  };
  const tell = () => {
    const mine = ++turn;
    fill(mine).catch(() => mine === turn && (said.textContent = place.dataset.failed ?? ""));
  };
  title.addEventListener("change", tell);
  place.addEventListener("toggle", () => place.open && !made.length && tell());
}

async function asked(address: string, query: string, title: string) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ query, title }) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
