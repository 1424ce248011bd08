// A form beside the text: Ctrl Enter sends it, Escape closes it, and what is refused is said in it, with nothing lost.
import { partsIn } from "../base/parts.js";
import { say } from "./said.js";

/**
 * What a form beside the text does.
 * @typedef {{act: (act: DeskAct) => Promise<DeskAnswer>, closed: () => void, desk: () => DeskState}} FormDoes
 */

/** A form beside the text that asks for one act. */
export class SideForm {
  /**
   * @param {HTMLFormElement} form
   * @param {string} name by which its parts are called
   * @param {FormDoes} does
   */
  constructor(form, name, does) {
    this.form = form;
    this.does = does;
    this.parts = partsIn(form, name);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("keydown", (event) => this.pressed(event));
    this.parts.cancel.addEventListener("click", () => this.close());
  }

  get isOpen() {
    return !this.form.hidden;
  }

  get languages() {
    return this.does.desk().document.languages ?? ["fr"];
  }

  /** Shows the form, without what was said of it before. */
  show() {
    this.form.hidden = false;
    this.says("");
  }

  /** @param {string} sentence what is wrong */
  says(sentence) {
    this.parts.formError.textContent = sentence;
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.submit();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.stopPropagation();
      this.close();
    }
  }

  /** The act that is asked for; null where something is missing, which the form then says. @returns {DeskAct | null} */
  asked() {
    return null;
  }

  /** Has the act done, and closes; what the server refuses is said, and all stays. */
  async submit() {
    if (this.form.hasAttribute("aria-busy")) return;
    const act = this.asked();
    if (!act) return;
    this.form.setAttribute("aria-busy", "true");
    try {
      await this.does.act(act);
      this.close();
    } catch (error) {
      this.refused(/** @type {import("./server.js").RefusedAct} */ (error));
    } finally {
      this.form.removeAttribute("aria-busy");
    }
  }

  /** @param {import("./server.js").RefusedAct} error */
  refused(error) {
    this.says(error.message || say("failed"));
  }

  close() {
    if (!this.isOpen) return;
    this.form.hidden = true;
    this.does.closed();
  }
}
