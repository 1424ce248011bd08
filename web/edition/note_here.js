// The evidence of a claim in an edition, shown beside its link: what the file of its note says first.

/**
 * Returns what a note says in short, its links as from where it lies; nothing where the page is no note.
 * @param {Document} page
 * @param {URL} address of the file
 */
export function shortened(page, address) {
  const note = page.querySelector(".note article");
  const claim = note?.querySelector("h1");
  if (!note || !claim) return null;
  const told = page.createElement("div");
  const title = Object.assign(page.createElement("p"), { className: "drawer-claim" });
  title.append(...claim.childNodes);
  const verdict = page.createElement("p");
  verdict.append(...(note.querySelector(":scope > .note-verdict")?.childNodes ?? []));
  const reasons = note.querySelectorAll(":scope > section[aria-labelledby^=reason-]");
  const [way, ways] = [page.createElement("a"), page.createElement("p")];
  Object.assign(way, { href: address.pathname, textContent: note.querySelector(".kicker")?.textContent });
  ways.className = "drawer-ways";
  ways.append(way);
  told.append(title, verdict, ...reasons, ways);
  for (const link of told.querySelectorAll("a")) link.href = new URL(link.getAttribute("href") ?? "", address).href;
  // The page that the note comes into has names of its own.
  for (const named of told.querySelectorAll("[id], [aria-labelledby]"))
    for (const name of ["id", "aria-labelledby"]) named.removeAttribute(name);
  return told;
}
