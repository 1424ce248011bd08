// Where two readings differ: both statements of each difference, their words lit in the text, one taken by a key.
import { fill, made, sign } from "./made.js";
import { count, say } from "./said.js";

/** The view that settles two readings. */
export class Settling {
  /** @type {Difference[]} */
  every = [];
  /** @type {string[]} */
  readers = [];
  at = 0;

  /**
   * @param {HTMLElement} place
   * @param {{get: () => Promise<Differences>, settle: (difference: string, take: string) => Promise<DeskAnswer>, light: (words: Span[], others: Span[]) => void, closed: () => void, failed: (error: unknown) => void}} does
   */
  constructor(place, does) {
    this.place = place;
    this.does = does;
    place.addEventListener("keydown", (event) => this.#pressed(event));
  }

  get isOpen() {
    return !this.place.hidden;
  }

  async open() {
    try {
      const { readers, differences } = await this.does.get();
      this.readers = readers;
      this.every = differences;
    } catch (error) {
      return this.does.failed(error);
    }
    this.at = Math.max(
      0,
      this.every.findIndex((it) => !it.settled),
    );
    this.place.hidden = false;
    return this.#render();
  }

  close() {
    if (!this.isOpen) return;
    this.place.hidden = true;
    this.does.closed();
  }

  get now() {
    return this.every[this.at];
  }

  #render() {
    const { now } = this;
    const open = this.every.filter((it) => !it.settled).length;
    fill(
      this.place,
      made(
        "h2",
        { tabindex: -1 },
        say("settle_title"),
        made("span", { class: "soft small" }, count("open_differences", open)),
      ),
      now ? this.#difference(now) : made("p", {}, say("no_differences")),
      made(
        "p",
        { class: "form-acts" },
        made("button", { type: "button", class: "link", onclick: () => this.close() }, say("close")),
      ),
    );
    if (now) this.does.light(wordsOf(now.first), wordsOf(now.second));
    /** @type {HTMLElement | null} */ (this.place.querySelector(".take") ?? this.place.querySelector("h2"))?.focus();
  }

  /** @param {Difference} it */
  #difference(it) {
    const [one = "1", other = "2"] = this.readers;
    const sides = [
      { reader: one, said: it.first },
      { reader: other, said: it.second },
    ];
    const ways = [
      ...sides.map(({ reader }) => ({ take: reader, label: nameOf(reader) })),
      { take: "both", label: say("take_both") },
    ];
    return made(
      "div",
      { class: "difference" },
      made("p", { class: "soft" }, `${this.at + 1}/${this.every.length}`),
      made("p", { class: "claim" }, sign(it.subject.kind), made("b", {}, it.subject.label), ` ${it.property.label}`),
      sides.map(({ reader, said }, at) =>
        made(
          "p",
          { class: `side side-${at + 1}` },
          made("b", {}, nameOf(reader)),
          " ",
          said.map(statement).join(", ") || say("says_nothing"),
        ),
      ),
      made(
        "p",
        { class: "takes" },
        ways.map(({ take, label }, at) =>
          made(
            "button",
            {
              type: "button",
              class: "take",
              "aria-pressed": String(it.settled === take),
              onclick: () => void this.#take(take),
            },
            made("kbd", {}, at + 1),
            ` ${label}`,
          ),
        ),
      ),
      made("p", { class: "soft small" }, say("settle_keys")),
    );
  }

  /** @param {string} take */
  async #take(take) {
    const { now } = this;
    try {
      await this.does.settle(now.id, take);
      now.settled = take;
      const next = this.every.findIndex((it, at) => at > this.at && !it.settled);
      this.at = next >= 0 ? next : this.at;
      this.#render();
    } catch (error) {
      this.does.failed(error);
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.now) return;
    const key = event.key.toLowerCase();
    if (key === "escape") this.close();
    else if (key === "j" || key === "k") {
      this.at = (this.at + (key === "j" ? 1 : -1) + this.every.length) % this.every.length;
      this.#render();
    } else if (/^[123]$/.test(key))
      /** @type {HTMLElement | undefined} */ (this.place.querySelectorAll(".take")[Number(key) - 1])?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {SideValue[]} side */
const wordsOf = (side) => side.flatMap((it) => it.words);

/** @param {SideValue} it */
const statement = ({ value, certainty }) =>
  `${"address" in value ? value.label : value.text}${certainty === "explicit" ? "" : ` (${say(certainty)})`}`;

/** @param {string} reader */
const nameOf = (reader) => reader.replace(/^.*agent\//, "");
