// A list of an edition: narrowed here, by an index that was prepared. What is chosen is in the address, as on a server.
import { certainty, made, one, save } from "../base/elements.ts";
import { said, words as wordsOf } from "../base/words.ts";

import { cite } from "./cited_here.ts";
import { Facets, type Choices, type ListIndex } from "./facets.ts";
import { ListRows, fileOf, listing, marked } from "./narrowed.ts";
import { counted, fields, number, pills } from "./narrowing_form.ts";
import { prepared } from "./prepared.ts";

const place = document.querySelector("[data-facets]") as HTMLElement | null;
if (place) begin(place).catch(() => failed(place));
document.documentElement.classList.add("has-script");

/** Says that the list cannot be narrowed: it is there as it was published. */
function failed(place: HTMLElement) {
  const sentence = made("p", { class: "small", role: "alert" }, place.dataset.damaged);
  place.replaceChildren(sentence);
}

async function begin(place: HTMLElement) {
  const address = new URL(place.dataset.facets ?? "", location.href);
  const index = (await prepared(address)) as ListIndex;
  if (index.id !== place.dataset.index) throw new TypeError(index.id);
  new NarrowedList(
    place,
    new Facets(index),
    index.pages.map((it) => new URL(it, address)),
  ).start();
}

class NarrowedList {
  place;
  facets;
  pages;
  words;
  said;
  hows;
  explored;
  listed;
  count;
  note;
  whole;
  wholeCount;
  wholeTitle;
  sure;
  rows;
  /** How often rows were asked for. */
  asked = 0;
  wholeFiles;
  chosen: Choices;
  form: HTMLFormElement | undefined;

  /**
   * @param place of the form
   * @param pages the addresses of the pages of the whole list
   */
  constructor(place: HTMLElement, facets: Facets, pages: URL[]) {
    this.place = place;
    this.facets = facets;
    this.pages = pages;
    this.words = wordsOf(place);
    this.said = wordsOf(place, "said");
    this.hows = wordsOf(place, "how");
    this.explored = one(document, ".explored");
    this.listed = one(this.explored, "[data-listed]");
    this.count = one(this.explored, "[data-one]");
    this.note = one(this.explored, "[data-note]");
    this.whole = [...this.listed.childNodes];
    this.wholeCount = this.count.textContent ?? "";
    this.wholeTitle = document.title;
    this.sure = this.explored.querySelector(".certainties") as HTMLElement | null;
    this.rows = new ListRows(this.listed, pages, facets.index.page);
    this.wholeFiles = [...document.querySelectorAll(".export a[href]")] as HTMLAnchorElement[];
    this.chosen = new Map();
  }

  /** Whether this is the page of the list whose address says what is chosen: the first. */
  get isFirst() {
    return location.pathname === this.pages[0].pathname;
  }

