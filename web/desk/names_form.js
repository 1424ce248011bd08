// What a thing is called in each language of the document, in a small window.
import { fill, made } from "./made.js";
import { say } from "./said.js";

/** The window that names a thing. */
export class NamesForm {
  #address = "";

  /**
   * @param {HTMLDialogElement} dialog
   * @param {{name: (act: DeskAct) => Promise<DeskAnswer>, called: (address: string) => string, languages: () => string[]}} does
   */
  constructor(dialog, does) {
    this.dialog = dialog;
    this.does = does;
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
  }

  /** @param {string} address */
  open(address) {
    this.#address = address;
    const called = this.does.called(address);
    const error = made("p", { class: "field-error", role: "alert" });
    const fields = this.does
      .languages()
      .map((code) =>
        made(
          "label",
          {},
          made("span", {}, say(`label_${code}`)),
          made("input", { type: "text", name: code, lang: code, value: called, autocomplete: "off" }),
        ),
      );
    const form = made(
      "form",
      {
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          void this.#submit(form, error);
        },
      },
      made("h2", {}, say("names_of", { what: called })),
      made("div", { class: "form-labels" }, fields),
      error,
      made(
        "p",
        { class: "form-acts" },
        made("button", { type: "submit" }, say("name")),
        made("button", { type: "button", class: "link", onclick: () => this.dialog.close() }, say("close")),
      ),
    );
    fill(this.dialog, form);
    this.dialog.showModal();
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} error
   */
  async #submit(form, error) {
    const given = [...new FormData(form)].map(([code, text]) => [code, String(text)]).filter(([, text]) => text.trim());
    try {
      await this.does.name({ act: "name", thing: this.#address, label: Object.fromEntries(given) });
      this.dialog.close();
    } catch (refused) {
      error.textContent = /** @type {Error} */ (refused).message || say("failed");
    }
  }
}
