// The ready-made questions: found by words, subject and what they are asked with, asked with values of
// one's own, and taken into the editor.
import { copyOf, made } from "../../base/elements.ts";
import { queryFile, request } from "../../base/service.ts";
import { counted, said, words as wordsOf } from "../../base/words.ts";
import { fold } from "../../base/folding.ts";

type Parameter = {
  name: string;
  type: string;
  kind?: string;
  optional?: boolean;
  value: string;
  choices?: [string, string][];
};
type Question = {
  name: string;
  text: string;
  about: string;
  other: string[];
  group: string;
  address: string;
  parameters: Parameter[];
};
type Catalogue = { questions: Question[]; groups: Words; parameters: Words };

/** Returns the questions that have all words of a text, in either language, of a group and with a parameter. */
export function found(questions: Question[], { words, group, kind }: { words: string; group: string; kind: string }) {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  return questions.filter((it) => {
    const text = fold([it.text, it.about, ...it.other, it.name].join(" "));
    return (
      (!group || it.group === group) &&
      (!kind || it.parameters.some((one) => one.name === kind)) &&
      wanted.every((word) => text.includes(word))
    );
  });
}

export class Ready {
  /** The questions, once they came. */
  told: Catalogue = { questions: [], groups: {}, parameters: {} };
  /** The question that one is at. */
  question: Question | undefined;

  parts;
  take;
  words;

  /**
   * @param parts those of the list and of the form
   * @param take what is done with a query that is taken
   */
  constructor(parts: Parts, take: (query: string) => void) {
    this.parts = parts;
    this.take = take;
    this.words = wordsOf(parts.dialog);
    parts.close.addEventListener("click", () => parts.dialog.close());
    parts.back.addEventListener("click", () => this.list(true));
    parts.search.addEventListener("input", () => this.draw());
    parts.search.addEventListener("submit", (event) => event.preventDefault());
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.taken();
    });
  }

  async open() {
    this.list();
    this.parts.dialog.showModal();
    this.parts.search.elements.words.focus();
    if (this.told.questions.length) return;
    try {
      this.told = await json(this.parts.dialog.dataset.questions ?? "");
      this.choices();
      this.draw();
    } catch {
      this.parts.count.textContent = this.words.failed;
    }
  }

  /** Fills what the list is narrowed by: the groups, and the things that questions are asked with. */
  choices() {
    const { questions, groups, parameters } = this.told;
    const { group, kind } = this.parts.search.elements;
    group.append(...[...new Set(questions.map((it) => it.group))].map((name) => new Option(groups[name], name)));
    const things = new Set(
      questions
        .flatMap((it) => it.parameters)
        .filter((it) => it.type === "iri")
        .map((it) => it.name),
    );
    const named = [...things].map((name) => new Option(parameters[name], name));
    kind.append(...named.sort((a, b) => a.text.localeCompare(b.text, document.documentElement.lang)));
  }

  draw() {
    const { parts, words, told } = this;
    const { elements } = parts.search;
    const shown = found(told.questions, {
      words: elements.words.value,
      group: elements.group.value,
      kind: elements.kind.value,
    });
    parts.count.textContent = counted(words, "found", shown.length);
    parts.found.replaceChildren(...shown.map((it) => this.item(it)));
  }

  item(question: Question) {
    const show = () => this.show(question);
    const button = made("button", { type: "button", class: "as-link", onclick: show }, question.text);
    return made("li", button, " ", made("span.soft.small", this.told.groups[question.group]));
  }

  /** Shows the list; where one comes back to it, the question that one was at has the focus. */
  list(back = false) {
    this.parts.one.hidden = true;
    this.parts.list.hidden = false;
    if (back)
      [...this.parts.found.querySelectorAll("button")].find((it) => it.textContent === this.question?.text)?.focus();
  }

  show(question: Question) {
    const { parts } = this;
    this.question = question;
    parts.title.textContent = question.text;
    parts.about.textContent = question.about;
    parts.page.href = question.address;
    parts.wrong.textContent = "";
    parts.list.hidden = true;
    parts.one.hidden = false;
    parts.fields.replaceChildren(...question.parameters.map((it) => this.field(it)));
    this.propose(parts.fields.querySelectorAll("input[data-suggest]"));
    parts.title.focus();
  }

  async propose(inputs: NodeListOf<HTMLInputElement>) {
    if (!inputs.length) return;
    const { suggest } = await import("../../base/suggest.ts");
    for (const input of inputs) if (input.isConnected) suggest(input);
  }

  field(parameter: Parameter) {
    const { name, type, value } = parameter;
    const id = `ready-of-${name}`;
    const isChosen = type === "certainty" || type === "choice";
    const input = isChosen
      ? made("select", { id, name, "aria-describedby": `${id}-hint` })
      : made("input", {
          ...{ id, name, type: "text", maxlength: 2000, autocomplete: "off", spellcheck: "false" },
          "aria-describedby": `${id}-hint`,
        });
    if (type === "certainty") input.append(copyOf("ready-certainty"));
    for (const [word, text] of parameter.choices ?? []) input.append(new Option(text, word));
    input.value = value;
    if (type === "iri") {
      const address = new URL(this.parts.dialog.dataset.suggest ?? "", window.location.href);
      if (parameter.kind) address.searchParams.set("kind", parameter.kind);
      input.dataset.suggest = address.href;
    }
    const label = made("label", { id: `${id}-label`, for: id }, this.told.parameters[name]);
    const hint = made("p", { id: `${id}-hint`, class: "small soft" }, this.hint(parameter));
    return made("div.field", label, input, hint);
  }

  hint({ type, optional }: Parameter) {
    const { words } = this;
    return type === "certainty" || type === "choice"
      ? ""
      : `${type === "iri" ? words.hint_iri : ""} ${optional ? words.hint_any : ""}`.trim();
  }

  /** Returns the answer of who puts values into a query: the service, or in an edition the page itself. */
  async withValues(file: URL, values: string[][]) {
    const own = this.parts.dialog.dataset.question;
    if (!own) {
      for (const [name, value] of values) if (value.trim()) file.searchParams.set(name, value);
      return fetch(file, { headers: { Accept: "application/sparql-query, application/problem+json" } });
    }
    const answer = await fetch(file);
    if (!answer.ok) return answer;
    return request(own, { body: new URLSearchParams([["query", await answer.text()], ...values]) });
  }

  /** Takes the question with its values into the editor; says what is wrong with a value. */
  async taken() {
    const { parts, question, words } = this;
    if (!question) return;
    const form = parts.form as HTMLElement as HTMLFormElement;
    const values = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    parts.wrong.textContent = "";
    try {
      const answer = await this.withValues(queryFile(question.address), values);
      if (answer.ok) {
        const query = await answer.text();
        parts.dialog.close();
        this.take(query);
        return;
      }
      const { parameters = [], detail }: { parameters?: { parameter: string; detail: string }[]; detail: string } =
        await answer.json();
      const known = (name: string) => this.told.parameters[name] ?? name;
      parts.wrong.textContent =
        parameters.map((it) => said(words.wrong, { name: known(it.parameter), it: it.detail })).join(" ") || detail;
    } catch {
      parts.wrong.textContent = words.failed;
    }
  }
}

async function json(address: string) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
