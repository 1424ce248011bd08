// Where two readings differ: both statements of each difference, their words lit in the text, one taken by a key.
import { fill, made, sign } from "../base/elements.ts";
import { count, say } from "./said.ts";

/** The view that settles two readings. */
export class Settling {
  every: Difference[] = [];
  readers: string[] = [];
  at = 0;

  place;
  does;

  constructor(
    place: HTMLElement,
    does: {
      get: () => Promise<Differences>;
      settle: (difference: string, take: string) => Promise<DeskAnswer>;
      light: (words: Span[], others: Span[]) => void;
      closed: () => void;
      failed: (error: unknown) => void;
    },
  ) {
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
      made("h2", { tabindex: -1 }, say("settle_title"), made("span.soft.small", count("open_differences", open))),
      now ? this.#difference(now) : made("p", say("no_differences")),
      made("p.form-acts", made("button", { type: "button", class: "link", onclick: () => this.close() }, say("close"))),
    );
    if (now) this.does.light(wordsOf(now.first), wordsOf(now.second));
    ((this.place.querySelector(".take") ?? this.place.querySelector("h2")) as HTMLElement | null)?.focus();
  }

  #difference(it: Difference) {
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
      "div.difference",
      made("p.soft", `${this.at + 1}/${this.every.length}`),
      made("p.claim", sign(it.subject.kind), made("b", it.subject.label), ` ${it.property.label}`),
      sides.map(({ reader, said }, at) =>
        made(
          "p",
          { class: `side side-${at + 1}` },
          made("b", nameOf(reader)),
          " ",
          said.map(statement).join(", ") || say("says_nothing"),
        ),
      ),
      made(
        "p.takes",
        ways.map(({ take, label }, at) =>
          made(
            "button",
            {
              type: "button",
              class: "take",
              "aria-pressed": String(it.settled === take),
              onclick: () => void this.#take(take),
            },
            made("kbd", at + 1),
            ` ${label}`,
          ),
        ),
      ),
      made("p.soft.small", say("settle_keys")),
    );
  }

  async #take(take: string) {
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

  #pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.now) return;
    const key = event.key.toLowerCase();
    if (key === "escape") this.close();
    else if (key === "j" || key === "k") {
      this.at = (this.at + (key === "j" ? 1 : -1) + this.every.length) % this.every.length;
      this.#render();
    } else if (/^[123]$/.test(key))
      (this.place.querySelectorAll(".take")[Number(key) - 1] as HTMLElement | undefined)?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const wordsOf = (side: SideValue[]) => side.flatMap((it) => it.words);

const statement = ({ value, certainty }: SideValue) =>
  `${"address" in value ? value.label : value.text}${certainty === "explicit" ? "" : ` (${say(certainty)})`}`;

const nameOf = (reader: string) => reader.replace(/^.*agent\//, "");
