// The workbench: its parts, and what each has to do with the others.
import { copyOf, one, partsIn } from "../../base/parts.js";
import { isHere } from "../../base/service.js";
import { words as wordsOf } from "../../base/words.js";
import { Answer } from "./answer.js";
import { Handle, plainSurface } from "./handle.js";
import { Names } from "./names.js";
import { permalink, queryOf, withQuery } from "./permalink.js";
import { questionList } from "./question_list.js";
import { Tabs } from "./tabs.js";
import { keepView, showView, viewIn } from "./view.js";

/** An answer that the server took longer for, in seconds, is not asked for again to show it better. */
const SOON = 1;
/** So many milliseconds what can wait waits at most. */
const LATEST = 300;

/** What leads to this page for another certainty or in another language: with the query that is written. */
const OTHER_VIEWS = ".dial a, a.other-language";

/**
 * Builds the workbench around the form, which goes on by itself where scripts fail.
 * @param {HTMLElement} place
 */
export function workbench(place) {
  const words = wordsOf(place);
  /** @type {HTMLFormElement} */
  const form = one(place, "form");
  /** @type {HTMLTextAreaElement} */
  const field = one(form, "[name=query]");
  const written = field.value === field.defaultValue ? undefined : field.value;
  const parts = copyOf("workbench-parts");
  const [fault, keys, spoken, above, below] = ["fault", "keys", "spoken", "above", "below"].map((name) =>
    one(parts, `[data-${name}]`),
  );
  const told = /** @type {DOMStringMap & Told} */ (place.dataset);
  const names = new Names(told.names);
  /** @type {Tabs} */
  let tabs; // eslint-disable-line prefer-const -- what is written in tells it of changes
  const how = {
    run: () => form.requestSubmit(),
    changed: (/** @type {string} */ query) => tabs.write(query),
  };
  const handle = new Handle(plainSurface(field, how));
  /** @type {Promise<{layOut: () => Promise<void>}> | undefined} */
  let coming;
  // Where it does not come, the text area goes on.
  const edit = () =>
    (coming ??= import("./editing.js").then(({ editing }) => {
      const { surface, layOut } = editing(field, { words, told, names, fault, keys, spoken, ...how });
      handle.surface = surface;
      return { layOut };
    }));
  const editLater = () => soon(() => edit().catch(() => (coming = undefined)));
  /** @param {string} query */
  const show = (query) => handle.show(query);
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
  /** @param {string} query */
  const answered = async (query) => {
    await answer.ask(query);
    if (answersHere) editLater();
  };
  /** @param {boolean} asks */
  const open = async (asks) => {
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
  /** @param {string} query */
  const ask = async (query) => {
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
  const list = /** @type {HTMLElement | null} */ (place.querySelector("[data-question-list]"));
  if (list)
    questionList(list, {
      words,
      run: (query) => {
        tabs.hold(query);
        show(query);
        ask(query);
      },
    });
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(OTHER_VIEWS)))
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

/**
 * Does something once the browser has nothing else to do, or a moment later.
 * @param {() => void} then
 */
function soon(then) {
  if (window.requestIdleCallback) window.requestIdleCallback(then, { timeout: LATEST });
  else setTimeout(then);
}

/**
 * Puts the button there that opens the ready-made questions; what shows them comes when it is first pressed.
 * @param {HTMLElement} before
 * @param {(query: string) => void} take what is done with a query that is taken
 */
function offerReady(before, take) {
  const content = copyOf("ready-made");
  const parts = partsIn(content, "ready");
  before.before(content);
  /** @type {Promise<import("./ready.js").Ready> | undefined} */
  let ready;
  parts.open.addEventListener("click", async () => {
    ready ??= import("./ready.js").then(({ Ready }) => new Ready(parts, take));
    (await ready).open();
  });
}
