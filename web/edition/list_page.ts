// A list of an edition: narrowed here, by an index that was prepared. What is chosen is in the address, as on a server.
import { made, one, save } from "../base/elements.ts";
import { closing } from "../base/frame.ts";
import { number, said, words as wordsOf } from "../base/words.ts";

import { foot, sentence, whyNone } from "./around.ts";
import { cite } from "./cited_here.ts";
import { Facets, type Choices, type ListIndex } from "./facets.ts";
import { ListRows, fileOf } from "./narrowed.ts";
import { prepared } from "./prepared.ts";

const form = document.querySelector("form[data-facets]") as HTMLFormElement | null;
if (form) begin(form).catch(() => failed(form));
for (const menu of document.querySelectorAll("details.filter") as NodeListOf<HTMLDetailsElement>) closing(menu);

/** Says that the list cannot be narrowed: it is there as it was published. */
function failed(form: HTMLElement) {
  form.replaceWith(made("p", { class: "small", role: "alert" }, form.dataset.damaged));
}

async function begin(form: HTMLFormElement) {
  const address = new URL(form.dataset.facets ?? "", location.href);
  const index = (await prepared(address)) as ListIndex;
  if (index.id !== form.dataset.index) throw new TypeError(index.id);
  const pages = index.pages.map((it) => new URL(it, address));
  new NarrowedList(form, new Facets(index), address, pages).start();
}

class NarrowedList {
  form;
  facets;
  address;
  pages;
  words;
  place;
  listed;
  title;
  note;
  whole;
  wholeTitle;
  wholeWindow;
  rows;
  files;
  /** How often rows were asked for. */
  asked = 0;
  chosen: Choices = new Map();

  /**
   * @param address of the index
   * @param pages the addresses of the pages of the whole list
   */
  constructor(form: HTMLFormElement, facets: Facets, address: URL, pages: URL[]) {
    this.address = address;
    this.form = form;
    this.facets = facets;
    this.pages = pages;
    this.words = { ...wordsOf(form), ...wordsOf(form, "ours") };
    this.place = one(document, "[data-explore]");
    this.listed = one(this.place, "[data-listed]");
    this.title = one(this.place, "[data-count]");
    this.note = one(this.place, "[data-note]");
    this.whole = [...this.listed.childNodes];
    this.wholeTitle = this.title.textContent ?? "";
    this.wholeWindow = document.title;
    this.rows = new ListRows(one(this.listed, "table"), pages, facets.index);
    this.files = [...document.querySelectorAll(".export a[href]")] as HTMLAnchorElement[];
  }

  /** Whether this is the page of the list whose address says what is chosen: the first. */
  get isFirst() {
    return location.pathname === this.pages[0].pathname;
  }

