// The page of a question in an edition: with other values it is answered in the browser, by the same file.
import { one } from "../base/parts.js";
import { request } from "../base/service.js";
import { said, words as wordsOf } from "../base/words.js";
import { Unanswered, answerTo, fileOf } from "../query/workbench/asking.js";
import { shown } from "../query/workbench/cells.js";
import { save } from "../query/workbench/files.js";
import { Names } from "../query/workbench/names.js";
import { cite } from "./cited_here.js";

/** How many rows a page shows; the files have all. */
const MOST_ROWS = 1000;
const LABEL = "_label";
const HOW = /#(explicit|inferred|tentative)$/;

/**
 * Has the form answered here; an address with values is one of a question that was asked.
 * @param {HTMLElement} place
 * @param {HTMLFormElement} form
 */
function asking(place, form) {
  const page = new AnswerOfQuestion(place);
  const names = [...form.elements].flatMap((it) => ("name" in it && it.name ? [String(it.name)] : []));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = valuesOf(form);
    const address = new URL(window.location.href);
    for (const [name, value] of values)
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    window.history.pushState(null, "", address);
    page.ask(values, namesOf(form));
  });
  /** @param {boolean} isBack */
  const open = (isBack) => {
    const { searchParams } = new URL(window.location.href);
    const given = names.filter((name) => searchParams.has(name));
    for (const name of names) fieldOf(form, name).value = searchParams.get(name) ?? "";
    if (given.length) page.ask(valuesOf(form), namesOf(form));
    else if (isBack) window.location.reload();
  };
  window.addEventListener("popstate", () => open(true));
  if (names.some((name) => new URL(window.location.href).searchParams.has(name))) open(false);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
const fieldOf = (form, name) => /** @type {any} */ (form.elements.namedItem(name));

/** @param {HTMLFormElement} form */
const valuesOf = (form) =>
  /** @type {[string, string][]} */ ([...new FormData(form)].map(([it, of]) => [it, String(of)]));

/**
 * Returns what the values are called that a reader has chosen or written.
 * @param {HTMLFormElement} form
 */
const namesOf = (form) =>
  valuesOf(form)
    .filter(([, value]) => value)
    .map(([name, value]) => {
      const field = fieldOf(form, name);
      return field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent ?? value) : value;
    });

class AnswerOfQuestion {
  /** @type {AbortController | undefined} */
  running;