  start() {
    const form = made("form", { class: "narrowing", id: "facets", "aria-label": this.words.narrow });
    this.form = form;
    this.place.replaceWith(form);
    form.addEventListener("change", () => this.go(this.#asked(form)));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => this.#follow(event));
    for (const link of this.wholeFiles) link.addEventListener("click", (event) => this.#saveNarrowed(event, link));
    addEventListener("popstate", () => this.show());
    if (this.isFirst) return this.show();
    const { chosen } = this.facets.read(new URLSearchParams(location.search));
    if (chosen.size) return location.replace(this.#address(location.search));
    this.#offer(chosen);
  }

  #asked(form: HTMLFormElement) {
    const pairs = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
  }

  #address(search: string) {
    const address = new URL(this.pages[0]);
    address.search = search;
    return address.href;
  }

  /** Goes to the list under other choices, which becomes an entry of the history. */
  go(search: string) {
    if (!this.isFirst) return location.assign(this.#address(search));
    history.pushState(null, "", this.#address(search));
    this.show();
  }

  #follow(event: MouseEvent) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link?.matches("[data-narrowed] a") || !isPlain) return;
    event.preventDefault();
    this.go(new URL(link.href).search);
    one(this.explored, "h1").focus({ preventScroll: true });
  }

  /** Shows what the address asks. */
  async show() {
    const asked = new URLSearchParams(location.search);
    const { chosen, unknown } = this.facets.read(asked);
    this.#offer(chosen);
    this.#keepInLinks();
    const told = unknown.length ? said(this.said.unknown, { it: unknown.join(", ") }) : "";
    if (!chosen.size) return this.#showWhole(told);
    const turn = ++this.asked;
    const found = this.facets.rows(chosen);
    const { page: size, columns } = this.facets.index;
    const count = Math.max(1, Math.ceil(found.length / size));
    const at = Math.min(Math.max(1, Math.floor(Number(asked.get("page"))) || 1), count);
    this.explored.setAttribute("aria-busy", "true");
    try {
      const rows = await this.#rows(found.slice((at - 1) * size, at * size), chosen);
      if (turn !== this.asked) return;
      const words = { name: this.words.name, view: this.words.view_table };
      const none = made("p", this.words.none);
      const list = found.length ? listing(rows, columns, words) : [none];
      this.listed.replaceChildren(...list, ...this.#pager(at, count, asked));
      this.#tell(chosen, found.length, [told, this.said.rest].filter(Boolean).join(" "));
    } catch {
      if (turn === this.asked) this.#showWhole([told, this.said.missing].filter(Boolean).join(" "));
    } finally {
      if (turn === this.asked) this.explored.removeAttribute("aria-busy");
    }
  }

  /** Returns rows by their numbers, each marked as surely as it answers what is chosen. */
  async #rows(numbers: number[], chosen: Choices) {
    const [found, hows] = [await this.rows.get(numbers), this.facets.hows(chosen)];
    const { proof = "" } = this.place.dataset;
    const rows = found.rows.map((row, at) => {
      const sure = hows[numbers[at]];
      if (sure === this.facets.sure[numbers[at]]) return row;
      const name = this.facets.index.how[sure];
      return { ...row, name: marked(row.name, name, { how: this.hows[name], proof }) };
    });
    return { ...found, rows };
  }

  /**
   * Saves the table of what is chosen, where something is.
   * @param link to the file of the whole list
   */
  async #saveNarrowed(event: MouseEvent, link: HTMLAnchorElement) {
    const suffix = suffixOf(link);
    if (!this.chosen.size || !suffix) return;
    event.preventDefault();
    const json = this.wholeFiles.find((it) => suffixOf(it) === "json");
    if (!json) return;
    const [numbers, hows] = [this.facets.rows(this.chosen), this.facets.hows(this.chosen)];
    const pages = await this.rows.get(numbers);
    const told = numbers.map((number, at) => {
      if (hows[number] === this.facets.sure[number]) return {};
      const page = pages.rows[at].name.find((it) => it instanceof Element)?.querySelector("a:not(.evidence)");
      return {
        certainty: this.facets.index.how[hows[number]],
        evidence: page instanceof HTMLAnchorElement ? page.href : "",
      };
    });
    save(await fileOf(json.href, suffix, this.facets.index.columns, numbers, told), `list.${suffix}`);
  }

  /** Has the page cited as it is narrowed, and hides the files that only the whole list has. */
  #offerFiles(values: string[]) {
    cite(values, location.search);
    for (const link of this.wholeFiles) {
      const item = link.closest("li") ?? link;
      const isOfList = suffixOf(link);
      item.hidden = Boolean(values.length) && !isOfList;
    }
  }

  #showWhole(told: string) {
    this.asked += 1;
    this.explored.removeAttribute("aria-busy");
    this.listed.replaceChildren(...this.whole);
    this.#tell(new Map(), this.facets.count, told);
  }

