// Explanations as they are read: findings with the patterns that they are about, and what to write instead.
import { fill, made, tableOf } from "../../../base/elements.ts";
import { counted, number, said } from "../../../base/words.ts";
import { COUNTED, opaque, whyEmpty, type Finding } from "./empty.ts";
import { written, type Near } from "./near.ts";
import { factsOf } from "./origin.ts";
import { whySlow, type Counted } from "./slow.ts";
import { BUDGET, Within } from "./within.ts";
import type { Explanations } from "../explanations.ts";

const LONGEST = 300;

export class Showing {
  addresses;
  names;
  editor;
  words;
  place;
  say;

  constructor({ told, names, editor, words }: Explanations, place: HTMLElement, say: (text: string) => void) {
    this.addresses = told;
    this.names = names;
    this.editor = editor;
    this.words = words;
    this.place = place;
    this.say = say;
  }

  within(signal: AbortSignal) {
    return new Within(this.addresses, { signal });
  }

  /** Shows what empties the answer; returns what is to be said, if not everything went well. */
  async empty(query: string, signal: AbortSignal) {
    const { findings, spent } = await whyEmpty(query, this.within(signal));
    await this.names.want(findings.flatMap(thingsOf));
    this.place.replaceChildren(this.findings(query, findings));
    return this.ending(spent);
  }

  async slow(query: string, signal: AbortSignal, { seconds, limit }: { seconds?: number; limit?: number }) {
    const { patterns, hints, spent } = await whySlow(query, this.within(signal));
    const { words } = this;
    const times = [
      seconds !== undefined && said(words.time, { s: number(seconds, 3) }),
      limit && said(words.limit, { s: number(limit, 3) }),
    ].filter(Boolean);
    const items = hints.map(({ kind, element, elements }) => {
      const about = elements ?? (element ? [element] : []);
      return made("li", words[`hint_${kind}`], ...about.flatMap((it) => [" ", this.pattern(query, it)]));
    });
    fill(
      this.place,
      times.length > 0 && made("p", times.join(" ")),
      made("ul.plain", items.length ? items : made("li", words.no_hints)),
      patterns.length > 0 && this.counts(query, patterns),
    );
    return this.ending(spent);
  }

  async origin(query: string, row: Row, signal: AbortSignal) {
    const { facts, cannot, spent } = await factsOf(query, row, this.within(signal));
    if (spent) return this.ending(spent);
    return this.holders(facts, cannot, signal);
  }

  /** Shows who says a triple. */
  async origins(row: Row, signal: AbortSignal) {
    const terms = Object.values(row);
    const isFact = terms.every((term) => term?.type === "uri" || term?.type === "literal");
    const fact = terms.map((term) => term && term.type !== "triple" && written(term, { text: "" }));
    return this.holders(isFact ? [`${fact.join(" ")} .`] : [], new Set(isFact ? [] : ["unnamed"]), signal);
  }

  /** Shows who says some facts, and what cannot be told. */
  async holders(facts: string[], cannot: Set<string>, signal: AbortSignal) {
    const answer = await fetch(this.addresses.origin, {
      method: "POST",
      body: new URLSearchParams({ facts: facts.join("\n") }),
      signal,
    });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const notes = [...cannot].map((it) => made("p.small.soft", this.words[`cannot_${it}`]));
    this.place.replaceChildren(...page.body.childNodes, ...notes);
    return this.ending(false);
  }

  ending(spent: boolean) {
    return spent ? said(this.words.spent, { s: BUDGET / 1000 }) : undefined;
  }

  findings(query: string, findings: Finding[]): HTMLElement {
    const { words } = this;
    const list = made(
      "ul.findings",
      findings.map((it) => this.finding(query, it)),
    );
    const rest = findings.find((it) => it.rest)?.rest;
    return rest ? made("div", list, made("p.small.soft", words[`rest_${rest}`])) : list;
  }

  finding(query: string, finding: Finding): HTMLElement {
    const { words } = this;
    const { kind, element, near = [], branches = [] } = finding;
    if (!element) return made("li", words[kind]);
    const named = words[`kind_${element.path ? "path" : (element.kind ?? "clause")}`];
    return made(
      "li", // What begins with its own word needs none of ours.
      named && !/^filter\b/i.test(element.shown ?? "") && `${named} `,
      this.pattern(query, element),
      ` ${this.verdict(finding)}`,
      finding.also?.length && ` ${counted(words, "removed_also", finding.also.length)}`,
      opaque(element) && made("p.small.soft", words[`opaque_${opaque(element)}`]),
      ...grouped(near).map(([head, them]) => [
        made("p.near", said(words[head], { it: them[0].role })),
        this.nearOnes(query, them),
      ]),
      ...branches.map((inside, at) => [
        branches.length > 1 && made("p", said(words.branch, { n: at + 1 })),
        this.findings(query, inside),
      ]),
    );
  }

  verdict({ kind, count, alone }: Finding) {
    const { words } = this;
    if (alone) return words.dead_alone;
    if (kind !== "removed") return words[kind];
    if (count === null || count === undefined) return words.removed_unknown;
    return count >= COUNTED ? said(words.removed_many, { n: number(count) }) : counted(words, "removed", count);
  }

  nearOnes(query: string, them: Near[]) {
    const items = them.map(({ term, text, n, at, way }) => {
      const name = this.names.of(term.value)?.label;
      const shown = cut(text);
      const apply = () =>
        at && this.say(this.editor.replace(query, at, text) ? this.words.applied : this.words.changed);
      const canApply = at && (way !== "instead" || !them[0].role.startsWith("?"));
      return made(
        "li",
        made("code", shown),
        name && ` ${name}`,
        ` · ${counted(this.words, "times", n)}`,
        canApply && [
          " ",
          made("button", { type: "button", class: "as-link", onclick: apply }, said(this.words.apply, { it: shown })),
        ],
      );
    });
    return made("ul.plain", items);
  }

  counts(query: string, patterns: Counted[]) {
    const rows = patterns.map(({ element, n }) => [
      made("td", this.pattern(query, element)),
      made("td.number", n === null ? this.words.uncounted : number(n)),
    ]);
    return tableOf([this.words.pattern, this.words.matches], rows, this.words.patterns);
  }

  /** Returns a pattern that, when pressed, is selected in the query. */
  pattern(query: string, element: Place & { text: string; shown?: string }) {
    const text = cut((element.shown ?? element.text).replace(/\s+/g, " "));
    const select = () => this.editor.select(query, element) || this.say(this.words.changed);
    const label = said(this.words.select, { it: text });
    return made(
      "button",
      { type: "button", class: "as-link", "aria-label": label, onclick: select },
      made("code", text),
    );
  }
}

const headOf = ({ way, role }: Near) =>
  way === "instead" ? `near_${role.startsWith("?") ? "variable" : role}` : `near_${way}`;

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Returns values by what heads them. */
function grouped(all: Near[]) {
  const groups = new Map<string, Near[]>();
  for (const it of all) groups.set(headOf(it), [...(groups.get(headOf(it)) ?? []), it]);
  return [...groups];
}

function thingsOf({ near = [], branches = [] }: Finding): string[] {
  return [
    ...near.filter(({ term }) => term.type === "uri").map(({ term }) => term.value),
    ...branches.flat().flatMap(thingsOf),
  ];
}
