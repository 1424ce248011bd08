// What a list of an edition is narrowed by, as the service would show it: a form, and the choices with the way back.
import { said } from "../base/words.js";
import { made } from "./narrowed_rows.js";

/** @typedef {import("./facets.js").ShownFacet} ShownFacet */
/** @typedef {import("./facets.js").Option} Option */

/** @param {number} n */
export const number = (n) => n.toLocaleString(document.documentElement.lang, { useGrouping: "min2" });

/**
 * Returns the words for a number of things.
 * @param {{one?: string, other?: string}} words
 * @param {number} n
 */
export function counted({ one = "", other = "" }, n) {
  const isSingular = n === 1 || (n === 0 && document.documentElement.lang === "fr");
  return said(isSingular ? one : other, { n: number(n) });
}

/**
 * Returns the fields of the form.
 * @param {ShownFacet[]} facets
 * @param {Words} words
 * @param {Words} how the words of certainties
 */
export function fields(facets, words, how) {
  return facets.map((it) => {
    const name = nameOf(it);
    const inside = options(it, words, how);
    if (!it.isFolded) return made("fieldset", {}, made("legend", {}, ...name), ...inside);
    const folded = made("fieldset", {}, made("legend", { className: "unseen" }, ...nameOf(it)), ...inside);
    return kept(it.facet.name, "folded", name, [folded]);
  });
}

/**
 * @param {ShownFacet} shown
 * @param {Words} words
 * @param {Words} how
 */
function options({ facet, first, rest, hidden }, words, how) {
  /** @type {HTMLElement[]} */
  const parts = first.map((it) => option(facet.name, it, words, how));
  if (rest.length) {
    const summary = [counted({ one: words.rest_one, other: words.rest_other }, rest.length)];
    const of = made("span", { className: "unseen" }, ` — ${facet.text}`);
    const inside = rest.map((it) => option(facet.name, it, words, how));
    parts.push(kept(`rest-${facet.name}`, "", [...summary, of], inside));
  }
  if (hidden) {
    const more = said(words.more_facet, { n: number(hidden) });
    parts.push(made("p", { className: "small soft", textContent: more }));
  }
  return parts;
}

/**
 * @param {string} name
 * @param {Option} option
 * @param {Words} words
 * @param {Words} how
 */
function option(name, { value, things, isChosen }, words, how) {
  const box = made("input", { type: "checkbox", name, value: value.key, checked: isChosen });
  const of = made("span", { className: "unseen" }, ` ${counted({ one: words.of_one, other: words.of_other }, things)}`);
  return made(
    "label",
    { className: "choice" },
    box,
    " ",
    made("span", { className: "choice-name" }, valueOf(value, how)),
    " ",
    made("span", { className: "soft" }, number(things), of),
  );
}

/**
 * @param {string} name
 * @param {string} className
 * @param {(Node | string)[]} summary
 * @param {Node[]} content
 */
function kept(name, className, summary, content) {
  const details = made("details", { className }, made("summary", {}, ...summary), ...content);
  details.dataset.kept = name;
  return details;
}

/** @param {ShownFacet} shown */
const nameOf = ({ facet }) => [facet.lang ? made("span", { lang: facet.lang }, facet.text) : facet.text];

/**
 * Returns what a value is called: a certainty with its stroke, another one in its language.
 * @param {import("./facets.js").IndexedValue} value
 * @param {Words} how
 */
function valueOf({ how: name, text, lang }, how) {
  if (name) return signOf(name, how);
  return lang ? made("span", { lang }, text) : text;
}

/**
 * Returns a certainty as pages show it.
 * @param {string} name
 * @param {Words} how the words of certainties
 */
export function signOf(name, how) {
  const stroke = made("span", { className: "stroke", ariaHidden: "true" });
  return made("span", { className: `how how-${name}` }, stroke, how[name] ?? name);
}

/**
 * Returns what is chosen, each with the address of the list without it, and the way to all of the list.
 * @param {ShownFacet[]} facets
 * @param {string} clear the address of the whole list
 * @param {Words} words
 * @param {Words} how
 */
export function pills(facets, clear, words, how) {
  const pairs = facets.flatMap((it) =>
    it.first.filter((option) => option.isChosen).map((option) => ({ it, value: option.value })),
  );
  const items = pairs.map(({ it, value }) => {
    const left = pairs.filter((other) => other.value !== value || other.it !== it);
    const asked = new URLSearchParams(left.map((other) => [other.it.facet.name, other.value.key]));
    const cross = made("span", {}, "×");
    cross.setAttribute("aria-hidden", "true");
    const content = [
      made("span", { className: "unseen" }, `${words.remove} `),
      ...nameOf(it),
      colon(),
      valueOf(value, how),
    ];
    return made("li", {}, made("a", { href: left.length ? `?${asked}` : clear }, ...content, " ", cross));
  });
  const all = made("li", {}, made("a", { href: clear }, words.clear));
  const list = made("ul", { className: "pills chosen-pills", ariaLabel: words.chosen }, ...items, all);
  return items.length ? [list] : [];
}

const colon = () => (document.documentElement.lang === "fr" ? "\u00a0: " : ": ");
