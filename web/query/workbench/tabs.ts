// The queries of this browser: in their tabs above the editor, those that were run, files of them. It works where nothing can be kept.
import { made, one, partsIn, save } from "../../base/elements.ts";
import { said } from "../../base/words.ts";

/** A longer file is no query. */
const LONGEST_FILE = 1 << 20;

export class Tabs {
  parts: Parts;
  words!: Words;
  show!: (query: string) => void;
  spoken!: HTMLElement;
  kept;
  waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(places: HTMLElement[], how: Pick<Tabs, "words" | "show" | "spoken"> & { query: string }) {
    const { query, ...own } = how;
    Object.assign(this, own);
    this.parts = Object.assign({}, ...places.map((place) => partsIn(place, "tabPart")));
    this.kept = new Kept(query);
    const { add, close, reopen, save: download, open, forget } = this.parts;
    add.addEventListener("click", () => this.change(() => this.kept.open("")));
    close.addEventListener("click", () => this.change(() => this.kept.close()));
    reopen.addEventListener("click", () => this.change(() => this.kept.reopen()));
    download.addEventListener("click", () =>
      save(new Blob([this.kept.query], { type: "application/sparql-query" }), "query.rq"),
    );
    open.addEventListener("change", () => this.read(open));
    forget.addEventListener(
      "click",
      () => (this.kept.forget(), this.draw(), one(this.parts.history, "summary").focus()),
    );
    window.addEventListener("storage", ({ key }) => key === KEY && (this.kept.renew(), this.draw()));
    this.draw();
  }

  /** Has a query in a tab: the one that holds it already, else that of a link that was only looked at, else a new one. */
  hold(query: string) {
    const { kept } = this;
    const there = kept.tabs.indexOf(query);
    if (there >= 0) kept.choose(there);
    else kept.pass(query);
    this.draw();
  }

  /** Takes note of what is being written. */
  write(query: string) {
    this.kept.write(query);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), 300);
  }

  note(query: string) {
    this.kept.note(query);
    this.draw();
  }

  change(how: () => void) {
    how();
    const focused = document.activeElement;
    this.draw();
    this.show(this.kept.query);
    // What has nothing more to do cannot keep the focus.
    if (focused instanceof HTMLButtonElement && focused.disabled)
      one(this.parts.tabs.children[this.kept.current], "button").focus();
    this.spoken.textContent = this.here();
  }

  /** Returns which query is in the editor. */
  here() {
    const { kept, words } = this;
    return said(words.tab_here, {
      n: kept.current + 1,
      all: kept.tabs.length,
      title: titleOf(kept.query, words.untitled),
    });
  }

  async read(field: { files: FileList | null; value: string }) {
    const [file] = field.files ?? [];
    if (!file) return;
    if (file.size > LONGEST_FILE) this.parts.unkept.textContent = this.words.file_too_long;
    else {
      const text = await file.text();
      this.change(() => this.kept.open(text));
    }
    field.value = "";
  }

  draw() {
    const { parts, kept, words } = this;
    const focused = [...parts.tabs.children].findIndex((it) => it.contains(document.activeElement));
    parts.tabs.replaceChildren(
      ...kept.tabs.map((query, tab) =>
        this.item(query, tab === kept.current, () => this.change(() => kept.choose(tab))),
      ),
    );
    if (focused >= 0) one(parts.tabs.children[Math.min(focused, kept.tabs.length - 1)], "button").focus();
    parts.close.disabled = kept.tabs.length === 1 && !kept.query;
    parts.reopen.disabled = !kept.closed.length;
    parts.unkept.textContent = kept.lasting ? "" : words.unkept;
    parts.history.hidden = !kept.run.length;
    parts.run.replaceChildren(
      ...kept.run.map((query) => this.item(query, false, () => (this.hold(query), this.show(query)))),
    );
  }

  item(query: string, here: boolean, choose: () => void) {
    const attributes = { type: "button", class: "tab", "aria-current": here && "true", onclick: choose };
    return made("li", made("button", attributes, titleOf(query, this.words.untitled)));
  }
}

// What this browser keeps: the queries in their tabs, and those that were run. It works without.

export const KEY = "rallynov-queries";
const MOST_RUN = 50;
const MOST_TABS = 30;

/** The queries of this browser; where it may keep nothing, they last as long as the page. */
export class Kept {
  tabs: string[] = [];
  current = 0;
  run: string[] = [];
  closed: string[] = [];
  /** The query of a tab that a link opened, while nobody changed or ran it: the next one takes its place. */
  passing = "";
  /** Whether the last change was kept beyond this page. */
  lasting = true;

  /** @param first the query of the first tab */
  constructor(first: string) {
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

  /** Takes note of what is in the current tab. */
  write(query: string) {
    if (this.tabs[this.current] === query) return;
    if (this.tabs[this.current] === this.passing) this.passing = "";
    this.tabs[this.current] = query;
    this.keep();
  }

  open(query: string) {
    if (this.tabs.length >= MOST_TABS) this.closed.push(...this.tabs.splice(0, 1));
    this.current = this.tabs.push(query) - 1;
    this.keep();
  }

  /** Has a query that a link opened in a tab: in that of the link before, if it was only looked at. */
  pass(query: string) {
    const before = this.passing ? this.tabs.indexOf(this.passing) : -1;
    this.passing = query;
    if (before < 0) this.open(query);
    else {
      this.tabs[before] = query;
      this.choose(before);
    }
  }

  choose(tab: number) {
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

  /** Takes note that a query was run; the last one comes first, each once. */
  note(query: string) {
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
    const texts = (them: unknown) => (Array.isArray(them) ? them.filter((it) => typeof it === "string") : []);
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

/** Returns what a query says of itself in its first comment; nothing without one. */
export function summaryOf(query: string) {
  const lines = query.split("\n").map((line) => line.trim());
  const comment = lines.find((line) => /^#\+?\s*\S/.test(line));
  return comment?.replace(/^#\+?\s*(summary(_\w+)?:\s*)?/, "") ?? "";
}

/** Returns what a query is called in a list: its first comment, else how it begins. */
export function titleOf(query: string, without: string) {
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
