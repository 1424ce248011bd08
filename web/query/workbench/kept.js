// What this browser keeps: the queries in their tabs, and those that were run. It works without.

export const KEY = "rallynov-queries";
const MOST_RUN = 50;
const MOST_TABS = 30;

/** The queries of this browser; where it may keep nothing, they last as long as the page. */
export class Kept {
  /** @type {string[]} */
  tabs = [];
  current = 0;
  /** @type {string[]} */
  run = [];
  /** @type {string[]} */
  closed = [];
  /** The query of a tab that a link opened, while nobody changed or ran it: the next one takes its place. */
  passing = "";
  /** Whether the last change was kept beyond this page. */
  lasting = true;

  /** @param {string} first the query of the first tab */
  constructor(first) {
    const { tabs, current, run, passing } = read();
    this.tabs = tabs.length ? tabs : [first];
    // What a page begins with is nobody's own either.
    this.passing = tabs.length ? passing : first;
    this.current = Math.min(Math.max(current, 0), this.tabs.length - 1);
    this.run = run;
  }

  get query() {
    return this.tabs[this.current];
  }

  /**
   * Takes note of what is in the current tab.
   * @param {string} query
   */
  write(query) {
    if (this.tabs[this.current] === query) return;
    if (this.tabs[this.current] === this.passing) this.passing = "";
    this.tabs[this.current] = query;
    this.keep();
  }

  /** @param {string} query */
  open(query) {
    if (this.tabs.length >= MOST_TABS) this.closed.push(...this.tabs.splice(0, 1));
    this.current = this.tabs.push(query) - 1;
    this.keep();
  }

  /**
   * Has a query that a link opened in a tab: in that of the link before, if it was only looked at.
   * @param {string} query
   */
  pass(query) {
    const before = this.passing ? this.tabs.indexOf(this.passing) : -1;
    this.passing = query;
    if (before < 0) this.open(query);
    else {
      this.tabs[before] = query;
      this.choose(before);
    }
  }

  /** @param {number} tab */
  choose(tab) {
    this.current = tab;
    this.keep();
  }

  /** Closes the current tab; what was in it can be had back. */
  close() {
    this.closed.push(this.tabs.splice(this.current, 1)[0]);
    if (!this.tabs.length) this.tabs.push("");
    this.current = Math.max(this.current - 1, 0);
    this.keep();
  }

  reopen() {
    this.open(this.closed.pop() ?? "");
  }

  /**
   * Takes note that a query was run; the last one comes first, each once.
   * @param {string} query
   */
  note(query) {
    if (query === this.passing) this.passing = "";
    this.run = [query, ...this.run.filter((it) => it !== query)].slice(0, MOST_RUN);
    this.keep();
  }

  forget() {
    this.run = [];
    this.keep();
  }

  /** Takes note of what another window kept; the current tab stays as it is here. */
  renew() {
    const { query } = this;
    const { tabs, run } = read();
    if (!tabs.includes(query)) tabs.push(query);
    this.tabs = tabs;
    this.run = run;
    this.current = tabs.indexOf(query);
  }

  keep() {
    const { tabs, current, run, passing } = this;
    try {
      window.localStorage.setItem(KEY, JSON.stringify({ tabs, current, run, passing }));
      this.lasting = true;
    } catch {
      this.lasting = false;
    }
  }
}

/** Returns what was kept, nothing where that is no longer what it was. */
function read() {
  try {
    const { tabs, current, run, passing } = JSON.parse(window.localStorage.getItem(KEY) ?? "{}");
    /** @param {unknown} them */
    const texts = (them) => (Array.isArray(them) ? them.filter((it) => typeof it === "string") : []);
    return {
      tabs: texts(tabs).slice(0, MOST_TABS),
      current: Number.isInteger(current) ? current : 0,
      run: texts(run).slice(0, MOST_RUN),
      passing: texts([passing])[0] ?? "",
    };
  } catch {
    return { tabs: [], current: 0, run: [], passing: "" };
  }
}

const PROLOGUE = /\b(?:PREFIX\s+[^\s:]*:|BASE)\s*<[^>]*>/gi;

/**
 * Returns what a query says of itself in its first comment; nothing without one.
 * @param {string} query
 */
export function summaryOf(query) {
  const lines = query.split("\n").map((line) => line.trim());
  const comment = lines.find((line) => /^#\+?\s*\S/.test(line));
  return comment?.replace(/^#\+?\s*(summary(_\w+)?:\s*)?/, "") ?? "";
}

/**
 * Returns what a query is called in a list: its first comment, else how it begins.
 * @param {string} query
 * @param {string} without
 */
export function titleOf(query, without) {
  const lines = query.split("\n").map((line) => line.trim());
  const comment = summaryOf(query);
  const begins = lines
    .filter((line) => line && !line.startsWith("#"))
    .join(" ")
    .replace(PROLOGUE, "")
    .trim();
  const title = comment || begins || without;
  return title.length > 40 ? `${title.slice(0, 39)}…` : title;
}
