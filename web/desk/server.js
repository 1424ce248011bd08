// What the page asks the desk's server, one act after the other; an act that was not answered is sent again.
import { Positions } from "./positions.js";

/** @param {number} milliseconds */
const pause = (milliseconds) =>
  new Promise((go) => {
    setTimeout(go, milliseconds);
  });
const PAUSES = [500, 1000, 2000, 4000];

/** Why an act was not done: the server's sentence, and the field it is about. */
export class RefusedAct extends Error {
  /**
   * @param {number} status
   * @param {{error?: string, field?: string, state?: DeskState}} told
   */
  constructor(status, told) {
    super(told.error ?? "");
    this.status = status;
    this.field = told.field ?? "";
    this.state = told.state;
  }
}

/** The server of one document. */
export class DeskServer {
  positions = new Positions("");
  version = "";
  /** What the server calls the state that the page has. */
  #tag = "";
  #queue = Promise.resolve();
  #waiting = 0;
  /** @type {Partial<DeskState>} The state as the page has it. */
  #state = {};

  /**
   * @param {string} slug
   * @param {string} secret
   * @param {{busy: (n: number) => void, lost: (isLost: boolean) => void, state: (state: Partial<DeskState>) => void}} tells
   */
  constructor(slug, secret, tells) {
    this.path = `/${encodeURIComponent(slug)}`;
    this.secret = secret;
    this.tells = tells;
  }

  /** Returns the text, and has the state told. */
  async open() {
    const text = await (await this.#asked("/text")).text();
    this.positions = new Positions(text);
    return text;
  }

  /** Has the state told, where it is another than the page knows; acts that were asked before come first. */
  refresh() {
    const done = this.#queue.then(() => this.#refreshed());
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #refreshed() {
    const answer = await this.#asked("/state", { headers: this.#tag ? { "If-None-Match": this.#tag } : {} });
    if (answer.status !== 200) return;
    this.#tag = answer.headers.get("ETag") ?? "";
    this.#take(this.positions.received(await answer.json()));
  }

  /** @param {Partial<DeskState>} state as the page has it */
  #take(state) {
    this.#state = { ...this.#state, ...state };
    if (state.version) this.version = state.version;
    this.tells.state(state);
  }

  /**
   * Takes what changed: of lists what is put where (`[at, dropped, items]`, one after the other), of all else the new value.
   * @param {Record<string, unknown>} changed as the server counts positions
   */
  #change(changed) {
    const pairs = Object.entries(changed).map(([key, value]) => {
      const before = /** @type {Record<string, unknown>} */ (this.#state)[key];
      if (!Array.isArray(value) || !Array.isArray(before)) return [key, this.positions.received({ [key]: value })[key]];
      // Only what is new has positions to be converted: a long list is not gone through for each act.
      const splices = value.map(([at, dropped, items]) => [
        at,
        dropped,
        this.positions.received({ [key]: items })[key],
      ]);
      return [key, spliced(before, /** @type {[number, number, unknown[]][]} */ (splices))];
    });
    this.#take(Object.fromEntries(pairs));
  }

  /**
   * Returns what is found at an address under the document's.
   * @template T
   * @param {string} path
   * @param {Record<string, string>} query
   * @param {AbortSignal=} signal
   * @returns {Promise<T>}
   */
  async get(path, query = {}, signal = undefined) {
    const answer = await this.#asked(path, { signal }, query);
    const told = await answer.json();
    if (!answer.ok) throw new RefusedAct(answer.status, told);
    return this.positions.received(told);
  }

  /**
   * Does an act after those that were asked before; raises RefusedAct where the server does not.
   * @param {DeskAct} act
   * @returns {Promise<DeskAnswer>}
   */
  act(act) {
    const asked = this.positions.sent(act);
    this.tells.busy((this.#waiting += 1));
    const done = this.#queue.then(() => this.#done(asked)).finally(() => this.tells.busy((this.#waiting -= 1)));
    this.#queue = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /**
   * @param {DeskAct} act
   * @returns {Promise<DeskAnswer>}
   */
  async #done(act) {
    const id = crypto.randomUUID();
    const headers = { "Content-Type": "application/json", "X-Desk": this.secret };
    for (let lost = 0; ; lost += 1) {
      const body = JSON.stringify({ version: this.version, do: act, id });
      let answer;
      try {
        answer = await this.#asked("/acts", { method: "POST", headers, body });
      } catch {
        this.tells.lost(true);
        await pause(PAUSES[Math.min(lost, PAUSES.length - 1)]);
        continue;
      }
      this.tells.lost(false);
      const told = await answer.json().catch(() => ({}));
      this.#tag = answer.headers.get("ETag") ?? "";
      if (told.state)
        this.#take(this.positions.received({ ...told.state, version: told.version ?? told.state.version }));
      else if (told.changed) this.#change({ ...told.changed, version: told.version });
      else if (told.version) this.version = told.version;
      if (!answer.ok) throw new RefusedAct(answer.status, told);
      return { made: told.made, decision: told.decision, brought: told.brought ?? [], healed: told.healed ?? [] };
    }
  }

  /**
   * @param {string} path
   * @param {RequestInit} options
   * @param {Record<string, string>} query
   */
  #asked(path, options = {}, query = {}) {
    const asked = new URLSearchParams({ ...query, lang: document.documentElement.lang });
    return fetch(`${this.path}${path}?${asked}`, options);
  }
}

/**
 * @param {unknown[]} list
 * @param {[number, number, unknown[]][]} splices
 */
function spliced(list, splices) {
  const found = [...list];
  for (const [at, dropped, items] of splices) found.splice(at, dropped, ...items);
  return found;
}
