// What the page asks the desk's server, one act after the other; an act that was not answered is sent again.
import { say } from "./said.ts";
import { Positions } from "./text_words.ts";

const pause = (milliseconds: number) =>
  new Promise((go) => {
    setTimeout(go, milliseconds);
  });
const PAUSES = [500, 1000, 2000, 4000];

/** Why an act was not done: the server's sentence, and the field it is about. */
export class RefusedAct extends Error {
  status;
  field;
  state;

  constructor(status: number, told: { error?: string; field?: string; state?: DeskState }) {
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
  /** The state as the page has it. */
  #state: Partial<DeskState> = {};

  path;
  secret;
  tells;

  constructor(
    slug: string,
    secret: string,
    tells: { busy: (n: number) => void; lost: (isLost: boolean) => void; state: (state: Partial<DeskState>) => void },
  ) {
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

  /** @param state as the page has it */
  #take(state: Partial<DeskState>) {
    this.#state = { ...this.#state, ...state };
    if (state.version) this.version = state.version;
    this.tells.state(state);
  }

  /**
   * Takes what changed: of lists what is put where (`[at, dropped, items]`, one after the other), of all else the new value.
   * @param changed as the server counts positions
   */
  #change(changed: Record<string, unknown>) {
    const pairs = Object.entries(changed).map(([key, value]) => {
      const before = (this.#state as Record<string, unknown>)[key];
      if (!Array.isArray(value) || !Array.isArray(before)) return [key, this.positions.received({ [key]: value })[key]];
      // Only what is new has positions to be converted: a long list is not gone through for each act.
      const splices = value.map(([at, dropped, items]) => [
        at,
        dropped,
        this.positions.received({ [key]: items })[key],
      ]);
      return [key, spliced(before, splices as [number, number, unknown[]][])];
    });
    this.#take(Object.fromEntries(pairs));
  }

  /** Returns what is found at an address under the document's. */
  async get<T>(path: string, query: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
    const answer = await this.#asked(path, { signal }, query);
    const told = await answer.json();
    if (!answer.ok) throw new RefusedAct(answer.status, told);
    return this.positions.received(told);
  }

  /** Does an act after those that were asked before; raises RefusedAct where the server does not. */
  act(act: DeskAct): Promise<DeskAnswer> {
    const asked = this.positions.sent(act);
    this.tells.busy((this.#waiting += 1));
    const done = this.#queue.then(() => this.#done(asked)).finally(() => this.tells.busy((this.#waiting -= 1)));
    this.#queue = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #done(act: DeskAct): Promise<DeskAnswer> {
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
      return { made: told.made, decision: told.decision };
    }
  }

  #asked(path: string, options: RequestInit = {}, query: Record<string, string> = {}) {
    const asked = new URLSearchParams({ ...query, lang: document.documentElement.lang });
    return fetch(`${this.path}${path}?${asked}`, options);
  }
}

function spliced(list: unknown[], splices: [number, number, unknown[]][]) {
  const found = [...list];
  for (const [at, dropped, items] of splices) found.splice(at, dropped, ...items);
  return found;
}

// What the desk says above the panes, and when all was kept.

/** The sentence above the panes, and the word in the head. */
export class DeskMessage {
  #saved = "";

  parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** @param n how many acts wait for the server */
  busy(n: number) {
    document.body.toggleAttribute("data-busy", n > 0);
    this.parts.saved.textContent = n ? say("saving") : this.#saved;
  }

  lost(isLost: boolean) {
    if (isLost) this.tell(say("lost"), "lost");
    else if (this.#about === "lost") this.tell("");
  }

  #about = "";

  /** Says something until something else is said. */
  tell(sentence: string, about = "act") {
    this.#about = sentence ? about : "";
    this.parts.message.textContent = sentence;
  }

  /** Takes back what was said of an act that did not go well. */
  done() {
    if (this.#about !== "lost") this.tell("");
  }

  failed(error: unknown) {
    this.tell((error instanceof RefusedAct && error.message) || say("failed"));
  }

  /** @param at when the last act was kept */
  saved(at: string | null) {
    const time = new Date(at ?? "");
    const shown = Number.isNaN(time.valueOf())
      ? ""
      : time.toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    this.#saved = shown ? say("saved", { time: shown }) : "";
    if (!document.body.hasAttribute("data-busy")) this.parts.saved.textContent = this.#saved;
  }
}
