// How an answer is cited: asked of the server once it is wanted, under a title that can be changed.

/**
 * Fills the citation of an answer when its part is opened, and again when the title changes.
 * @param {HTMLDetailsElement} place
 * @param {string} query
 */
export function citing(place, query) {
  const part = (name) => place.querySelector(`[data-cite="${name}"]`);
  const [title, said, text, bibtex] = ["title", "said", "txt", "bib"].map(part);
  const links = [...place.querySelectorAll("[data-cite-file]")];
  let made = [];
  const fill = async () => {
    const { files, title: titled } = await asked(place.dataset.address, query, title.value);
    title.value = titled;
    said.textContent = "";
    text.textContent = files.txt;
    bibtex.textContent = files.bib;
    part("files").hidden = false;
    made.forEach((address) => URL.revokeObjectURL(address));
    made = links.map((link) => (link.href = URL.createObjectURL(new Blob([files[link.dataset.citeFile]]))));
  };
  const tell = () => fill().catch(() => (said.textContent = place.dataset.failed));
  title.addEventListener("change", tell);
  place.addEventListener("toggle", () => place.open && !made.length && tell());
}

async function asked(address, query, title) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ query, title }) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
