// The builder of questions: its sentence, count and answer follow the form while one fills it in.
const form = document.querySelector("form[data-builder]") as HTMLFormElement;
const PAUSE = 250;
/** The buttons that send the form for something else than its answer. */
const CHANGE = ".adding button, [name=drop]";
let isAsked = false;
let asked = form ? filled() : "";
let waiting: ReturnType<typeof setTimeout> | undefined;
let running: AbortController | undefined;

if (form) {
  for (const event of ["change", "focusout"]) form.addEventListener(event, soon);
  form.addEventListener("submit", ({ submitter }) => (isAsked = !submitter?.matches(CHANGE)));
  form.addEventListener("formdata", ({ formData }) => {
    const fields = form.querySelectorAll("[role=combobox]") as NodeListOf<HTMLInputElement>;
    for (const field of fields) settle(formData, field);
    isAsked = false;
  });
}

/** Has the data hold what a field names. A word that names nothing yet is no value, unless the reader asks with it: then the page says what is near. */
function settle(data: FormData, { name, value, dataset }: HTMLInputElement) {
  if (!value || (isAsked && !dataset.names)) return;
  const values = data.getAll(name);
  values.splice(values.indexOf(value), 1, ...(dataset.names ? [dataset.names] : []));
  data.delete(name);
  for (const it of values) data.append(name, it);
}

/** Returns what the form would send. */
function filled() {
  return new URLSearchParams([...new FormData(form)] as [string, string][]).toString();
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
}

/** Asks for the page of what the form holds, and shows those parts of it that follow. */
async function refresh() {
  const now = filled();
  if (now === asked) return;
  asked = now;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  try {
    const answer = await fetch(`${form.action}?${now}`, { signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    for (const part of document.querySelectorAll("[data-follows]") as NodeListOf<HTMLElement>) {
      const other = page.querySelector(`[data-follows="${part.dataset.follows}"]`);
      if (other) part.replaceChildren(...other.childNodes);
      else asked = "";
    }
    if (answer.ok) history.replaceState(null, "", answer.url);
  } catch {
    // The form still sends itself, and what comes next asks again.
    if (!signal.aborted) asked = "";
  }
}
