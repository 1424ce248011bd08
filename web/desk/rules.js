// What the rules say of the reading: what the last act brought or healed, and what is to be mended, with a way to mend it.
import { fill, made } from "./made.js";
import { count, number, say } from "./said.js";

const SEVERITIES = /** @type {const} */ (["violation", "warning", "info"]);
const PAUSE = 300;
const MOST = 60;

/** The pane of rules. */
export class Rules {
  /** @type {DeskFinding[]} */
  #findings = [];
  /** @type {DeskFinding[]} */
  #healed = [];
  #note = "";
  /** @type {Set<string>} */
  #brought = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /**
   * @param {Record<string, HTMLElement>} parts
   * @param {{remedy: (finding: DeskFinding) => void}} does
   */
  constructor(parts, does) {
    this.parts = parts;
    this.does = does;
  }

  /**
   * @param {DeskFinding[]} findings
   * @param {string} note why nothing is said, empty where all is
   */
  show(findings, note = this.#note) {
    this.#findings = findings;
    this.#note = note;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#render(), PAUSE / 2);
  }

  /** @param {DeskAnswer} answered */
  follow({ brought, healed }) {
    this.#brought = new Set(brought.map((it) => it.id));
    this.#healed = healed;
    this.show(this.#findings);
    const said = [
      ...brought.map((it) => `${say("brought")} ${it.text}`),
      ...healed.map((it) => `${say("healed")} ${it.text}`),
    ];
    if (said.length) this.parts.heard.textContent = said.slice(0, 3).join(" ");
  }

  #render() {
    const of = (/** @type {string} */ severity) => this.#findings.filter((it) => it.severity === severity);
    fill(
      this.parts.counts,
      SEVERITIES.map((severity) => made("b", { class: `count-${severity}` }, count(severity, of(severity).length))),
    );
    const isNew = (/** @type {DeskFinding} */ it) => this.#brought.has(it.id);
    const ordered = SEVERITIES.flatMap((severity) => of(severity)).sort(
      (one, other) => Number(isNew(other)) - Number(isNew(one)),
    );
    const lines = ordered.slice(0, MOST).map((it) => this.#line(it, isNew(it)));
    const healed = this.#healed.map((it) =>
      made(
        "li",
        { class: "is-healed" },
        made("b", {}, say("healed")),
        made("span", {}, it.text),
        made("code", {}, it.rule),
      ),
    );
    const note = this.#note && made("li", {}, made("b", {}, say("info")), made("span", {}, this.#note));
    const isFine = !lines.length && !note;
    const none =
      isFine &&
      made("li", { class: "is-healed" }, made("b", {}, say("conforms")), made("span", {}, say("no_findings")));
    fill(this.parts.findings, note, healed, lines, none);
    const more = ordered.length - lines.length;
    if (more > 0) this.parts.findings.append(made("li", {}, say("more", { n: number(more) })));
    const urgent = of("violation").length + of("warning").length;
    for (const place of document.querySelectorAll("[data-count=rules]"))
      place.textContent = urgent ? number(urgent) : "";
  }

  /** @param {DeskFinding} it @param {boolean} isNew */
  #line(it, isNew) {
    const way = it.remedy?.label;
    return made(
      "li",
      { class: `is-${it.severity}${isNew ? " is-brought" : ""}` },
      made("b", {}, say(it.severity)),
      made(
        "span",
        {},
        it.subject && made("i", {}, `${it.subject.label} · `),
        `${it.text} `,
        way && made("button", { type: "button", class: "link", onclick: () => this.does.remedy(it) }, way),
      ),
      made("code", {}, it.rule),
    );
  }
}
