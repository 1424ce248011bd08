// What came of a query, in the page: a table, a word, a graph, or why there is none.
import { copyOf, one, partsIn } from "../../base/parts.js";
import { isHere } from "../../base/service.js";
import { said } from "../../base/words.js";
import { AnswerTabs } from "./answer_tabs.js";
import { Unanswered, answerTo, fileOf } from "./asking.js";
import { isNumber, shown } from "./cells.js";
import { citing } from "./citing.js";
import { Explanations } from "./explanations.js";
import { save } from "./files.js";
import { mendOf } from "./mend.js";
import { Names } from "./names.js";
import { Origins } from "./origins.js";
import { Raw } from "./raw.js";
import { Reading } from "./reading.js";
import { Rows } from "./rows.js";
import { COLUMNS, triplesOf } from "./triples.js";

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
  /** The parts of what is shown now. @type {Parts} */
  parts = {};
  /** @type {AbortController | undefined} */
  running;
  /** The rows of what is shown now, and where they come from. @type {{reading: Reading, origins: Origins} | undefined} */
  rows;

  /**
   * @param {HTMLElement} place where the answer is shown
   * @param {HTMLElement} spoken where it is said what became of a query: what is new in the page is not
   * @param {Told} told the addresses of the workbench
   * @param {Words} words
   * @param {import("./handle.js").Handle} editor
   */
  constructor(place, spoken, told, words, editor) {
    this.place = place;
    this.spoken = spoken;
    this.told = told;
    this.words = words;
    this.editor = editor;
    /** @type {Names} */
    this.names = new Names(told.names);
    /** Where things are, for maps. @type {Names<[number, number][]>} */
    this.places = new Names(told.points, "points");
    this.explanations = new Explanations(this);
    this.files = JSON.parse(told.files);
    this.said = JSON.parse(told.said);
  }

  /**
   * Asks a query and shows its answer; one that runs is stopped first.
   * @param {string} query
   */
  async ask(query) {
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

  /**
   * Stops what runs: the service sees that nobody waits any more, and ends the query.
   * @param {string=} words
   */
  stop(words) {
    if (!this.running) return;
    this.running.abort();
    this.running = undefined;
    if (words) this.show((parts) => this.say(parts, words));
  }

  /** @param {(parts: Parts) => void} fill */
  show(fill) {
    const content = copyOf("answer-parts");
    const parts = partsIn(content, "part");
    fill(parts);
    const here = this.place.contains(document.activeElement);
    this.place.replaceChildren(content);
    if (here) one(this.place, "h2").focus();
    return parts;
  }

  /**
   * @param {Parts} parts
   * @param {string} text
   */
  say(parts, text) {
    parts.status.textContent = this.spoken.textContent = text;
  }

  /**
   * @param {unknown} error
   * @param {string} query
   */
  failed(error, query) {
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

  /** @param {Answered} answer */
  answered(answer) {
    const parts = this.show((it) => (it.told.hidden = false));
    this.parts = parts;
    this.rows = undefined;
    const tabs = new AnswerTabs(parts.tabs, (way) => this.see(way));
    this.choose = (/** @type {import("./answer_tabs.js").Way} */ way) => tabs.choose(way);
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

  /**
   * Shows the answer in a way; without rows it says why there is nothing to see.
   * @param {import("./answer_tabs.js").Way} way
   */
  see(way) {
    const { rows, parts, words } = this;
    if (rows) {
      rows.reading.see(way);
      if (way === "origin") rows.origins.open();
    } else if (way === "origin") parts.originOf.textContent = words.no_origin;
    else if (way !== "table") parts.drawn.textContent = words.nothing_to_see;
  }

  choose = (/** @type {import("./answer_tabs.js").Way} */ way) => this.see(way);

  /**
   * Shows a graph's triples as rows, and how it is written.
   * @param {Answered} answer
   */
  graph(answer) {
    const { words, parts } = this;
    const rows = triplesOf(answer.text);
    this.say(parts, this.sentence(this.many(rows.length, words.triples_one, words.triples_other), answer));
    if (rows.length) this.read(COLUMNS, rows, answer.query, true);
  }

  /**
   * @param {number} n
   * @param {string} single
   * @param {string} other
   */
  many = (n, single, other) => said(n === 1 ? single : other, { n: n.toLocaleString(document.documentElement.lang) });

  /**
   * @param {Result} it
   * @param {Answered} answer
   */
  table({ head: { vars: columns }, results: { bindings: rows } }, answer) {
    const { words } = this;
    this.say(
      this.parts,
      this.sentence(rows.length ? this.many(rows.length, words.rows_one, words.rows_other) : words.none, answer),
    );
    if (rows.length && columns.length) this.read(columns, rows, answer.query);
  }

  /**
   * Has rows read in a table.
   * @param {string[]} columns
   * @param {Row[]} rows
   * @param {string} query
   */
  read(columns, rows, query, graph = false) {
    const reading = new Reading(this.parts, {
      rows: new Rows({ columns, rows, names: this.names }),
      query,
      places: this.places,
      graph,
      words: this.words,
      open: (row, from) => this.open(query, columns, rows[row], row, from),
      write: (text) => this.editor.write(text),
      see: (way) => this.choose(way),
      say: (text) => (this.spoken.textContent = text),
    });
    const origins = new Origins(this.parts, {
      rows,
      columns,
      words: this.words,
      names: this.names,
      origin: (place, row) =>
        graph ? this.explanations.originOfTriple(place, row) : this.explanations.originOf(place, query, row),
    });
    this.rows = { reading, origins };
  }

  /**
   * @param {string} first
   * @param {Answered} other
   */
  sentence(first, { seconds, kept }) {
    const { words, told } = this;
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 });
    const took = kept
      ? words.kept
      : seconds === undefined
        ? ""
        : said(words.took, { s: number.format(Math.max(seconds, LEAST_SECONDS)) });
    return [first, took, told.release && said(words.release, { id: told.release })].filter(Boolean).join(" · ");
  }

  /**
   * @param {Answered} it
   * @param {string[][]} formats
   */
  offerFiles({ query }, formats) {
    this.parts.files.replaceChildren(
      ...formats.map(([name, label, mediaType]) => {
        const link = document.createElement("a");
        link.textContent = label;
        link.rel = "nofollow";
        const here = isHere(this.told.endpoint);
        link.href = here ? "#" : `${this.told.endpoint}.${name}?${new URLSearchParams({ query })}`;
        if (here || link.href.length > LONGEST_ADDRESS)
          link.addEventListener("click", (event) => {
            event.preventDefault();
            fileOf(query, this.told.endpoint, mediaType).then((file) => save(file, `answer.${name}`));
          });
        const item = document.createElement("li");
        item.append(link);
        return item;
      }),
    );
  }

  /**
   * Shows programs that ask the same, to copy.
   * @param {string} query
   * @param {"table" | "word" | "graph"} kind
   */
  async elsewhere(query, kind) {
    const { snippets: place } = this.parts;
    const { snippets } = await import("./snippets.js");
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

  /**
   * Shows a row in full: each value whole, with its address, kind and language.
   * @param {string} query
   * @param {string[]} columns
   * @param {Row} row
   * @param {number} number
   * @param {HTMLElement} from
   */
  open(query, columns, row, number, from) {
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

  /**
   * @param {string} name
   * @param {Term | undefined} term
   */
  value(name, term) {
    if (!term) return [];
    const [title, value] = [document.createElement("dt"), document.createElement("dd")];
    title.textContent = name;
    const known = term.type === "uri" ? this.names.of(term.value) : undefined;
    value.append(shown(term, { name: known, cut: LONGEST_VALUE }));
    const kind = known ? term.value : term.datatype;
    if (kind) {
      const address = document.createElement("code");
      address.className = "breaks";
      address.textContent = String(kind);
      value.append(document.createElement("br"), address);
    }
    return [title, value];
  }
}

/**
 * Says how much of the engine has come.
 * @param {HTMLElement} place
 * @param {Event} progress
 */
const told = (place, progress) => {
  place.textContent = /** @type {CustomEvent<string>} */ (progress).detail;
};

/**
 * Tells whether an answer is no, has no row, or counts nothing.
 * @param {Result} it
 * @param {string} query
 */
function isNothing({ boolean, results }, query) {
  if (boolean !== undefined) return !boolean;
  const { bindings: rows } = results;
  return (
    !rows.length ||
    (rows.length === 1 &&
      COUNTS.test(query) &&
      Object.values(rows[0]).every((term) => term && isNumber(term) && Number(term.value) === 0))
  );
}
