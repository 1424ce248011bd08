// Which columns are shown, and in which order: chosen in a list, moved there or by dragging a heading.
import { one } from "../../base/parts.js";
import { said } from "../../base/words.js";

/** No name of a variable has a dot. */
const BETWEEN = ".";

export class Columns {
  hidden = new Set();

  /**
   * @param {HTMLElement} list
   * @param {{columns: string[], words: Words, changed: (shown: string[]) => void, say: (text: string) => void}} how
   */
  constructor(list, { columns, words, changed, say }) {
    this.list = list;
    this.words = words;
    this.changed = changed;
    this.say = say;
    this.columns = columns;
    this.order = [...columns];
    this.draw();
  }

  get shown() {
    return this.order.filter((name) => !this.hidden.has(name));
  }

  /** The columns in their order, as an address has it; empty while none was moved. */
  get moved() {
    return this.order.every((name, at) => name === this.columns[at]) ? "" : this.order.join(BETWEEN);
  }

  /**
   * Puts the columns in the order that an address has; those that it does not name come after.
   * @param {string} text
   */
  set moved(text) {
    const named = new Set(text.split(BETWEEN).filter((name) => this.columns.includes(name)));
    this.order = [...named, ...this.columns.filter((name) => !named.has(name))];
    this.change();
  }

  draw() {
    this.list.replaceChildren(...this.order.map((name, at) => this.item(name, at)));
  }

  /**
   * @param {string} name
   * @param {number} at
   */
  item(name, at) {
    const item = document.createElement("li");
    const label = Object.assign(document.createElement("label"), { className: "choice" });
    const box = Object.assign(document.createElement("input"), {
      type: "checkbox",
      defaultChecked: true,
      checked: !this.hidden.has(name),
    });
    box.dataset.view = `column.${name}`;
    box.disabled = box.checked && this.shown.length === 1;
    box.addEventListener("change", () => this.hide(name, !box.checked));
    label.append(box, Object.assign(document.createElement("bdi"), { textContent: name }));
    /**
     * @param {number} step
     * @param {string} word
     */
    const button = (step, word) => {
      const made = Object.assign(document.createElement("button"), {
        type: "button",
        className: "as-link",
        textContent: this.words[word],
      });
      made.setAttribute("aria-label", said(this.words[`${word}_of`], { name }));
      made.disabled = !(at + step in this.order);
      made.addEventListener("click", () => this.step(at, step));
      return made;
    };
    item.append(label, button(-1, "before"), button(1, "after"));
    return item;
  }

  /**
   * @param {string} name
   * @param {boolean} wanted
   */
  hide(name, wanted) {
    if (wanted) this.hidden.add(name);
    else this.hidden.delete(name);
    const at = this.order.indexOf(name);
    this.change();
    one(this.list.children[at], "input").focus();
  }

  /**
   * Moves a column a step; the focus stays on what moves it, while it can be moved further.
   * @param {number} at
   * @param {number} step
   */
  step(at, step) {
    this.put(at, at + step);
    const [before, after] = this.list.children[at + step].querySelectorAll("button");
    const [wanted, other] = step < 0 ? [before, after] : [after, before];
    (wanted.disabled ? other : wanted).focus();
  }

  /**
   * Moves a column to the place of another.
   * @param {string} name
   * @param {string} to
   */
  move(name, to) {
    if (name !== to) this.put(this.order.indexOf(name), this.order.indexOf(to));
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  put(from, to) {
    this.order.splice(to, 0, ...this.order.splice(from, 1));
    this.change();
    this.say(said(this.words.moved, { name: this.order[to], n: to + 1, all: this.order.length }));
  }

  change() {
    this.draw();
    this.changed(this.shown);
  }
}
