// The workbench: its parts, and what each has to do with the others.
import { copyOf, one, partsIn } from "../../base/elements.ts";
import { closing } from "../../base/frame.ts";
import { isHere } from "../../base/service.ts";
import { words as wordsOf } from "../../base/words.ts";
import { keepView, permalink, queryOf, showView, viewIn, withQuery } from "./address.ts";
import { Answer } from "./answer.ts";
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
      const { surface, layOut } = editing(field, { words, told, names, fault, spoken, ...how });
      handle.surface = surface;
      return { layOut };
    }));
  const editLater = () => soon(() => edit().catch(() => (coming = undefined)));
  const show = (query: string) => handle.show(query);
  one(above, "[data-format]").addEventListener("click", () => edit().then(({ layOut }) => layOut()));
  tabs = new Tabs([above, below], { query: handle.text(), words, show, spoken });
  form.before(above);
  if (document.getElementById("ready-made"))
    offerReady(one(above, ".tab-tools"), (query) => {
      tabs.hold(query);
      show(query);
      handle.focus();
    });
  form.after(spoken);
  one(form, ".run-row").append(below, keys);
  for (const menu of form.querySelectorAll(".run-row details") as NodeListOf<HTMLDetailsElement>) closing(menu);

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
function offerReady(tools: HTMLElement, take: (query: string) => void) {
  const content = copyOf("ready-made");
  const parts = partsIn(content, "ready");
  tools.prepend(content);
  let ready: Promise<Ready> | undefined;
  parts.open.addEventListener("click", async () => {
    ready ??= import("./ready.ts").then(({ Ready }) => new Ready(parts, take));
    (await ready).open();
  });
}
