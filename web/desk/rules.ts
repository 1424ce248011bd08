// What the rules say of the reading: what the last act brought or healed, and what is to be mended, with a way to mend it.
import { fill, made } from "../base/elements.ts";
import { count, number, say } from "./said.ts";

const SEVERITIES = ["violation", "warning", "info"] as const;
const PAUSE = 300;
const MOST = 60;

/** The pane of rules. */
export class Rules {
  #findings: DeskFinding[] = [];
  /** Those before the acts of which the rules have not said yet what they brought. */
  #before: DeskFinding[] | undefined;
  #healed: DeskFinding[] = [];
  #note = "";
  #brought = new Set<string>();
  /** Findings that were gone to: the next one is another. */
  #gone = new Set<string>();
  #waiting: ReturnType<typeof setTimeout> | undefined;

  parts;
  does;

  constructor(parts: Record<string, HTMLElement>, does: { remedy: (finding: DeskFinding) => void }) {
    this.parts = parts;
    this.does = does;
    parts.findings.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /**
   * @param note why nothing is said, empty where all is
   * @param isSettled whether they are those after the last act
   */
  show(findings: DeskFinding[], note: string = this.#note, isSettled = false) {
    if (isSettled && this.#before) this.#compare(this.#before, findings);
    this.#findings = findings;
    this.#note = note;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#render(), PAUSE / 2);
  }

  /** Keeps the findings as they are before an act: what is new and mended after it is shown. */
  begin() {
    this.#before ??= this.#findings;
  }

  #compare(before: DeskFinding[], after: DeskFinding[]) {
    const without = (those: DeskFinding[], others: DeskFinding[]) => {
      const ids = new Set(others.map((it) => it.id));
      return those.filter((it) => !ids.has(it.id));
    };
    const brought = without(after, before);
    this.#healed = without(before, after);
    this.#brought = new Set(brought.map((it) => it.id));
    this.#before = undefined;
    const said = [
      ...brought.map((it) => `${say("brought")} ${it.text}`),
      ...this.#healed.map((it) => `${say("healed")} ${it.text}`),
    ];
    if (said.length) this.parts.heard.textContent = said.slice(0, 3).join(" ");
  }

  /** How many findings keep the data from being released. */
  get left() {
    return this.#findings.filter((it) => it.severity === "violation").length;
  }

  /** The findings, what the last act brought first, the worst first. */
  get #ordered() {
    const isNew = (it: DeskFinding) => Number(this.#brought.has(it.id));
    return SEVERITIES.flatMap((severity) => this.#findings.filter((it) => it.severity === severity)).sort(
      (one, other) => isNew(other) - isNew(one),
    );
  }

  /** The finding that is mended next: the first with a remedy that was not gone to yet; once all were, the first again. */
  get #next() {
    const those = this.#ordered.filter((it) => it.remedy);
    return those.find((it) => !this.#gone.has(it.id)) ?? those[0] ?? null;
  }

  /** Does what mends the finding that has the focus, else the next one; returns whether there is any. */
  mend() {
    const line = (document.activeElement?.closest("[data-finding]") ?? null) as HTMLElement | null;
    const next = this.#findings.find((it) => it.remedy && it.id === line?.dataset.finding) ?? this.#next;
    if (!next) return false;
    if (this.#findings.every((it) => !it.remedy || this.#gone.has(it.id))) this.#gone.clear();
    this.#gone.add(next.id);
    this.show(this.#findings);
    this.does.remedy(next);
    return true;
  }

  /** Goes to the list: arrows go from remedy to remedy there. */
  focus() {
    if (!this.#buttons.length) this.#render();
    (this.#buttons[0] ?? this.parts.findings).focus();
  }

  get #buttons() {
    return [...this.parts.findings.querySelectorAll("button")];
  }

  #pressed(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = this.#buttons;
    if (!by || !buttons.length) return;
    event.preventDefault();
    const at = buttons.findIndex((it) => it === document.activeElement);
    buttons[(at + by + buttons.length) % buttons.length].focus();
  }

  #render() {
    clearTimeout(this.#waiting);
    const focused = this.#buttons.findIndex((it) => it === document.activeElement);
    const of = (severity: string) => this.#findings.filter((it) => it.severity === severity);
    fill(
      this.parts.counts,
      !this.#note &&
        SEVERITIES.map((severity) => made("b", { class: `count-${severity}` }, count(severity, of(severity).length))),
    );
    const ordered = this.#ordered;
    const next = this.#next;
    const lines = ordered.slice(0, MOST).map((it) => this.#line(it, it === next));
    const healed = this.#healed.map((it) =>
      made("li.is-healed", made("b", say("healed")), made("span", it.text), made("code", it.rule)),
    );
    const note = this.#note && made("li", made("b", say("info")), made("span", this.#note));
    const isFine = !lines.length && !note;
    const none = isFine && made("li.is-healed", made("b", say("conforms")), made("span", say("no_findings")));
    fill(this.parts.findings, note, healed, lines, none);
    const more = ordered.length - lines.length;
    if (more > 0) this.parts.findings.append(made("li", say("more", { n: number(more) })));
    if (focused >= 0) (this.#buttons[focused] ?? this.#buttons.at(-1) ?? this.parts.findings).focus();
    const urgent = of("violation").length + of("warning").length;
    for (const place of document.querySelectorAll("[data-count=rules]"))
      place.textContent = urgent ? number(urgent) : "";
  }

  /** @param isNext whether a key mends it */
  #line(it: DeskFinding, isNext: boolean) {
    const way = it.remedy?.label;
    return made(
      "li",
      { class: `is-${it.severity}${this.#brought.has(it.id) ? " is-brought" : ""}`, "data-finding": it.id },
      made("b", say(it.severity)),
      made(
        "span",
        it.subject && made("i", `${it.subject.label} · `),
        `${it.text} `,
        way && made("button", { type: "button", class: "link", onclick: () => this.does.remedy(it) }, way),
        isNext && [" ", made("kbd", "M")],
      ),
      made("code", it.rule),
    );
  }
}
