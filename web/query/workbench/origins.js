// Where the rows of an answer come from: some at a time, once they are asked for.
import { said } from "../../base/words.js";
import { textOf } from "./cells.js";

const AT_ONCE = 5;

export class Origins {
  /** How many rows are told. */
  told = 0;

  /**
   * @param {Parts} parts
   * @param {{rows: Row[], columns: string[], words: Words, names: import("./names.js").Names, origin: (place: HTMLElement, row: Row) => Promise<void>}} of
   */
  constructor(parts, of) {
    this.parts = parts;
    this.of = of;
    parts.originMore.addEventListener("click", () => this.more());
  }

  /** Tells of the first rows, once. */
  async open() {
    if (!this.told) await this.more();
  }

  /** Tells of some rows more; one after another, as each is several queries. */
  async more() {
    const { parts, of } = this;
    const rows = of.rows.slice(this.told, this.told + AT_ONCE);
    parts.originMore.hidden = true;
    await of.names.want(
      rows.flatMap((row) => Object.values(row).flatMap((it) => (it?.type === "uri" ? [it.value] : []))),
    );
    for (const row of rows) {
      this.told += 1;
      const [item, title, place] = [
        document.createElement("li"),
        document.createElement("h3"),
        document.createElement("div"),
      ];
      title.textContent = `${said(of.words.row_n, { n: this.told })} — ${this.called(row)}`;
      item.append(title, place);
      parts.origins.append(item);
      await of.origin(place, row);
      if (!item.isConnected) return;
    }
    parts.originMore.hidden = this.told >= of.rows.length;
  }

  /** @param {Row} row */
  called(row) {
    const terms = this.of.columns.map((name) => row[name]).filter((it) => it !== undefined);
    return terms
      .slice(0, 2)
      .map((term) => (term.type === "uri" && this.of.names.of(term.value)?.label) || textOf(term))
      .join(", ");
  }
}
