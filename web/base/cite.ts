// How a page is cited: the day of reading, which no kept page can hold, and what copies the citation.
import { made, partsIn } from "./elements.ts";
import { said, words } from "./words.ts";

/** Dates in words as the site writes them: 27 November 2026. */
const LOCALES = { en: "en-GB" } as Record<string, string>;

/** Adds the day of reading to a citation, and lets its buttons copy it. */
export function citable(place: HTMLElement) {
  const texts = words(place);
  const { line, accessed, address, markdown, buttons, status, ris } = partsIn(place, "citation");
  const dated = (): string => (accessed.textContent = said(texts.accessed, { day: today() }));

  const forms: Record<string, () => Record<string, string | Promise<Blob>>> = {
    text: () => ({ "text/plain": `${line.textContent}` }),
    word: () => ({ "text/plain": `${line.textContent}`, "text/html": withLink(line, address) }),
    markdown: () => ({ "text/plain": `${markdown.textContent}${dated()}` }),
    zotero: () => ({ "text/plain": reference(ris.href) }),
  };

  dated();
  buttons.classList.add("is-ready");
  buttons.addEventListener("click", async ({ target }) => {
    const form = target instanceof HTMLElement ? target.dataset.copy : undefined;
    if (!form) return;
    dated();
    status.textContent = "";
    try {
      await navigator.clipboard.write([new ClipboardItem(forms[form]())]);
      status.textContent = texts[form];
    } catch {
      // Without TLS, or where the reader forbids it, there is no clipboard for scripts.
      getSelection()?.selectAllChildren(line);
      status.textContent = texts.failed;
    }
  });
}

/** Returns the day in the page's language. */
function today() {
  const { lang } = document.documentElement;
  const day = new Intl.DateTimeFormat(LOCALES[lang] ?? lang, { dateStyle: "long" }).format(new Date());
  return lang === "fr" ? day.replace(/^1 /, "1er ") : day;
}

/** Returns a citation as HTML whose address is a link. */
function withLink(line: HTMLElement, address: HTMLElement) {
  const link = made("a", { href: address.textContent }, address.textContent);
  const copy = line.cloneNode(true) as HTMLElement;
  copy.querySelector("[data-citation=address]")?.replaceWith(link);
  return made("p", { lang: document.documentElement.lang }, ...copy.childNodes).outerHTML;
}

/** Returns the reference as RIS with the day of reading, as Zotero imports it from the clipboard. */
async function reference(address: string) {
  const written = await textAt(address);
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
  const text = written.replace(/(?=^ER {2}- )/m, `Y2  - ${day.join("/")}/\r\n`);
  return new Blob([text], { type: "text/plain" });
}

/** Returns the text of a file; that of an edition stands in the address, and the pages' policy lets nobody fetch it. */
async function textAt(address: string) {
  if (address.startsWith("data:")) return decodeURIComponent(address.slice(address.indexOf(",") + 1));
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}
