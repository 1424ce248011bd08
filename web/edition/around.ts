// What stands around the rows of a narrowed list, as on a server: what it leaves out and who else has what is asked, or
// why it has none.
import { made, one } from "../base/elements.ts";
import { counted, number, said, words as wordsOf } from "../base/words.ts";

import { Facets, type Choices, type ListIndex } from "./facets.ts";
import { prepared } from "./prepared.ts";

const joined = (parts: string[], last: string) =>
  parts.length > 1 ? `${parts.slice(0, -1).join(", ")}${last}${parts.at(-1)}` : parts.join("");

/** Returns the address of some choices, within that of the list. */
export const addressOf = (chosen: Choices) =>
  `?${new URLSearchParams([...chosen].flatMap(([name, keys]) => keys.map((key) => [name, key])))}`;

/** Returns what a list is of, counted. */
const subject = ({ index }: Facets, total: number) => {
  const [things_one, things_other] = index.subject;
  return counted({ things_one, things_other }, "things", total);
};

/** Returns what the title of a server says: how many things of what do what the choices ask. */
export function sentence(facets: Facets, words: Words, chosen: Choices, total: number) {
  const { named, longest } = facets.index;
  const isOne = total === 1 || (total === 0 && document.documentElement.lang === "fr");
  const all = facets.values(chosen).map(({ facet, values }) => {
    let names = values.map((it) => it.said ?? said(words.quotes, { it: it.text }));
    const more = names.length - named + 1;
    if (more > 1) names = [...names.slice(0, named - 1), counted(words, "more_values", more)];
    return said(facet.clause[isOne ? 0 : 1], { it: joined(names, ` ${words.or} `) });
  });
  let { length } = subject(facets, total);
  const past = all.findIndex((it, place) => (length += it.length) > longest && place > 0);
  const clauses = past < 0 ? all : all.slice(0, past);
  const more = all.length - clauses.length;
  const clause = joined(clauses, more ? ", " : ` ${words.and} `);
  return [subject(facets, total), clause, more && counted(words, "more_conditions", more)].filter(Boolean).join(" ");
}

/** Returns which condition leaves nothing, what those before it find, and what is found without each. */
export function whyNone(facets: Facets, chosen: Choices, form: HTMLElement) {
  const words = wordsOf(form, "nothing");
  const count = (some: Choices) => facets.rows(some).length;
  const conditions = facets.values(chosen).map(({ facet: { name }, values }) => {
    const label = one(form, `details[data-kept="${CSS.escape(name)}"] > summary`).textContent;
    const value = values.map((it) => it.text).join(words.or);
    return { name, value, text: `${label}${words.colon} ${value}` };
  });
  const kept = (names: string[]) => new Map([...chosen].filter(([name]) => names.includes(name)));
  const names = conditions.map(({ name }) => name);
  const rung = (n: number, text: string, some: Choices) =>
    made(
      "li",
      made("b", number(n)),
      made("span", text),
      made("a", { href: addressOf(some) }, counted(words, "see", n)),
    );
  const met = [rung(facets.count, form.dataset.of ?? "", new Map())];
  const breaks = names.findIndex((_, at) => !count(kept(names.slice(0, at + 1))));
  for (const [at, { text }] of conditions.slice(0, breaks).entries()) {
    const some = kept(names.slice(0, at + 1));
    met.push(rung(count(some), text, some));
  }
  const alone = kept([names[breaks]]);
  const last = made(
    "li.breaks",
    made("b", "0"),
    made("span", made("strong", conditions[breaks].text), `${words.colon} ${words.stops}`),
    made("a", { href: addressOf(alone) }, counted(words, "alone", count(alone))),
  );
  const without = conditions
    .map(({ name, value }) => ({ value, some: kept(names.filter((it) => it !== name)) }))
    .map((it) => ({ ...it, n: count(it.some) }))
    .filter(({ n }) => n)
    .sort((one, other) => other.n - one.n)
    .map(({ value, some, n }, at) => {
      const text = `${said(words.remove, { name: value })}${words.colon} ${counted(words, "found", n)}`;
      return [made(at ? "a.button.button-line" : "a.button", { href: addressOf(some) }, text), " "];
    });
  return made(
    "div.nothing",
    { "data-narrowed": true },
    made("p.nothing-why", words.conditions),
    made("p.lead", made("strong", words.none), ` ${words.conditions_text}`),
    made("ol.ladder", ...met, last),
    without.length > 0 && made("p.ways-on", ...without),
  );
}

/** Returns how many things a narrowed list leaves out, and which other lists have what is asked. */
export async function foot(facets: Facets, words: Words, chosen: Choices, total: number, address: URL) {
  const others = facets.count - total;
  const left = others ? `${counted(words, "others", others, { things: subject(facets, others) })} ` : "";
  const all = made("a", { href: "?" }, said(words.see_all, { n: number(facets.count) }));
  const links = await elsewhere(facets.index, words, chosen, address);
  const section = (id: string, title: string, content: Node) =>
    made("section", { "aria-labelledby": id }, made("div.hd", made("h2", { id }, title)), content);
  return made(
    "div.list-foot",
    section("not-in", words.not_in, made("p", { "data-narrowed": true }, left, all)),
    links.length > 0 && section("other-way", words.other_way, made("ul.plain", ...links)),
  );
}

/** Returns what lists of other kinds have of what is asked, where they can be asked. */
async function elsewhere({ shared, others }: ListIndex, words: Words, chosen: Choices, address: URL) {
  const asked = [...chosen].filter(([name]) => shared.includes(name));
  if (!asked.length) return [];
  const found = others.map(async (other) => {
    const own = new URL(other, address);
    const facets = new Facets((await prepared(own)) as ListIndex);
    const its = facets.read(asked.flatMap(([name, keys]) => keys.map((key): [string, string] => [name, key]))).chosen;
    const total = its.size === asked.length ? facets.rows(its).length : 0;
    const href = new URL(facets.index.pages[0] + addressOf(its), own).href;
    return total ? made("li", made("a", { href }, sentence(facets, words, its, total))) : null;
  });
  const links = await Promise.all(found.map((it) => it.catch(() => null)));
  return links.filter((it) => it !== null);
}
