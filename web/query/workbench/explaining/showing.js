// Explanations as they are read: findings with the patterns that they are about, and what to write instead.
import { said } from "../../../base/words.js";
import { COUNTED, opaque, whyEmpty } from "./empty.js";
import { written } from "./near.js";
import { factsOf } from "./origin.js";
import { whySlow } from "./slow.js";
import { BUDGET, Within } from "./within.js";

const LONGEST = 300;

/**
 * @typedef {import("./empty.js").Finding} Finding
 * @typedef {import("./near.js").Near} Near
 */

export class Showing {
  /**
   * @param {import("../explanations.js").Explanations} of
   * @param {HTMLElement} place
   * @param {(text: string) => void} say
   */
  constructor({ told, names, editor, words }, place, say) {
    this.addresses = told;
    this.names = names;
    this.editor = editor;
    this.words = words;
    this.place = place;
    this.say = say;
  }

  /** @param {AbortSignal} signal */
  within(signal) {
    return new Within(this.addresses, { signal });
  }

  /**
   * Shows what empties the answer; returns what is to be said, if not everything went well.
   * @param {string} query
   * @param {AbortSignal} signal
   */
  async empty(query, signal) {
    const { findings, spent } = await whyEmpty(query, this.within(signal));
    await this.names.want(findings.flatMap(thingsOf));
    this.place.replaceChildren(this.findings(query, findings));
    return this.ending(spent);
  }

  /**
   * @param {string} query
   * @param {AbortSignal} signal
   * @param {{seconds?: number, limit?: number}} how
   */
  async slow(query, signal, { seconds, limit }) {
    const { patterns, hints, spent } = await whySlow(query, this.within(signal));
    const { words } = this;
    const times = [
      seconds !== undefined && said(words.time, { s: this.number(seconds) }),
      limit && said(words.limit, { s: this.number(limit) }),
    ].filter(Boolean);
    const list = make("ul", { className: "plain" });
    for (const { kind, element, elements } of hints) {
      const item = make("li", {}, words[`hint_${kind}`]);
      for (const it of elements ?? (element ? [element] : [])) item.append(" ", this.pattern(query, it));
      list.append(item);
    }
    if (!hints.length) list.append(make("li", {}, words.no_hints));
    this.place.replaceChildren(
      ...(times.length ? [make("p", {}, times.join(" "))] : []),
      list,
      ...(patterns.length ? [this.counts(query, patterns)] : []),
    );
    return this.ending(spent);
  }

  /**
   * @param {string} query
   * @param {Row} row
   * @param {AbortSignal} signal
   */
  async origin(query, row, signal) {
    const { facts, cannot, spent } = await factsOf(query, row, this.within(signal));
    if (spent) return this.ending(spent);
    return this.holders(facts, cannot, signal);
  }

  /**
   * Shows who says a triple.
   * @param {Row} row
   * @param {AbortSignal} signal
   */
  async origins(row, signal) {
    const terms = Object.values(row);
    const isFact = terms.every((term) => term?.type === "uri" || term?.type === "literal");
    const fact = terms.map((term) => term && term.type !== "triple" && written(term, { text: "" }));
    return this.holders(isFact ? [`${fact.join(" ")} .`] : [], new Set(isFact ? [] : ["unnamed"]), signal);
  }

  /**
   * Shows who says some facts, and what cannot be told.
   * @param {string[]} facts
   * @param {Set<string>} cannot
   * @param {AbortSignal} signal
   */
  async holders(facts, cannot, signal) {
    const answer = await fetch(this.addresses.origin, {
      method: "POST",
      body: new URLSearchParams({ facts: facts.join("\n") }),
      signal,
    });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const notes = [...cannot].map((it) => make("p", { className: "small soft" }, this.words[`cannot_${it}`]));
    this.place.replaceChildren(...page.body.childNodes, ...notes);
    return this.ending(false);
  }

  /** @param {boolean} spent */
  ending(spent) {
    return spent ? said(this.words.spent, { s: BUDGET / 1000 }) : undefined;
  }

  /**
   * @param {string} query
   * @param {Finding[]} findings
   */
  findings(query, findings) {
    const { words } = this;
    const list = make("ul", { className: "findings" });
    for (const finding of findings) list.append(this.finding(query, finding));
    const rest = findings.find((it) => it.rest)?.rest;
    if (!rest) return list;
    const made = make("div");
    made.append(list, make("p", { className: "small soft" }, words[`rest_${rest}`]));
    return made;
  }

