// The facts that the selected words carry, or those stated last: each is changed or dropped here.
import { fill, made, sign } from "./made.js";
import { count, say } from "./said.js";

const MOST = 40;

/** @param {Span} one @param {Span} other */
const touch = ([start, end], [from, to]) => start < to && from < end;

/** The list of facts beside the text. */
export class FactsList {
  /** @type {DeskFact[]} */
  shown = [];
  /** What the list was made for. */
  #key = "";

  /**
   * @param {HTMLElement} place
   * @param {{change: (fact: DeskFact) => void, drop: (fact: DeskFact) => void, light: (words: Span[]) => void}} does
   */
  constructor(place, does) {
    this.place = place;
    this.does = does;
  }

  /**
   * @param {DeskFact[]} facts
   * @param {Span[]} words
   */
  show(facts, words) {
    const here = facts.filter((it) => it.words.some((span) => words.some((other) => touch(span, other))));
    const those = words.length ? here : facts.slice(-MOST).reverse();
    const isHere = words.length > 0;
    const key = `${isHere} ${facts.length} ${those.map((it) => it.id).join()}`;
    if (key === this.#key) return;
    this.#key = key;
    this.shown = those.slice(0, MOST);
    fill(
      this.place,
      made(
        "h2",
        {},
        say(isHere ? "facts_here" : "facts_last"),
        made("span", { class: "soft small" }, count("facts", isHere ? here.length : facts.length)),
      ),
      this.shown.length
        ? made(
            "ul",
            { class: "facts" },
            this.shown.map((it) => this.#line(it)),
          )
        : made("p", { class: "soft" }, say("no_facts")),
    );
  }

  /** @param {DeskFact} it */
  #line(it) {
    const value = "address" in it.value ? it.value.label : it.value.text;
    const named = `${it.subject.label} ${it.property.label} ${value}`;
    return made(
      "li",
      {
        class: `fact how-${it.certainty}`,
        onmouseenter: () => this.does.light(it.words),
        onfocusin: () => this.does.light(it.words),
      },
      made("span", { class: "stroke", title: say(it.certainty) }, made("span", { class: "unseen" }, say(it.certainty))),
      made(
        "p",
        {},
        sign(it.subject.kind),
        made("b", {}, it.subject.label),
        " ",
        made("span", { class: "soft" }, it.property.label),
        " ",
        "address" in it.value && sign(it.value.kind),
        value,
        it.voice && made("span", { class: "soft" }, ` (${say("said_by", { who: it.voice.label })})`),
      ),
      made(
        "span",
        { class: "fact-acts" },
        made(
          "button",
          {
            type: "button",
            class: "link",
            "aria-label": `${say("change")} ${named}`,
            onclick: () => this.does.change(it),
          },
          say("change"),
        ),
        made(
          "button",
          { type: "button", class: "link", "aria-label": `${say("drop")} ${named}`, onclick: () => this.does.drop(it) },
          say("drop"),
        ),
      ),
    );
  }
}
