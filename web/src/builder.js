// The builder of questions: its sentence, count and answer follow the form while one fills it in.
const form = document.querySelector("form[data-builder]");
const PAUSE = 250;
let asked = form ? filled() : "";
let waiting, running;

if (form) for (const event of ["change", "focusout"]) form.addEventListener(event, soon);

/** Returns what the form would send. */
function filled() {
  return new URLSearchParams(new FormData(form)).toString();
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
}

/** Tells whether somebody is among the proposals of a field: what it holds is half written, and leaving it is another event. */
function isChoosing() {
  return Boolean(document.activeElement?.closest(".suggests")?.querySelector("[aria-expanded=true]"));
}

/** Asks for the page of what the form holds, and shows those parts of it that follow. */
async function refresh() {
  const now = filled();
  if (now === asked || isChoosing()) return;
  asked = now;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  try {
    const answer = await fetch(`${form.action}?${now}`, { signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    for (const part of document.querySelectorAll("[data-follows]")) {
      const other = page.querySelector(`[data-follows="${part.dataset.follows}"]`);
      if (other) part.replaceChildren(...other.childNodes);
    }
    if (answer.ok) history.replaceState(null, "", answer.url);
  } catch {
    // The form still sends itself.
  }
}