  start() {
    this.form.hidden = false;
    this.form.addEventListener("change", () => this.go(this.#asked()));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => this.#follow(event));
    for (const link of this.files) link.addEventListener("click", (event) => this.#saveNarrowed(event, link));
    addEventListener("popstate", () => this.show());
    if (this.isFirst) return this.show();
    const { chosen } = this.facets.read(new URLSearchParams(location.search));
    if (chosen.size) return location.replace(this.#address(location.search));
    this.#offer(chosen);
  }

  #asked() {
    const pairs = [...new FormData(this.form)].map(([name, value]) => [name, String(value)]);
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
    this.title.focus({ preventScroll: true });
  }

  /** Shows what the address asks. */
  async show() {
    const asked = new URLSearchParams(location.search);
    const { chosen, unknown } = this.facets.read(asked);
    this.#offer(chosen);
    const told = unknown.length ? said(this.words.unknown, { it: unknown.join(", ") }) : "";
    const turn = ++this.asked;
    if (!chosen.size) return this.#showWhole(told);
    const found = this.facets.rows(chosen);
    const size = this.facets.index.page;
    const count = Math.max(1, Math.ceil(found.length / size));
    const at = Math.min(Math.max(1, Math.floor(Number(asked.get("page"))) || 1), count);
    this.place.setAttribute("aria-busy", "true");
    try {
      const rows = await this.rows.get(found.slice((at - 1) * size, at * size));
      if (turn !== this.asked) return;
      const shown = found.length
        ? [
            this.rows.shown(rows, chosen),
            ...this.#pager(at, count, asked),
            await foot(this.facets, this.words, chosen, found.length, this.address),
          ]
        : [whyNone(this.facets, chosen, this.form)];
      if (turn !== this.asked) return;
      this.listed.replaceChildren(...shown);
      this.#tell(chosen, found.length, told);
    } catch {
      if (turn === this.asked) this.#showWhole([told, this.words.missing].filter(Boolean).join(" "));
    }
  }

  #showWhole(told: string) {
    this.listed.replaceChildren(...this.whole);
    this.#tell(new Map(), this.facets.count, told);
  }

  /** Says what is found, and what else is to be known. */
  #tell(chosen: Choices, total: number, note: string) {
    const title = chosen.size ? sentence(this.facets, this.words, chosen, total) : this.wholeTitle;
    this.place.removeAttribute("aria-busy");
    this.chosen = chosen;
    this.title.textContent = title;
    document.title = chosen.size ? [title, this.wholeWindow.split(" — ").at(-1)].join(" — ") : this.wholeWindow;
    this.note.textContent = note;
    this.note.hidden = !note;
    cite(chosen.size ? () => title : null, location.search);
    for (const link of this.files) (link.closest("li") ?? link).hidden = Boolean(chosen.size) && !suffixOf(link);
    one(document, "[data-said]").textContent = [title, note].filter(Boolean).join(". ");
  }

  /** Offers the choices that are left, and says how many things each leaves. */
  #offer(chosen: Choices) {
    for (const facet of this.facets.index.facets) {
      const counts = this.facets.counts(facet, chosen);
      const isOffered = counts.size > 1 || chosen.has(facet.name);
      const boxes = this.form.querySelectorAll(`input[name="${CSS.escape(facet.name)}"]`);
      for (const box of boxes as NodeListOf<HTMLInputElement>) {
        box.checked = chosen.get(facet.name)?.includes(box.value) ?? false;
        const label = box.closest("label") as HTMLElement;
        const n = counts.get(box.value) ?? 0;
        label.hidden = !isOffered || (!n && !box.checked);
        (box.closest("details") as HTMLElement).hidden = !isOffered;
        one(label, "[data-n]").textContent = number(n);
      }
    }
    const search = new URLSearchParams();
    const pairs = this.facets.values(chosen).flatMap(({ facet, values }) => values.map((value) => ({ facet, value })));
    for (const { facet, value } of pairs) search.append(facet.name, value.key);
    const chips = pairs.map(({ facet, value }) => {
      const left = new URLSearchParams(search);
      left.delete(facet.name, value.key);
      const cross = made("span", { "aria-hidden": "true" }, "×");
      const name = made("span", { lang: value.lang }, value.text);
      return made("a.chip", { href: `?${left}` }, made("span.unseen", `${this.words.remove} `), name, " ", cross);
    });
    const clear = made("a", { class: "clear", href: this.pages[0].href }, this.words.clear);
    one(this.form, "[data-narrowed]").replaceChildren(...chips, ...(chips.length > 1 ? [clear] : []));
    const steps = this.facets.steps(chosen);
    document.querySelector(".certainty-filter")?.toggleAttribute("hidden", !steps.at(-1));
    for (const [place, link] of [...document.querySelectorAll(".certainty-filter a")].entries()) {
      (link as HTMLAnchorElement).search = location.search;
      one(link, "b").textContent = place < steps.length ? number(steps[place]) : "";
    }
    const links = document.querySelectorAll(".hidden-facts a, a.other-language");
    for (const link of links as NodeListOf<HTMLAnchorElement>) link.search = location.search;
  }

  /**
   * Saves the table of what is chosen, where something is.
   * @param link to the file of the whole list
   */
  async #saveNarrowed(event: MouseEvent, link: HTMLAnchorElement) {
    const json = this.files.find((it) => suffixOf(it) === "json");
    if (!this.chosen.size || !json || !suffixOf(link)) return;
    event.preventDefault();
    const [numbers, hows] = [this.facets.rows(this.chosen), this.facets.hows(this.chosen)];
    const rows = await this.rows.get(numbers);
    const { columns, how } = this.facets.index;
    const asked = [...this.chosen.keys()].filter((name) => !columns.includes(name));
    const told = numbers.map((number, at) => {
      const answers = Object.fromEntries(asked.map((name) => [name, this.rows.answers(rows[at], name, this.chosen)]));
      if (hows[number] === this.facets.sure[number]) return answers;
      const page = one<HTMLAnchorElement>(rows[at].cells[0], "a");
      return { certainty: how[hows[number]], evidence: page.href, ...answers };
    });
    const suffix = suffixOf(link);
    const keys = [...this.chosen.values()].flat().map((key) => key.split("/").at(-1));
    const [kind] = (json.pathname.split("/").at(-1) ?? "").split(".");
    save(
      await fileOf(json.href, suffix, [...asked, ...columns], numbers, told),
      `${[kind, ...keys].join("-")}.${suffix}`,
    );
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
