// The page of a question in an edition: with other values it is answered in the browser, by the same file.
import { certainty, made, one, save, tableOf } from "../base/elements.ts";
import { request } from "../base/service.ts";
import { counted, said, words as wordsOf } from "../base/words.ts";
import { Unanswered, answerTo, fileOf } from "../query/workbench/asking.ts";
import { shown } from "../query/workbench/cells.ts";

import { Names } from "../query/workbench/names.ts";
import { cite } from "./cited_here.ts";

/** How many rows a page shows; the files have all. */
const MOST_ROWS = 1000;
const LABEL = "_label";
const HOW = /#(explicit|inferred|tentative)$/;

/** Has the form answered here; an address with values is one of a question that was asked. */
function asking(place: HTMLElement, form: HTMLFormElement) {
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
  const open = (isBack: boolean) => {
    const { searchParams } = new URL(window.location.href);
    const given = names.filter((name) => searchParams.has(name));
    for (const name of names) fieldOf(form, name).value = searchParams.get(name) ?? "";
    if (given.length) page.ask(valuesOf(form), namesOf(form));
    else if (isBack) window.location.reload();
  };
  window.addEventListener("popstate", () => open(true));
  if (names.some((name) => new URL(window.location.href).searchParams.has(name))) open(false);
}

const fieldOf = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as any;

const valuesOf = (form: HTMLFormElement) =>
  [...new FormData(form)].map(([it, of]) => [it, String(of)]) as [string, string][];

/** Returns what the values are called that a reader has chosen or written. */
const namesOf = (form: HTMLFormElement) =>
  valuesOf(form)
    .filter(([, value]) => value)
    .map(([name, value]) => {
      const field = fieldOf(form, name);
      return field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent ?? value) : value;
    });

class AnswerOfQuestion {
  running: AbortController | undefined;

  told;
  question;
  words;
  columns;
  certainties;
  saidOf;
  formats;
  names;
  answer;
  query;
  toWorkbench;
  queries;
  title;
  site;

  constructor(place: HTMLElement) {
    const { endpoint = "", check = "", names = "", question = "" } = place.dataset;
    this.told = { endpoint, check };
    this.question = question;
    this.words = wordsOf(place);
    this.columns = wordsOf(place, "columns");
    this.certainties = wordsOf(place, "how");
    this.saidOf = wordsOf(place, "said");
    this.formats = JSON.parse(place.dataset.files ?? "[]") as string[][];
    this.names = new Names(names);
    this.answer = one(place, "[data-answer]");
    this.query = one(place, "[data-query]");
    this.toWorkbench = one(place, "[data-to-workbench]") as HTMLAnchorElement;
    this.queries = document.querySelectorAll(".see-query") as NodeListOf<HTMLAnchorElement>;
    this.title = one(place, "h1");
    this.site = document.title.split(" — ").at(-1) ?? "";
  }

  /** @param named what they are called */
  async ask(values: [string, string][], named: string[]) {
    this.running?.abort();
    const { signal } = (this.running = new AbortController());
    const status = this.show();
    status.textContent = this.words.running;
    const stop = () => {
      this.running?.abort();
      this.show().textContent = this.words.stopped;
    };
    status.after(made("button", { type: "button", onclick: stop }, this.words.stop));
    document.addEventListener(
      "engine-progress",
      (event) => (status.textContent = (event as CustomEvent<string>).detail),
      { signal },
    );
    try {
      const query = await this.bound(values, signal);
      const answer = await answerTo(query, this.told, signal);
      const result: Result = JSON.parse(answer.text);
      const chosen = values.filter(([, value]) => value).map(([name]) => name);
      this.#entitle(named);
      await this.answered(query, result, chosen);
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    }
  }

  /** Returns the query with these values; raises Unanswered where one of them names nothing. */
  async bound(values: [string, string][], signal: AbortSignal) {
    const asked = new URL(this.question);
    const body = new URLSearchParams([["query", this.query.textContent ?? ""], ...values]);
    const answer = await request(asked, { method: "POST", body, signal });
    if (answer.ok) return answer.text();
    throw new Unanswered(answer.status, null, (await answer.json()).detail);
  }

  /** Names what is asked of in the title and the citation. */
  #entitle(named: string[]) {
    const title = [this.title.dataset.title ?? "", named.join(", ")].filter(Boolean).join(" — ");
    this.title.textContent = title;
    document.title = `${title} — ${this.site}`;
    cite(named.length ? (whole) => [whole, named.join(", ")].join(" — ") : null, window.location.search);
  }

  /** Empties the place of the answer but for its title; returns where it is said what becomes of it. */
  show() {
    const title = one(this.answer, "h2");
    const status = made("p", { role: "status" });
    this.answer.replaceChildren(title, status);
    return status;
  }

  failed(error: unknown) {
    const status = error instanceof Unanswered ? error.status : 0;
    const detail = error instanceof Error ? error.message : "";
    this.show().textContent = this.saidOf[status] ?? (detail || this.saidOf[500]);
  }

  /** @param chosen the parameters that have a value: they are the same in each row */
  async answered(query: string, { boolean, head, results }: Result, chosen: string[]) {
    const { words } = this;
    this.query.textContent = query;
    for (const link of [this.toWorkbench, ...this.queries]) {
      const workbench = new URL(link.href);
      workbench.searchParams.set("query", query);
      link.href = workbench.href;
    }
    document.querySelector(".export ul")?.replaceChildren(...this.files(query));
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
    status.textContent = rows.length ? counted(words, "rows", rows.length) : words.none;
    if (rows.length > MOST_ROWS) status.append(`. ${said(words.cut, { n: MOST_ROWS })}`);
    if (!rows.length) return;
    const table = this.table(columns, first);
    this.answer.append(table, made("ul", { class: "pills", "aria-label": words.files }, this.files(query)));
    // The answer is there before the names and pages of its things.
    const things = first.flatMap((row) => columns.map((name) => row[name]).filter((it) => it?.type === "uri"));
    if (await this.names.want(things.map((it) => String(it?.value)))) table.replaceWith(this.table(columns, first));
  }

  table(columns: string[], rows: Row[]) {
    const cells = rows.map((row) => columns.map((name) => made("td", this.cell(row[name], row[`${name}${LABEL}`]))));
    const heads = columns.map((name) => this.columns[name] ?? name);
    const around = { class: "scroll", role: "group", tabindex: 0, "aria-label": document.title };
    return made("div", around, tableOf(heads, cells));
  }

  /** @param label what the answer calls it */
  cell(term: Term | undefined, label: Term | undefined): Node[] {
    if (!term) return [];
    const how = term.type === "uri" ? term.value.match(HOW)?.[1] : undefined;
    const known = term.type === "uri" ? this.names.of(term.value) : undefined;
    const called = label ? { label: String(label.value), address: undefined } : undefined;
    return [how ? certainty(how, this.certainties[how]) : shown(term, { name: known ?? called })];
  }

  /** Returns the items of a list of the files that an answer has. */
  files(query: string) {
    return this.formats.map(([name, label, mediaType]) => {
      const get = (event: Event) => {
        event.preventDefault();
        fileOf(query, this.told.endpoint, mediaType).then((file) => save(file, `answer.${name}`));
      };
      return made("li", made("a", { href: "#", onclick: get }, label));
    });
  }
}

const place = document.querySelector("[data-question-page]") as HTMLElement | null;
const form = place?.querySelector("form.ask") as HTMLFormElement | null;
if (place && form) asking(place, form);