  /** Says how many things there are, and what else is to be known. */
  #tell(chosen: Choices, total: number, note: string) {
    const words = { one: this.count.dataset.one, other: this.count.dataset.other };
    this.count.textContent = chosen.size ? counted(words, total) : this.wholeCount;
    this.note.textContent = note;
    this.note.hidden = !note;
    const values = this.facets
      .shown(chosen)
      .flatMap(({ first }) => first.filter((it) => it.isChosen).map((it) => it.value.text));
    const [name] = this.wholeTitle.split(" — ");
    const site = this.wholeTitle.split(" — ").at(-1);
    this.chosen = chosen;
    this.#offerFiles(values);
    const wider = document.querySelector("[data-wider]") as HTMLElement | null;
    if (wider) wider.hidden = !this.facets.index.facets.some((it) => it.within && chosen.has(it.name));
    document.title = values.length ? `${name} — ${values.join(", ")} — ${site}` : this.wholeTitle;
    this.#tellCertainties(chosen, total);
    const heard = document.querySelector("[data-said]");
    if (heard) heard.textContent = [this.count.textContent, note].filter(Boolean).join(". ");
  }

  #tellCertainties(chosen: Choices, total: number) {
    if (!this.sure) return;
    const numbers = [...this.facets.certainties(chosen)].filter(([, n]) => n);
    const inOrder = Object.keys(this.hows);
    numbers.sort(([one], [other]) => inOrder.indexOf(one ?? "") - inOrder.indexOf(other ?? ""));
    this.sure.hidden = numbers.reduce((sum, [, n]) => sum + n, 0) !== total;
    const dot = () => made("span", { class: "soft", "aria-hidden": "true" }, "·");
    const parts = numbers.flatMap(([how, n], at) => [
      ...(at ? [" ", dot(), " "] : []),
      certainty(how ?? "", this.hows[how ?? ""]),
      ` ${number(n)}`,
    ]);
    this.sure.replaceChildren(made("span.unseen", `${this.words.sure}: `), " ", ...parts);
  }

  /** Offers the choices that are left, and leaves the reader where she was. */
  #offer(chosen: Choices) {
    if (!this.form) return;
    const focused = document.activeElement;
    const open = [...this.form.querySelectorAll("details[open]")].map((it) => it.getAttribute("data-kept"));
    const shown = this.facets.shown(chosen);
    this.form.replaceChildren(...fields(shown, this.words, this.hows));
    for (const it of this.form.querySelectorAll("details")) it.open = open.includes(it.dataset.kept ?? "");
    if (focused instanceof HTMLInputElement) {
      const same = `input[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`;
      (this.form.querySelector(same) as HTMLElement | null)?.focus({ preventScroll: true });
    }
    one(this.explored, "[data-pills]").replaceChildren(...pills(shown, this.pages[0].href, this.words, this.hows));
    const opener = document.querySelector(".open-side");
    if (opener)
      opener.textContent = [this.words.narrow, chosen.size ? `(${[...chosen.values()].flat().length})` : ""]
        .filter(Boolean)
        .join(" ");
  }

  /** Has the links to this page in another language or at another certainty keep what is chosen. */
  #keepInLinks() {
    const links = document.querySelectorAll(".certainty-filter a, .hidden-facts a, a.other-language");
    for (const link of links as NodeListOf<HTMLAnchorElement>) link.search = location.search;
  }

  #pager(at: number, count: number, asked: URLSearchParams) {
    if (count === 1) return [];
    const link = (page: number, rel: string, words: string) => {
      const pairs = [...asked].filter(([name]) => name !== "page");
      if (page > 1) pairs.push(["page", String(page)]);
      return made("a", { href: `?${new URLSearchParams(pairs)}`, rel }, words);
    };
    const nav = made("nav", { class: "pages", "aria-label": this.words.pages, "data-narrowed": true });
    if (at > 1) nav.append(link(at - 1, "prev", this.words.previous), " ");
    nav.append(made("span", said(this.words.page, { number: number(at), count: number(count) })));
    if (at < count) nav.append(" ", link(at + 1, "next", this.words.next));
    return [nav];
  }
}

/** Returns csv or json where a link leads to the table of the list. */
const suffixOf = ({ protocol, pathname }: HTMLAnchorElement) =>
  protocol === "data:" ? "" : (pathname.match(/\/list(?:\/[^/]*)?\.(csv|json)$/)?.[1] ?? "");
