// The workbench: its parts, and what each has to do with the others.
import { copyOf, one } from "../../base/parts.js";
import { isHere } from "../../base/service.js";
import { words as wordsOf } from "../../base/words.js";
import { Answer } from "./answer.js";
import { Terms, completing } from "./completing.js";
import { editor } from "./editor.js";
import { faults } from "./faults.js";
import { format, formatKey } from "./formats.js";
import { Handle } from "./handle.js";
import { Names } from "./names.js";
import { permalink, queryOf, withQuery } from "./permalink.js";
import { questionList } from "./question_list.js";
import { proposalsHeard } from "./proposals_heard.js";
import { Ready } from "./ready.js";
import { Tabs } from "./tabs.js";
import { termsAt } from "./terms_at.js";
import { keepView, showView, viewIn } from "./view.js";

/** An answer that the server took longer for, in seconds, is not asked for again to show it better. */
const SOON = 1;

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
  const known = new Terms(told.terms);
  const names = new Names(told.names);
  known.all();
  /** @type {Tabs} */
  let tabs; // eslint-disable-line prefer-const -- the editor tells it of changes
  const { view, show } = editor(field, {
    words,
    run: () => form.requestSubmit(),
    changed: (query) => tabs.write(query),
    extensions: [
      completing({ known, suggest: told.suggest, words }),
      proposalsHeard(words, spoken),
      faults({ address: told.check, told: fault, spoken, words, known }),
      termsAt({ known, names, words, spoken }),
      formatKey(words, spoken),
    ],
  });
  one(above, "[data-format]").addEventListener("click", () => format(view, words, spoken).then(() => view.focus()));
  const handle = new Handle(view);
  tabs = new Tabs([above, below], { query: view.state.doc.toString(), words, show, spoken });
  form.before(above);
  if (document.getElementById("ready-made"))
    new Ready(form, (query) => {
      tabs.hold(query);
      show(query);
      view.focus();
    });
  view.dom.after(fault, keys);
  form.after(spoken, below);

  const answers = one(place, "[data-answer]");
  const answer = new Answer(answers, spoken, told, words, handle);
  /** @param {boolean} asks */
  const open = async (asks) => {
    const query = await queryOf(window.location.href).catch(() => {
      answer.show((it) => answer.say(it, words.damaged));
    });
    if (query === undefined) {
      show(tabs.kept.query);
      return;
    }
    if (query !== view.state.doc.toString()) show(query);
    tabs.hold(query);
    if (!asks) return;
    const wanted = viewIn(window.location.href);
    await answer.ask(query);
    showView(answers, wanted);
  };
  /** @param {string} query */
  const ask = async (query) => {
    answer.ask(query);
    const address = await permalink(query, place.dataset.release);
    if (address !== window.location.href) window.history.pushState(null, "", address);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = view.state.doc.toString();
    if (query.trim()) {
      tabs.note(query);
      ask(query);
    } else view.focus();
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
      const query = view.state.doc.toString();
      if (!query.trim() || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.location.assign(withQuery(link.href, await permalink(query, place.dataset.release)));
    });
  keepView(answers);
  window.addEventListener("popstate", () => open(true));
  const { took } = answers.dataset;
  // What somebody wrote before the editor came is not taken away.
  if (written !== undefined) tabs.hold(written);
  else open(took ? Number(took) < SOON : window.location.hash !== "" || isHere(told.endpoint));
}
