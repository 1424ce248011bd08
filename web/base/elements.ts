// Elements: those that a page brings in its templates, by the names that it gives them (a page that lacks one has a fault, and no
// script can do without), and those that are made: texts are never read as HTML.

/** Returns a copy of what a template of the page holds. */
export const copyOf = (id: string) => {
  const template = document.getElementById(id) as HTMLTemplateElement;
  return template.content.cloneNode(true) as DocumentFragment;
};

/**
 * Returns the parts of what a page holds, by what they are called in a data attribute.
 * @param key of their `dataset`
 */
export const partsIn = (root: ParentNode, key: string): Parts => {
  const attribute = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const found = root.querySelectorAll(`[data-${attribute}]`) as NodeListOf<Part>;
  return Object.fromEntries([...found].map((part) => [part.dataset[key], part]));
};

/** Returns the first part that a selector finds. */
export const one = <T extends Element = HTMLElement>(root: ParentNode, selector: string) =>
  root.querySelector(selector) as T;

type Tag = keyof HTMLElementTagNameMap;
type TagOf<Name> = Name extends `${infer T extends Tag}.${string}` ? T : Name extends Tag ? Name : never;
type Content = Node | string | number | false | null | undefined | Content[];

/** Returns an element: `tag.class.class`, the attributes and listeners (`on…`) that it has, and what stands in it. */
export function made<Name extends Tag | `${Tag}.${string}`>(
  name: Name,
  ...rest: (Content | Record<string, unknown>)[]
) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag) as HTMLElementTagNameMap[TagOf<Name>];
  if (classes.length) element.className = classes.join(" ");
  const [attributes] = rest;
  if (isPlain(attributes)) {
    rest.shift();
    for (const [name, value] of Object.entries(attributes))
      if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  fill(element, ...(rest as Content[]));
  return element;
}

const isPlain = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !(it instanceof Node) && !Array.isArray(it);

/** Has an element hold something, and nothing else. */
export const fill = (element: Element, ...content: Content[]) => element.replaceChildren(...nodesOf(content));

const nodesOf = (content: Content[]): (Node | string)[] =>
  content.flatMap((it) => {
    if (Array.isArray(it)) return nodesOf(it);
    return it === false || it === null || it === undefined ? [] : [it instanceof Node ? it : String(it)];
  });

/** Returns the sign of a kind. */
export const sign = (kind: string | undefined) =>
  kind ? made("span", { class: `shape shape-${kind}`, "aria-hidden": "true" }) : null;

/**
 * Returns a certainty as pages show it: its bars and its word.
 * @param quietly whether the word is read aloud alone, and shown to who points at the bars
 */
export function certainty(name: string, word: string, quietly = false) {
  const bars = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  bars.setAttribute("class", "bars");
  bars.setAttribute("aria-hidden", "true");
  bars.append(document.createElementNS(bars.namespaceURI, "use"));
  bars.firstElementChild?.setAttribute("href", `#bars-${name}`);
  return made("span.certainty", { title: quietly && word }, bars, quietly ? made("span.unseen", word) : word);
}

export const key = (key: string) => made("kbd", key);

/** Returns a table of rows of cells. */
export const tableOf = (heads: Content[], rows: HTMLTableCellElement[][], caption?: string) =>
  made(
    "table",
    caption ? made("caption", caption) : null,
    made("thead", made("tr", ...heads.map((it) => made("th", { scope: "col" }, it)))),
    made("tbody", ...rows.map((cells) => made("tr", ...cells))),
  );

/** Saves a file that the page itself made under a name. */
export function save(file: Blob, name: string) {
  const link = made("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
