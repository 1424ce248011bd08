// The proposals beside the text, by kind: J and K go through those that wait, A accepts, R refuses, E changes.
import { fill, made, sign } from "./made.js";
import { number, say } from "./said.js";

const ORDER = [
  "innovation",
  "organisation",
  "person",
  "place",
  "event",
  "theme",
  "date",
  "figure",
  "relation",
  "quotation",
  "contact",
];
const SHAPES = new Set(["innovation", "organisation", "person", "place", "theme"]);
/** So many of a kind are shown; what is gone to is always among them. */
const MOST = 300;

/** The pane of proposals. */
export class Proposals {
  /** @type {DeskProposal[]} */
  every = [];
  /** @type {string} The one that is gone to. */
  current = "";
  /** @type {Map<string, HTMLElement>} */
  #lines = new Map();

  /**
   * @param {HTMLElement} place
   * @param {{went: (it: DeskProposal | null) => void, accept: (it: DeskProposal) => void, refuse: (it: DeskProposal) => void, edit: (it: DeskProposal) => void}} does
   */
  constructor(place, does) {
    this.place = place;
    this.does = does;
    place.addEventListener("click", (event) => this.#clicked(event));
  }

  /**
   * Shows the proposals; of those that are there already, only what is another one than before.
   * @param {DeskProposal[]} proposals
   */
  show(proposals) {
    const shown = proposals.map((it) => it.id).join();
    if (shown === this.#shown) {
      const before = new Map(this.every.map((it) => [it.id, it]));
      const now = new Map(proposals.map((it) => [it.id, it]));
      this.every = this.every.map((it) => now.get(it.id) ?? it);
      const changed = proposals.filter((it) => before.get(it.id) !== it);
      for (const it of changed) this.#updateLine(it);
      this.#countKinds(new Set(changed.map((it) => it.kind)));
    } else {
      const rank = (/** @type {DeskProposal} */ it) => (ORDER.indexOf(it.kind) + ORDER.length + 1) % (ORDER.length + 1);
      this.every = [...proposals].sort((one, other) => rank(one) - rank(other) || one.start - other.start);
      this.#render();
      this.#countKinds(new Set(this.every.map((it) => it.kind)));
    }
    this.#shown = shown;
    this.#mark();
  }

  /** The ids that the list was made for, as the server has them in order. */
  #shown = "-";

  /** @param {Set<string>} kinds */
  #countKinds(kinds) {
    for (const [kind, those] of grouped(this.every.filter((it) => kinds.has(it.kind)))) this.#count(kind, those);
  }

  #render() {
    this.#lines.clear();
    const groups = [...grouped(this.every)].map(([kind, those]) => this.#group(kind, those));
    fill(this.place, groups.length ? groups : made("p", { class: "soft small empty" }, say("no_proposals")));
  }

