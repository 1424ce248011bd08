// The queries in their tabs above the editor, those that were run, and files of them.
import { one, partsIn } from "../../base/parts.js";
import { said } from "../../base/words.js";
import { save } from "./files.js";
import { KEY, Kept, titleOf } from "./kept.js";

/** A longer file is no query. */
const LONGEST_FILE = 1 << 20;

export class Tabs {
  /**
   * @param {HTMLElement[]} places
   * @param {{query: string, words: Words, show: (query: string) => void, spoken: HTMLElement}} how
   */
  constructor(places, { query, words, show, spoken }) {
    /** @type {Parts} */
    this.parts = Object.assign({}, ...places.map((place) => partsIn(place, "tabPart")));
    this.words = words;
    this.show = show;
    this.spoken = spoken;
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

  /**
   * Has a query in a tab: the one that holds it already, else that of a link that was only looked at, else a new one.
   * @param {string} query
   */
  hold(query) {
    const { kept } = this;
    const there = kept.tabs.indexOf(query);
    if (there >= 0) kept.choose(there);
    else kept.pass(query);
    this.draw();
  }

  /**
   * Takes note of what is being written.
   * @param {string} query
   */
  write(query) {
    this.kept.write(query);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), 300);
  }

  /** @param {string} query */
  note(query) {
    this.kept.note(query);
    this.draw();
  }

  /** @param {() => void} how */
  change(how) {
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

  /** @param {{files: FileList | null, value: string}} field */
  async read(field) {
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

  /**
   * @param {string} query
   * @param {boolean} here
   * @param {() => void} choose
   */
  item(query, here, choose) {
    const [item, button] = [document.createElement("li"), document.createElement("button")];
    button.type = "button";
    button.className = "tab";
    button.textContent = titleOf(query, this.words.untitled);
    if (here) button.setAttribute("aria-current", "true");
    button.addEventListener("click", choose);
    item.append(button);
    return item;
  }
}