  /** @param {HTMLElement} place */
  constructor(place) {
    const { endpoint = "", check = "", names = "", question = "" } = place.dataset;
    this.told = { endpoint, check };
    this.question = question;
    this.words = wordsOf(place);
    this.columns = wordsOf(place, "columns");
    this.certainties = wordsOf(place, "how");
    this.saidOf = wordsOf(place, "said");
    this.formats = /** @type {string[][]} */ (JSON.parse(place.dataset.files ?? "[]"));
    this.names = new Names(names);
    this.answer = one(place, "[data-answer]");
    this.query = one(place, "[data-query]");
    this.toWorkbench = /** @type {HTMLAnchorElement} */ (one(place, "[data-to-workbench]"));
    this.queries = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".export-query a"));
    this.title = one(place, "h1");
    this.site = document.title.split(" — ").at(-1) ?? "";
  }

  /**
   * @param {[string, string][]} values
   * @param {string[]} named what they are called
   */
  async ask(values, named) {
    this.running?.abort();
    const { signal } = (this.running = new AbortController());
    const status = this.show();
    status.textContent = this.words.running;
    const stop = Object.assign(document.createElement("button"), { type: "button", textContent: this.words.stop });
    stop.addEventListener("click", () => {
      this.running?.abort();
      this.show().textContent = this.words.stopped;
    });
    status.after(stop);
    document.addEventListener(
      "engine-progress",
      (event) => (status.textContent = /** @type {CustomEvent<string>} */ (event).detail),
      { signal },
    );
    try {
      const query = await this.bound(values, signal);
      const answer = await answerTo(query, this.told, signal);
      /** @type {Result} */
      const result = JSON.parse(answer.text);
      const chosen = values.filter(([, value]) => value).map(([name]) => name);
      this.#entitle(named);
      await this.answered(query, result, chosen);
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    }
  }

  /**
   * Returns the query with these values; raises Unanswered where one of them names nothing.
   * @param {[string, string][]} values
   * @param {AbortSignal} signal
   */
  async bound(values, signal) {
    const asked = new URL(this.question);
    const body = new URLSearchParams([["query", this.query.textContent ?? ""], ...values]);
    const answer = await request(asked, { method: "POST", body, signal });
    if (answer.ok) return answer.text();
    throw new Unanswered(answer.status, null, (await answer.json()).detail);
  }

  /**
   * Names what is asked of in the title and the citation.
   * @param {string[]} named
   */
  #entitle(named) {
    const title = [this.title.dataset.title ?? "", named.join(", ")].filter(Boolean).join(" — ");
    this.title.textContent = title;
    document.title = `${title} — ${this.site}`;
    cite(named, window.location.search);
  }

  /** Empties the place of the answer but for its title; returns where it is said what becomes of it. */
  show() {
    const title = one(this.answer, "h2");
    const status = Object.assign(document.createElement("p"), { role: "status" });
    this.answer.replaceChildren(title, status);
    return status;
  }

  /** @param {unknown} error */
  failed(error) {
    const status = error instanceof Unanswered ? error.status : 0;
    const detail = error instanceof Error ? error.message : "";
    this.show().textContent = this.saidOf[status] ?? (detail || this.saidOf[500]);
  }

  /**
   * @param {string} query
   * @param {Result} result
   * @param {string[]} chosen the parameters that have a value: they are the same in each row
   */
  async answered(query, { boolean, head, results }, chosen) {
    const { words } = this;
    this.query.textContent = query;
    for (const link of [this.toWorkbench, ...this.queries]) {
      const workbench = new URL(link.href);
      workbench.searchParams.set("query", query);
      link.href = workbench.href;
    }
    document.querySelector("[aria-labelledby=export-table]")?.replaceChildren(...this.files(query));
    if (boolean !== undefined) {
      this.show().textContent = boolean ? words.yes : words.no;
      return;
    }
    const rows = results.bindings;
    const columns = head.vars.filter(
      (name) => !chosen.includes(name) && !(name.endsWith(LABEL) && head.vars.includes(name.slice(0, -LABEL.length))),
    );
    const first = rows.slice(0, MOST_ROWS);
    const status = this.show();
    const counted = said(rows.length === 1 ? words.rows_one : words.rows_other, { n: rows.length });
    status.textContent = rows.length ? counted : words.none;
    if (rows.length > MOST_ROWS) status.append(`. ${said(words.cut, { n: MOST_ROWS })}`);
    if (!rows.length) return;
    const table = this.table(columns, first);
    const list = Object.assign(document.createElement("ul"), { className: "pills", ariaLabel: this.words.files });
    list.append(...this.files(query));
    this.answer.append(table, list);
    // The answer is there before the names and pages of its things.
    const things = first.flatMap((row) => columns.map((name) => row[name]).filter((it) => it?.type === "uri"));
    if (await this.names.want(things.map((it) => String(it?.value)))) table.replaceWith(this.table(columns, first));
  }

  /**
   * @param {string[]} columns
   * @param {Row[]} rows
   */
  table(columns, rows) {
    const [around, table] = [document.createElement("div"), document.createElement("table")];
    Object.assign(around, { className: "scroll", role: "group", tabIndex: 0, ariaLabel: document.title });
    const head = table.createTHead().insertRow();
    for (const name of columns)
      head.append(
        Object.assign(document.createElement("th"), { scope: "col", textContent: this.columns[name] ?? name }),
      );
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const name of columns) line.insertCell().append(...this.cell(row[name], row[`${name}${LABEL}`]));
    }
    around.append(table);
    return around;
  }

  /**
   * @param {Term | undefined} term
   * @param {Term | undefined} label what the answer calls it
   * @returns {Node[]}
   */
  cell(term, label) {
    if (!term) return [];
    const how = term.type === "uri" ? term.value.match(HOW)?.[1] : undefined;
    const known = term.type === "uri" ? this.names.of(term.value) : undefined;
    const called = label ? { label: String(label.value), address: undefined } : undefined;
    if (!how) return [shown(term, { name: known ?? called })];
    const made = Object.assign(document.createElement("span"), { className: `how how-${how}` });
    const stroke = Object.assign(document.createElement("span"), { className: "stroke", ariaHidden: "true" });
    made.append(stroke, this.certainties[how]);
    return [made];
  }

  /**
   * Returns the items of a list of the files that an answer has.
   * @param {string} query
   */
  files(query) {
    return this.formats.map(([name, label, mediaType]) => {
      const link = Object.assign(document.createElement("a"), { href: "#", textContent: label });
      link.addEventListener("click", (event) => {
        event.preventDefault();
        fileOf(query, this.told.endpoint, mediaType).then((file) => save(file, `answer.${name}`));
      });
      const item = document.createElement("li");
      item.append(link);
      return item;
    });
  }
}

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-question-page]"));
const form = /** @type {HTMLFormElement | null} */ (place?.querySelector("form.ask"));
if (place && form) asking(place, form);