  /**
   * @param {string} query
   * @param {Finding} finding
   */
  finding(query, finding) {
    const { words } = this;
    const { kind, element, near = [], branches = [] } = finding;
    const item = make("li");
    if (!element) return (item.append(words[kind]), item);
    const named = words[`kind_${element.path ? "path" : (element.kind ?? "clause")}`];
    // What begins with its own word needs none of ours.
    item.append(
      named && !/^filter\b/i.test(element.shown ?? "") ? `${named} ` : "",
      this.pattern(query, element),
      ` ${this.verdict(finding)}`,
    );
    if (finding.also?.length) item.append(` ${plural(words, "removed_also", finding.also.length)}`);
    if (opaque(element)) item.append(make("p", { className: "small soft" }, words[`opaque_${opaque(element)}`]));
    for (const [head, them] of grouped(near, headOf))
      item.append(
        make("p", { className: "near" }, said(words[head], { it: them[0].role })),
        this.nearOnes(query, them),
      );
    branches.forEach((inside, at) => {
      if (branches.length > 1) item.append(make("p", {}, said(words.branch, { n: at + 1 })));
      item.append(this.findings(query, inside));
    });
    return item;
  }

  /** @param {Finding} it */
  verdict({ kind, count, alone }) {
    const { words } = this;
    if (alone) return words.dead_alone;
    if (kind !== "removed") return words[kind];
    if (count === null || count === undefined) return words.removed_unknown;
    return count >= COUNTED
      ? said(words.removed_many, { n: this.number(count) })
      : plural(words, "removed", count, this.number(count));
  }

  /**
   * @param {string} query
   * @param {Near[]} them
   */
  nearOnes(query, them) {
    const list = make("ul", { className: "plain" });
    for (const { term, text, n, at, way } of them) {
      const item = make("li");
      const name = this.names.of(term.value)?.label;
      const shown = cut(text);
      item.append(
        make("code", {}, shown),
        name ? ` ${name}` : "",
        ` · ${plural(this.words, "times", n, this.number(n))}`,
      );
      if (at && term.type !== "bnode" && (way !== "instead" || !them[0].role.startsWith("?"))) {
        const button = make("button", { type: "button", className: "as-link" }, said(this.words.apply, { it: shown }));
        button.addEventListener("click", () =>
          this.say(this.editor.replace(query, at, text) ? this.words.applied : this.words.changed),
        );
        item.append(" ", button);
      }
      list.append(item);
    }
    return list;
  }

  /**
   * @param {string} query
   * @param {import("./slow.js").Counted[]} patterns
   */
  counts(query, patterns) {
    const table = document.createElement("table");
    table.append(make("caption", {}, this.words.patterns));
    const head = table.createTHead().insertRow();
    for (const key of ["pattern", "matches"]) head.append(make("th", { scope: "col" }, this.words[key]));
    const body = table.createTBody();
    for (const { element, n } of patterns) {
      const row = body.insertRow();
      row.insertCell().append(this.pattern(query, element));
      const cell = row.insertCell();
      cell.className = "number";
      cell.textContent = n === null ? this.words.uncounted : this.number(n);
    }
    return table;
  }

  /**
   * Returns a pattern that, when pressed, is selected in the query.
   * @param {string} query
   * @param {Place & {text: string, shown?: string}} element
   */
  pattern(query, element) {
    const text = cut((element.shown ?? element.text).replace(/\s+/g, " "));
    const button = make("button", { type: "button", className: "as-link" });
    button.append(make("code", {}, text));
    button.setAttribute("aria-label", said(this.words.select, { it: text }));
    button.addEventListener("click", () => this.editor.select(query, element) || this.say(this.words.changed));
    return button;
  }

  /** @param {number} n */
  number(n) {
    return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 }).format(n);
  }
}

/** @param {Near} it */
const headOf = ({ way, role }) =>
  way === "instead" ? `near_${role.startsWith("?") ? "variable" : role}` : `near_${way}`;

/** @param {string} text */
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/**
 * @param {Words} words
 * @param {string} key
 * @param {number} n
 * @param {string | number=} shown
 */
function plural(words, key, n, shown = n) {
  const alone = n === 1 || (n === 0 && document.documentElement.lang === "fr");
  return said(words[`${key}_${alone ? "one" : "other"}`], { n: shown });
}

/**
 * @param {Near[]} all
 * @param {(it: Near) => string} keyOf
 */
function grouped(all, keyOf) {
  const groups = new Map();
  for (const it of all) groups.set(keyOf(it), [...(groups.get(keyOf(it)) ?? []), it]);
  return groups;
}

/**
 * @param {Finding} it
 * @returns {string[]}
 */
function thingsOf({ near = [], branches = [] }) {
  return [
    ...near.filter(({ term }) => term.type === "uri").map(({ term }) => term.value),
    ...branches.flat().flatMap(thingsOf),
  ];
}

/**
 * @param {string} name
 * @param {object=} properties
 */
function make(name, properties = {}, text = "") {
  const made = Object.assign(document.createElement(name), properties);
  if (text) made.textContent = text;
  return made;
}
