// The workbench: its parts, and what each has to do with the others.
import { copyOf, one, partsIn } from "../../base/elements.ts";
import { isHere, queryFile } from "../../base/service.ts";
import { counted, words as wordsOf } from "../../base/words.ts";
import { keepView, permalink, queryOf, showView, viewIn, withQuery } from "./address.ts";
import { Answer } from "./answer.ts";
import { fold } from "../../base/folding.ts";
import { Handle, plainSurface } from "./handle.ts";
import { Names } from "./names.ts";
import type { Ready } from "./ready.ts";
import { Tabs } from "./tabs.ts";

/** An answer that the server took longer for, in seconds, is not asked for again to show it better. */
const SOON = 1;
/** So many milliseconds what can wait waits at most. */
const LATEST = 300;

/** What leads to this page for another certainty or in another language: with the query that is written. */
const OTHER_VIEWS = "a.other-language";

/** Builds the workbench around the form, which goes on by itself where scripts fail. */
export function workbench(place: HTMLElement) {
  const words = wordsOf(place);
  const form: HTMLFormElement = one(place, "form");
  const field: HTMLTextAreaElement = one(form, "[name=query]");
  const written = field.value === field.defaultValue ? undefined : field.value;
  const parts = copyOf("workbench-parts");
  const [fault, keys, spoken, above, below] = ["fault", "keys", "spoken", "above", "below"].map((name) =>
    one(parts, `[data-${name}]`),
  );
  const told = place.dataset as DOMStringMap & Told;
  const names = new Names(told.names);
  let tabs: Tabs; // oxlint-disable-line prefer-const -- what is written in tells it of changes
  const how = {
    run: () => form.requestSubmit(),
    changed: (query: string) => tabs.write(query),
  };
  const handle = new Handle(plainSurface(field, how));
  let coming: Promise<{ layOut: () => Promise<void> }> | undefined;
  // Where it does not come, the text area goes on.
  const edit = () =>
    (coming ??= import("./editor.ts").then(({ editing }) => {
      const { surface, layOut } = editing(field, { words, told, names, fault, keys, spoken, ...how });
      handle.surface = surface;
      return { layOut };
    }));
  const editLater = () => soon(() => edit().catch(() => (coming = undefined)));
  const show = (query: string) => handle.show(query);
  one(above, "[data-format]").addEventListener("click", () => edit().then(({ layOut }) => layOut()));
  tabs = new Tabs([above, below], { query: handle.text(), words, show, spoken });
  form.before(above);
  if (document.getElementById("ready-made"))
    offerReady(form, (query) => {
      tabs.hold(query);
      show(query);
      handle.focus();
    });
  form.after(spoken, below);

  const answers = one(place, "[data-answer]");
  const answer = new Answer(answers, spoken, told, words, handle);
  const answersHere = isHere(told.endpoint);
  const answered = async (query: string) => {
    await answer.ask(query);
    if (answersHere) editLater();
  };
  const open = async (asks: boolean) => {
    const query = await queryOf(window.location.href).catch(() => {
      answer.show((it) => answer.say(it, words.damaged));
    });
    if (query === undefined) {
      show(tabs.kept.query);
      return;
    }
    if (query !== handle.text()) show(query);
    tabs.hold(query);
    if (!asks) return;
    const wanted = viewIn(window.location.href);
    await answered(query);
    showView(answers, wanted);
  };
  const ask = async (query: string) => {
    answered(query);
    const address = await permalink(query, place.dataset.release);
    if (address !== window.location.href) window.history.pushState(null, "", address);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = handle.text();
    if (query.trim()) {
      tabs.note(query);
      ask(query);
    } else handle.focus();
  });
  const list = place.querySelector("[data-question-list]") as HTMLElement | null;
  if (list)
    questionList(list, {
      words,
      run: (query) => {
        tabs.hold(query);
        show(query);
        ask(query);
      },
    });
  for (const link of document.querySelectorAll(OTHER_VIEWS) as NodeListOf<HTMLAnchorElement>)
    link.addEventListener("click", async (event) => {
      const query = handle.text();
      if (!query.trim() || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.location.assign(withQuery(link.href, await permalink(query, place.dataset.release)));
    });
  keepView(answers);
  window.addEventListener("popstate", () => open(true));
  const { took } = answers.dataset;
  // What somebody wrote before the editor came is not taken away.
  if (written !== undefined) tabs.hold(written);
  else open(took ? Number(took) < SOON : window.location.hash !== "" || answersHere);
  field.addEventListener("focus", editLater, { once: true });
  // In an edition the engine comes first, unless somebody writes.
  if (!answersHere || document.activeElement === field) editLater();
}

/** Does something once the browser has nothing else to do, or a moment later. */
function soon(then: () => void) {
  if (window.requestIdleCallback) window.requestIdleCallback(then, { timeout: LATEST });
  else setTimeout(then);
}

/**
 * Puts the button there that opens the ready-made questions; what shows them comes when it is first pressed.
 * @param take what is done with a query that is taken
 */
function offerReady(before: HTMLElement, take: (query: string) => void) {
  const content = copyOf("ready-made");
  const parts = partsIn(content, "ready");
  before.before(content);
  let ready: Promise<Ready> | undefined;
  parts.open.addEventListener("click", async () => {
    ready ??= import("./ready.ts").then(({ Ready }) => new Ready(parts, take));
    (await ready).open();
  });
}

// The ready questions beside the editor: filtered as one writes, taken into the editor and run by a click.

/** Has the list of questions filtered, and a question run where it is; its page is one link further. */
function questionList(list: HTMLElement, { words, run }: { words: Words; run: (query: string) => void }) {
  const links = [...list.querySelectorAll("[data-question]")] as HTMLAnchorElement[];
  const filter = one(list, "[data-question-filter]");
  const [field, count] = [one(filter, "input"), one(filter, "[role=status]")];
  filter.hidden = false;
  field.addEventListener("input", () => {
    const wanted = fold((field as HTMLInputElement).value)
      .split(/\s+/)
      .filter(Boolean);
    let shown = 0;
    for (const link of links) {
      const fits = wanted.every((word) => fold(link.textContent ?? "").includes(word));
      (link.closest("li") as HTMLElement).hidden = !fits;
      shown += Number(fits);
    }
    for (const group of list.querySelectorAll("details")) group.hidden = !group.querySelector("li:not([hidden])");
    count.textContent = wanted.length ? counted(words, "found", shown) : "";
  });
  for (const link of links)
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const query = await queryAt(link.href);
      if (query === undefined) window.location.assign(link.href);
      else {
        for (const other of links) other.removeAttribute("aria-current");
        link.setAttribute("aria-current", "true");
        run(query);
      }
    });
}

/** Returns the query of a question, with the certainty that its address names; undefined where it does not come. */
async function queryAt(page: string) {
  try {
    const answer = await fetch(queryFile(page), { headers: { Accept: "application/sparql-query" } });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
