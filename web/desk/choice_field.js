// A field with a list under it: a combobox whose lines may be explained, forbidden or new. Arrows choose, Enter takes, Escape closes.
import { fill, made, sign } from "./made.js";

const MOST = 60;

/**
 * A field that something is chosen in. The library of the site's search has no lines that cannot be chosen, nor such that make something.
 * @template T
 */
export class ChoiceField {
  /** @type {Option[]} */
  #options = [];
  #active = -1;
  /** @type {T | null} */
  value = null;

  /**
   * @param {HTMLElement} place
   * @param {{id: string, label: string, hint?: string, optional?: string,
   *   source: (written: string) => Option[] | Promise<Option[]>,
   *   taken: (value: T | null, field: ChoiceField<T>) => void, next?: () => void}} options
   */
  constructor(place, { id, label, hint = "", optional = "", source, taken, next }) {
    this.source = source;
    this.taken = taken;
    this.next = next;
    this.hint = made("small", { id: `${id}-hint` }, hint || optional);
    this.error = made("p", { class: "field-error", id: `${id}-error`, role: "alert" });
    this.note = made("p", { class: "field-note", id: `${id}-note` });
    this.list = made("ul", { class: "options", role: "listbox", id: `${id}-list`, "aria-label": label, hidden: true });
    this.sign = made("span", { class: "field-sign", "aria-hidden": "true" });
    this.kind = made("span", { class: "field-kind" });
    this.input = made("input", {
      type: "text",
      id,
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${id}-list`,
      "aria-describedby": `${id}-hint ${id}-error ${id}-note`,
      oninput: () => this.#written(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#pressed(event),
      onfocus: () => this.#focused(),
      onblur: () => this.close(),
    });
    const box = made("div", { class: "choice-box" }, this.sign, this.input, this.kind, this.list);
    place.append(made("label", { for: id }, label), " ", this.hint, box, this.error, this.note);
    this.box = box;
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (line) this.#take(Number(/** @type {HTMLElement} */ (line).dataset.at));
    });
    this.input.addEventListener("click", () => this.list.hidden && this.open());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /**
   * Has the field hold a value, without telling so.
   * @param {T | null} value
   * @param {string} label
   * @param {string=} shape
   * @param {string=} kind
   */
  set(value, label = "", shape = "", kind = "") {
    this.value = value;
    this.input.value = label;
    fill(this.sign, value && shape ? sign(shape) : null);
    fill(this.kind, value ? kind : "");
    this.says("");
    this.close();
  }

  /** @param {string} error what is wrong with the value, empty for nothing */
  says(error) {
    this.error.textContent = error;
    this.input.toggleAttribute("aria-invalid", Boolean(error));
    if (error) this.input.setAttribute("aria-invalid", "true");
  }

  #focused() {
    this.input.select();
    if (!this.value) this.open();
  }

  #written() {
    this.value = null;
    fill(this.sign);
    fill(this.kind);
    this.says("");
    this.open();
  }

  /** Shows what may be chosen. */
  async open() {
    const written = this.value ? "" : this.input.value;
    const found = this.source(written);
    if (!(found instanceof Promise)) return this.show(found, written);
    const options = await found.catch(() => null);
    if (options && document.activeElement === this.input) this.show(options, written);
    return undefined;
  }

  /**
   * @param {Option[]} options
   * @param {string} written for which they are
   */
  show(options, written) {
    this.list.dataset.for = written;
    this.#options = options.slice(0, MOST);
    const lines = this.#options.map((it, at) =>
      made(
        "li",
        {
          role: "option",
          id: `${this.input.id}-option-${at}`,
          "data-at": at,
          "aria-disabled": it.disabled ? "true" : null,
          class: [it.isNew ? "is-new" : "", it.disabled ? "is-disabled" : ""].join(" ").trim() || null,
        },
        sign(it.shape),
        made("span", { class: "option-label" }, it.label),
        it.note ? made("span", { class: "option-note" }, it.note) : null,
      ),
    );
    fill(this.list, lines);
    this.list.hidden = !lines.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.#activate(this.#options.findIndex((it) => !it.disabled));
  }

  close() {
    this.list.hidden = true;
    delete this.list.dataset.for;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.#active = -1;
  }

  /** @param {number} at */
  #activate(at) {
    this.list.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    this.#active = at;
    const line = this.list.children[at];
    if (!line) return this.input.removeAttribute("aria-activedescendant");
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", line.id);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) return void this.open();
      const by = event.key === "ArrowDown" ? 1 : -1;
      const { length } = this.#options;
      if (length) this.#activate((this.#active + by + length) % length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.isOpen && this.#active >= 0) this.#take(this.#active);
      else if (this.value || !this.input.value) this.next?.();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && this.isOpen && this.input.value && !this.value && this.#active >= 0) {
      if (!this.#options[this.#active].isNew) this.#take(this.#active, true);
    }
  }

  /**
   * @param {number} at
   * @param {boolean} isLeaving
   */
  #take(at, isLeaving = false) {
    const option = this.#options[at];
    if (!option) return;
    if (option.disabled) {
      this.says(option.note ?? "");
      return;
    }
    this.set(/** @type {T} */ (option.data), option.label, option.shape);
    this.taken(this.value, this);
    if (!isLeaving) this.next?.();
  }
}
