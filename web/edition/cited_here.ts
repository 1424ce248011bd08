// The citation of a page of an edition under choices that are made here: its title names them, its address has them.

/** What each part of the citation says of the page without choices. */
const whole = new Map<Element, string>();

/**
 * Has the page cited with what is chosen; without a title as it was published.
 * @param titled returns the title under the choices
 * @param search of the address
 */
export function cite(titled: ((whole: string) => string) | null, search: string) {
  const place = document.querySelector("section.cite");
  const address = place?.querySelector("[data-citation=address]");
  const line = place?.querySelector("[data-citation=line] bdi");
  if (!place || !address || !line) return;
  const [there, title] = [before(address, address.textContent ?? ""), before(line, line.textContent ?? "")];
  const here = titled ? new URL(search, there).href : there;
  const named = titled ? titled(title) : title;
  const moved = (text: string) => (titled ? text.split(there).join(here) : text);
  const inForm = (text: string) => (titled ? retitled(moved(text), title, named) : text);
  address.textContent = here;
  line.textContent = titled ? withinQuotes(named) : title;
  for (const it of place.querySelectorAll("[data-citation=markdown]"))
    it.textContent = moved(before(it, it.textContent ?? "")).replace(/\[.*\]\(/, (old) =>
      titled ? `[${inMarkdown(withinQuotes(named))}](` : old,
    );
  for (const it of place.querySelectorAll("[data-citation=bibtex]"))
    it.textContent = inForm(before(it, it.textContent ?? ""));
  for (const it of place.querySelectorAll(".Z3988") as NodeListOf<HTMLElement>) {
    const said = new URLSearchParams(before(it, it.title));
    said.set("rft_id", here);
    said.set("rft.title", named);
    it.title = String(said).replaceAll("+", "%20");
  }
  for (const it of place.querySelectorAll("a[href^='data:']") as NodeListOf<HTMLAnchorElement>) {
    const [head, ...rest] = before(it, it.href).split(",");
    it.href = `${head},${encodeURIComponent(inForm(decodeURIComponent(rest.join(","))))}`;
  }
}

/** Returns a text as it stands between quotation marks: its own are those of the second rank. */
const withinQuotes = (text: string) =>
  document.documentElement.lang === "fr"
    ? text.replace(/«\s*([^«»]*?)\s*»/g, "“$1”")
    : text.replace(/“([^“”]*)”/g, "‘$1’");

function before(part: Element, text: string) {
  if (!whole.has(part)) whole.set(part, text);
  return whole.get(part) ?? text;
}

/** Returns a citation with another title, which its key ends with. */
function retitled(text: string, title: string, named: string) {
  const rekeyed = (key: string) => key.replace(keyOf(title), keyOf(named));
  if (text.startsWith("["))
    return `${JSON.stringify(
      JSON.parse(text).map((it: any) => ({ ...it, id: rekeyed(it.id), title: named })),
      null,
      2,
    )}\n`;
  return text
    .replace(/^(@\w+\{)([^,]*)/, (_, head, key) => head + rekeyed(key))
    .replace(/^( *title = \{\{).*\}\}/m, (_, head) => `${head}${inLatex(named)}}}`)
    .replace(/^(TI {2}- ).*?(\r?)$/m, (_, head, end) => head + named + end)
    .replace(/^(ID {2}- )(.*?)(\r?)$/m, (_, head, key, end) => head + rekeyed(key) + end);
}

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
