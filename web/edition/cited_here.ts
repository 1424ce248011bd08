// The citation of a page of an edition under choices that are made here: its title names them, its address has them.

/** What each part of the citation says of the page without choices. */
const whole = new Map<Element, string>();

/**
 * Has the page cited with what is chosen; without values as it was published.
 * @param values what the chosen values are called
 * @param search of the address
 */
export function cite(values: string[], search: string) {
  const place = document.querySelector("section.cite");
  const address = place?.querySelector("[data-citation=address]");
  if (!place || !address) return;
  const there = before(address, address.textContent ?? "");
  const here = values.length ? new URL(search, there).href : there;
  const named = values.length ? ` — ${values.join(", ")}` : "";
  const moved = (text: string) => (values.length ? text.split(there).join(here) : text);
  address.textContent = here;
  for (const it of place.querySelectorAll("[data-citation=line] bdi"))
    it.textContent = before(it, it.textContent ?? "") + named;
  for (const it of place.querySelectorAll("[data-citation=markdown]"))
    it.textContent = moved(before(it, it.textContent ?? "")).replace("](", () => `${inMarkdown(named)}](`);
  for (const it of place.querySelectorAll("[data-citation=bibtex]"))
    it.textContent = inBibtex(moved(before(it, it.textContent ?? "")), named);
  for (const it of place.querySelectorAll(".Z3988") as NodeListOf<HTMLElement>) {
    const said = new URLSearchParams(before(it, it.title));
    said.set("rft_id", here);
    said.set("rft.title", `${said.get("rft.title")}${named}`);
    it.title = String(said).replaceAll("+", "%20");
  }
  for (const it of place.querySelectorAll("a[href^='data:']") as NodeListOf<HTMLAnchorElement>) {
    const [head, ...rest] = before(it, it.href).split(",");
    const text = moved(decodeURIComponent(rest.join(",")));
    const written = named ? inForm(text, named) : text;
    it.href = `${head},${encodeURIComponent(written)}`;
  }
}

function before(part: Element, text: string) {
  if (!whole.has(part)) whole.set(part, text);
  return whole.get(part) ?? text;
}

/** Returns a citation in the form that it has with what is chosen in its title and its key. */
function inForm(text: string, named: string) {
  if (text.startsWith("@")) return inBibtex(text, named);
  if (text.startsWith("["))
    return `${JSON.stringify(
      JSON.parse(text).map((it: any) => ({ ...it, id: it.id + keyOf(named), title: it.title + named })),
      null,
      2,
    )}\n`;
  return text
    .replace(/^(TI {2}- .*?)(\r?)$/m, `$1${named.replaceAll("$", "$$$$")}$2`)
    .replace(/^(ID {2}- .*?)(\r?)$/m, `$1${keyOf(named)}$2`);
}

const inBibtex = (text: string, named: string) =>
  text
    .replace(/^(@\w+\{[^,]*)/, (key) => key + keyOf(named))
    .replace(/^( *title = \{\{.*)\}\}/m, (_, title) => `${title}${inLatex(named)}}}`);

const inLatex = (text: string) => text.replace(/[\\{}~^]/g, " ").replace(/[$&%#_]/g, (it) => `\\${it}`);

const inMarkdown = (text: string) => text.replace(/[\\`*_[\]<>|~#&!$]/g, (it) => `\\${it}`);

const keyOf = (text: string) => {
  const plain = text
    .normalize("NFKD")
    .replace(/[^\x20-\x7e]/g, "")
    .toLowerCase();
  const words = plain.match(/[a-z0-9]+/g);
  return words ? `-${words.join("-")}` : "";
};
