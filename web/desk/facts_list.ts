// The facts that the selected words carry, or those stated last: each is changed or dropped here.
import { certainty, fill, made, sign } from "../base/elements.ts";
import { count, number, say } from "./said.ts";

const MOST = 40;

const touch = ([start, end]: Span, [from, to]: Span) => start < to && from < end;

/** The list of facts beside the text. */
export class FactsList {
  shown: DeskFact[] = [];
  /** What the list was made for. */
  #key = "";

  place;
  does;

  constructor(
    place: HTMLElement,
    does: { change: (fact: DeskFact) => void; drop: (fact: DeskFact) => void; light: (words: Span[]) => void },
  ) {
    this.place = place;
    this.does = does;
  }

  show(facts: DeskFact[], words: Span[]) {
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
        say(isHere ? "facts_here" : "facts_last"),
        made("span.soft.small", count("facts", isHere ? here.length : facts.length)),
      ),
      this.shown.length
        ? made(
            "ul.facts",
            this.shown.map((it) => this.#line(it)),
          )
        : made("p.soft", say("no_facts")),
    );
  }

  #line(it: DeskFact) {
    const value = "address" in it.value ? it.value.label : it.value.text;
    const named = `${it.subject.label} ${it.property.label} ${value}`;
    return made(
      "li",
      {
        class: "fact",
        onmouseenter: () => this.does.light(it.words),
        onfocusin: () => this.does.light(it.words),
      },
      certainty(it.certainty, say(it.certainty), true),
      made(
        "p",
        sign(it.subject.kind),
        made("b", it.subject.label),
        " ",
        made("span.soft", it.property.label),
        " ",
        "address" in it.value && sign(it.value.kind),
        value,
        it.voices.length > 0 &&
          made("span.soft", ` (${say("said_by", { who: it.voices.map((one) => one.label).join(", ") })})`),
      ),
      made(
        "span.fact-acts",
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

// How much of each part of the text has been read, as it grows.

/** Shows the table of coverage, and its sum in the head. */
export function showCoverage(parts: Record<string, HTMLElement>, state: DeskState, go: (part: string) => void) {
  const rows = state.coverage;
  const all = rows.reduce((n, it) => n + it.characters, 0);
  const read = rows.reduce((n, it) => n + it.read, 0);
  const share = all ? Math.floor((100 * read) / all) : 0;
  const meter = parts.meter as HTMLMeterElement;
  meter.value = share;
  parts.share.textContent = `${number(share)} %`;
  const head = ["part", "read_share", "facts_count", "bare"].map((it, at) =>
    made("th", { scope: "col", class: at ? "n" : null }, say(it)),
  );
  const body = rows.map((it) =>
    made(
      "tr",
      made(
        "th",
        { scope: "row" },
        made("button", { type: "button", class: "link", onclick: () => go(it.part.address) }, it.part.label),
      ),
      made("td.n", `${number(it.characters ? Math.floor((100 * it.read) / it.characters) : 0)} %`),
      made("td.n", number(it.facts)),
      made("td.n", number(it.bare)),
    ),
  );
  fill(parts.coverage, made("caption.unseen", say("coverage")), made("thead", made("tr", head)), made("tbody", body));
}
