// The switch of the copy that a reader keeps: it says what the copy takes, and takes all of it away again.
import { one } from "../base/elements.ts";
import { said, words as wordsOf } from "../base/words.ts";
import { NotCopied, bytesOf, copy, filesOf, kept, remove } from "./offline_copy.ts";

const MEGABYTE = 1e6;

class Switch {
  words;
  status;
  button: HTMLButtonElement;
  list;
  worker;
  base;
  isOn = false;

  constructor(place: HTMLElement) {
    this.words = wordsOf(place);
    this.status = one(place, "[data-status]");
    this.button = one(place, "button");
    const { list = "", worker = "" } = place.dataset;
    this.list = new URL(list, window.location.href).href;
    this.worker = new URL(worker, window.location.href).href;
    this.base = new URL(".", this.worker).href;
    this.button.addEventListener("click", () => this.press());
  }

  /** Shows how things stand, or why there can be no copy. */
  async show() {
    if (window.location.protocol === "file:") return this.say(this.words.stick);
    if (!window.isSecureContext) return this.say(this.words.insecure);
    if (!("serviceWorker" in navigator && "caches" in window)) return this.say(this.words.old);
    try {
      const count = await kept(this.base);
      this.isOn = count > 0;
      if (this.isOn) this.say(said(this.words.on, { n: count }));
      else {
        const bytes = await bytesOf(await filesOf(this.list));
        this.say(said(this.words.off, { n: megabytes(bytes) }));
      }
      this.button.textContent = this.isOn ? this.words.remove : this.words.keep;
      this.button.hidden = false;
    } catch (error) {
      this.fail(error);
    }
  }

  async press() {
    this.button.disabled = true;
    try {
      if (this.isOn) await remove(this.base);
      else await this.keep();
      await this.show();
    } catch (error) {
      await remove(this.base).catch(() => undefined);
      this.fail(error);
    }
    this.button.disabled = false;
  }

  async keep() {
    const files = await filesOf(this.list);
    await copy(this.base, files, (n) => this.say(said(this.words.coming, { n, of: files.length })));
    await navigator.serviceWorker.register(this.worker, { scope: this.base, updateViaCache: "none" });
    await navigator.serviceWorker.ready;
  }

  fail(error: unknown) {
    const name = error instanceof Error ? error.name : "";
    if (error instanceof NotCopied) this.say(said(this.words.missing, { file: error.message.replace(this.base, "") }));
    else if (name === "QuotaExceededError") this.say(this.words.full);
    else if (name === "TypeError") this.say(this.words.unreachable);
    else this.say(this.words.forbidden);
  }

  say(text: string) {
    this.status.textContent = text;
  }
}

const megabytes = (bytes: number) =>
  (bytes / MEGABYTE).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

const place = document.querySelector("[data-offline-switch]") as HTMLElement | null;
// What the copy takes is asked of the server once somebody wants to know.
place?.addEventListener("toggle", () => new Switch(place).show(), { once: true });