  /**
   * Shows the status of a proposal, and of its kind how many are decided.
   * @param {DeskProposal} it
   */
  update(it) {
    this.#updateLine(it);
    this.#count(
      it.kind,
      this.every.filter((one) => one.kind === it.kind),
    );
  }

  /** @param {DeskProposal} it */
  #updateLine({ id, status }) {
    const line = this.#lines.get(id);
    if (!line || line.classList.contains(`is-${status}`)) return;
    line.className = `proposal is-${status}`;
    line.querySelector(".proposal-more")?.remove();
    fill(/** @type {HTMLElement} */ (line.querySelector(".proposal-status")), say(`status_${status}`));
  }

  /** @param {string} kind @param {DeskProposal[]} those */
  #count(kind, those) {
    const done = those.filter((it) => it.status !== "waiting").length;
    const place = this.place.querySelector(`[data-kind="${kind}"] > summary > span`);
    if (place) place.textContent = say("done_of", { n: number(done), all: number(those.length) });
  }

  /** @param {string} kind @param {DeskProposal[]} those */
  #group(kind, those) {
    return made(
      "details",
      { open: true, "data-kind": kind },
      made("summary", {}, say(`proposed_${kind}`), made("span", { class: "soft" })),
      made(
        "ul",
        {},
        those.slice(0, MOST).map((it) => this.#line(it)),
      ),
      those.length > MOST && made("p", { class: "soft small empty" }, say("more", { n: number(those.length - MOST) })),
    );
  }

  /** @param {DeskProposal} it */
  #line(it) {
    const line = made(
      "li",
      { class: `proposal is-${it.status}`, "data-id": it.id },
      made(
        "button",
        { type: "button", class: "proposal-name", "data-do": "went" },
        SHAPES.has(it.kind) && sign(it.kind),
        made("span", {}, nameOf(it)),
      ),
      made("span", { class: "proposal-status" }, say(`status_${it.status}`)),
    );
    this.#lines.set(it.id, line);
    return line;
  }

  get now() {
    return this.every.find((it) => it.id === this.current) ?? null;
  }

  get waiting() {
    return this.every.filter((it) => it.status === "waiting");
  }

  /** @param {string} id */
  go(id) {
    this.current = id;
    this.#mark();
    this.does.went(this.now);
  }

  /** @param {1 | -1} way */
  step(way) {
    const at = this.every.findIndex((it) => it.id === this.current);
    const { length } = this.every;
    for (let n = 1; n <= length; n += 1) {
      const next = this.every[(at + way * n + (at < 0 && way < 0 ? 1 : 0) + length * 2) % length];
      if (next.status === "waiting") return this.go(next.id);
    }
    return this.go("");
  }

  /** Shows which one is gone to, why it is proposed, and what may be done with it. */
  #mark() {
    for (const was of this.place.querySelectorAll(".is-current")) {
      was.classList.remove("is-current");
      was.querySelector(".proposal-more")?.remove();
    }
    const { now } = this;
    const line = now && this.#lines.get(now.id);
    if (!line || !now) return;
    line.classList.add("is-current");
    line.append(this.#more(now));
    line.closest("details")?.setAttribute("open", "");
    const { top, bottom } = line.getBoundingClientRect();
    const view = this.place.getBoundingClientRect();
    if (top < view.top) this.place.scrollTop += top - view.top - 24;
    else if (bottom > view.bottom) this.place.scrollTop += bottom - view.bottom + 24;
  }

  /** @param {DeskProposal} it */
  #more(it) {
    const known = it.candidates.filter((one) => one.iri);
    const acts = /** @type {const} */ ([
      ["accept", "A"],
      ["refuse", "R"],
      ["edit", "E"],
    ]);
    const isWaiting = it.status === "waiting";
    return made(
      "div",
      { class: "proposal-more" },
      it.why && made("p", { class: "why" }, it.why),
      isWaiting &&
        known.length > 0 &&
        it.candidates.length > 1 &&
        made("p", { class: "why" }, say("same_as", { label: known[0].label ?? "" })),
      isWaiting &&
        made(
          "p",
          { class: "proposal-acts" },
          acts
            .filter(([act]) => it.kind !== "contact" || act === "refuse")
            .map(([act, letter]) =>
              made("button", { type: "button", "data-do": act }, made("kbd", {}, letter), ` ${say(act)}`),
            ),
        ),
    );
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest("li")?.getAttribute("data-id");
    const what = target?.closest("[data-do]")?.getAttribute("data-do");
    const it = this.every.find((one) => one.id === id);
    if (!it || !what) return;
    if (what === "went") this.go(it.id);
    else this.does[/** @type {"accept" | "refuse" | "edit"} */ (what)](it);
  }
}

/** @param {DeskProposal} it */
function nameOf(it) {
  if (it.kind === "contact") return say("contact_place");
  if (it.kind === "relation" && it.subject && it.object) return `${it.subject.label} → ${it.object.label}`;
  return it.label.length > 60 ? `${it.label.slice(0, 56)}…` : it.label;
}

/** @param {DeskProposal[]} every */
function grouped(every) {
  /** @type {Map<string, DeskProposal[]>} */
  const kinds = new Map();
  for (const it of every) {
    const those = kinds.get(it.kind);
    if (those) those.push(it);
    else kinds.set(it.kind, [it]);
  }
  return kinds;
}
