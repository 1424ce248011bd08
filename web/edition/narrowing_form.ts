// What a list of an edition is narrowed by, as the service would show it: a form, and the choices with the way back.
import { certainty, made } from "../base/elements.ts";
import { said } from "../base/words.ts";
import type { IndexedValue, Option, ShownFacet } from "./facets.ts";

export const number = (n: number) => n.toLocaleString(document.documentElement.lang, { useGrouping: "min2" });

/** Returns the words for a number of things. */
export function counted({ one = "", other = "" }: { one?: string; other?: string }, n: number) {
  const isSingular = n === 1 || (n === 0 && document.documentElement.lang === "fr");
  return said(isSingular ? one : other, { n: number(n) });
}

/**
 * Returns the fields of the form.
 * @param how the words of certainties
 */
export function fields(facets: ShownFacet[], words: Words, how: Words) {
  return facets.map((it) => {
    const name = nameOf(it);
    const inside = options(it, words, how);
    if (!it.isFolded) return made("fieldset", made("legend", ...name), ...inside);
    const folded = made("fieldset", made("legend.unseen", ...nameOf(it)), ...inside);
    return kept(it.facet.name, "folded", name, [folded]);
  });
}

function options({ facet, first, rest, hidden }: ShownFacet, words: Words, how: Words) {
  const parts: HTMLElement[] = first.map((it) => option(facet.name, it, words, how));
  if (rest.length) {
    const summary = [counted({ one: words.rest_one, other: words.rest_other }, rest.length)];
    const of = made("span.unseen", ` — ${facet.text}`);
    const inside = rest.map((it) => option(facet.name, it, words, how));
    parts.push(kept(`rest-${facet.name}`, "", [...summary, of], inside));
  }
  if (hidden) {
    const more = said(words.more_facet, { n: number(hidden) });
    parts.push(made("p.small.soft", more));
  }
  return parts;
}

function option(name: string, { value, things, isChosen }: Option, words: Words, how: Words) {
  const box = made("input", { type: "checkbox", name, value: value.key, checked: isChosen });
  const of = made("span.unseen", ` ${counted({ one: words.of_one, other: words.of_other }, things)}`);
  return made(
    "label.choice",
    box,
    " ",
    made("span.choice-name", valueOf(value, how)),
    " ",
    made("span.soft", number(things), of),
  );
}

function kept(name: string, className: string, summary: (Node | string)[], content: Node[]) {
  return made("details", { class: className || null, "data-kept": name }, made("summary", ...summary), ...content);
}

const nameOf = ({ facet }: ShownFacet) => [facet.lang ? made("span", { lang: facet.lang }, facet.text) : facet.text];

/** Returns what a value is called: a certainty with its bars, another one in its language. */
function valueOf({ how: name, text, lang }: IndexedValue, how: Words) {
  if (name) return certainty(name, how[name] ?? name);
  return lang ? made("span", { lang }, text) : text;
}

/**
 * Returns what is chosen, each with the address of the list without it, and the way to all of the list.
 * @param clear the address of the whole list
 */
export function pills(facets: ShownFacet[], clear: string, words: Words, how: Words) {
  const pairs = facets.flatMap((it) =>
    it.first.filter((option) => option.isChosen).map((option) => ({ it, value: option.value })),
  );
  const items = pairs.map(({ it, value }) => {
    const left = pairs.filter((other) => other.value !== value || other.it !== it);
    const asked = new URLSearchParams(left.map((other) => [other.it.facet.name, other.value.key]));
    const cross = made("span", { "aria-hidden": "true" }, "×");
    const content = [made("span.unseen", `${words.remove} `), ...nameOf(it), colon(), valueOf(value, how)];
    return made("li", made("a", { href: left.length ? `?${asked}` : clear }, ...content, " ", cross));
  });
  const all = made("li", made("a", { href: clear }, words.clear));
  const list = made("ul", { class: "pills chosen-pills", "aria-label": words.chosen }, ...items, all);
  return items.length ? [list] : [];
}

const colon = () => (document.documentElement.lang === "fr" ? "\u00a0: " : ": ");
