// What the desk says above the panes, and when all was kept.
import { say } from "./said.js";
import { RefusedAct } from "./server.js";

/** The sentence above the panes, and the word in the head. */
export class DeskMessage {
  #saved = "";

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {number} n how many acts wait for the server */
  busy(n) {
    document.body.toggleAttribute("data-busy", n > 0);
    this.parts.saved.textContent = n ? say("saving") : this.#saved;
  }

  /** @param {boolean} isLost */
  lost(isLost) {
    if (isLost) this.tell(say("lost"), "lost");
    else if (this.#about === "lost") this.tell("");
  }

  #about = "";

  /**
   * Says something until something else is said.
   * @param {string} sentence
   * @param {string} about
   */
  tell(sentence, about = "act") {
    this.#about = sentence ? about : "";
    this.parts.message.textContent = sentence;
  }

  /** Takes back what was said of an act that did not go well. */
  done() {
    if (this.#about !== "lost") this.tell("");
  }

  /** @param {unknown} error */
  failed(error) {
    this.tell((error instanceof RefusedAct && error.message) || say("failed"));
  }

  /** @param {string | null} at when the last act was kept */
  saved(at) {
    const time = new Date(at ?? "");
    const shown = Number.isNaN(time.valueOf())
      ? ""
      : time.toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    this.#saved = shown ? say("saved", { time: shown }) : "";
    if (!document.body.hasAttribute("data-busy")) this.parts.saved.textContent = this.#saved;
  }
}
