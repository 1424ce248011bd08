// The proposals beside the text, by kind: J and K go through those that wait, A accepts, R refuses, E changes.
import { fill, made, sign } from "../base/elements.ts";
import { number, say } from "./said.ts";

const ORDER = [
  "innovation",
  "organisation",
  "person",
  "place",
  "stage",
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
  every: DeskProposal[] = [];
  /** The one that is gone to. */
  current = "";
  #lines = new Map<string, HTMLElement>();

  place;
  does;

  constructor(
    place: HTMLElement,
    does: {
      went: (it: DeskProposal | null) => void;
      accept: (it: DeskProposal) => void;
      refuse: (it: DeskProposal) => void;
      edit: (it: DeskProposal) => void;
    },
  ) {
    this.place = place;
    this.does = does;
    place.addEventListener("click", (event) => this.#clicked(event));
  }

  /** Shows the proposals; of those that are there already, only what is another one than before. */
  show(proposals: DeskProposal[], withheld: string[] = []) {
    const shown = proposals.map((it) => it.id).join();
    if (shown === this.#shown) {
      const before = new Map(this.every.map((it) => [it.id, it]));
      const now = new Map(proposals.map((it) => [it.id, it]));
      this.every = this.every.map((it) => now.get(it.id) ?? it);
      const changed = proposals.filter((it) => before.get(it.id) !== it);
      for (const it of changed) this.#updateLine(it);
      this.#countKinds(new Set(changed.map((it) => it.kind)));
    } else {
      const rank = (it: DeskProposal) => (ORDER.indexOf(it.kind) + ORDER.length + 1) % (ORDER.length + 1);
      this.every = [...proposals].sort((one, other) => rank(one) - rank(other) || one.start - other.start);
      this.#render(withheld);
      this.#countKinds(new Set(this.every.map((it) => it.kind)));
    }
    this.#shown = shown;
    this.#mark();
  }

  /** The ids that the list was made for, as the server has them in order. */
  #shown = "-";

  #countKinds(kinds: Set<string>) {
    for (const [kind, those] of grouped(this.every.filter((it) => kinds.has(it.kind)))) this.#count(kind, those);
  }

  #render(withheld: string[]) {
    this.#lines.clear();
    const groups = [...grouped(this.every)].map(([kind, those]) => this.#group(kind, those));
    fill(this.place, [
      ...(groups.length ? groups : [made("p.soft.small.empty", say("no_proposals"))]),
      withheld.length > 0 &&
        made(
          "details.soft.small",
          made("summary", say("withheld")),
          withheld.map((it) => made("p.empty", it)),
        ),
    ]);
  }

  /** Shows the status of a proposal, and of its kind how many are decided. */
  update(it: DeskProposal) {
    this.#updateLine(it);
    this.#count(
      it.kind,
      this.every.filter((one) => one.kind === it.kind),
    );
  }

  #updateLine({ id, status }: DeskProposal) {
    const line = this.#lines.get(id);
    if (!line || line.classList.contains(`is-${status}`)) return;
    line.className = `proposal is-${status}`;
    line.querySelector(".proposal-more")?.remove();
    fill(line.querySelector(".proposal-status") as HTMLElement, say(`status_${status}`));
  }

  #count(kind: string, those: DeskProposal[]) {
    const done = those.filter((it) => it.status !== "waiting").length;
    const place = this.place.querySelector(`[data-kind="${kind}"] > summary > span`);
    if (place) place.textContent = say("done_of", { n: number(done), all: number(those.length) });
  }

  #group(kind: string, those: DeskProposal[]) {
    return made(
      "details",
      { open: true, "data-kind": kind },
      made("summary", say(`proposed_${kind}`), made("span.soft")),
      made(
        "ul",
        those.slice(0, MOST).map((it) => this.#line(it)),
      ),
      those.length > MOST && made("p.soft.small.empty", say("more", { n: number(those.length - MOST) })),
    );
  }

  #line(it: DeskProposal) {
    const line = made(
      "li",
      { class: `proposal is-${it.status}`, "data-id": it.id },
      made(
        "button",
        { type: "button", class: "proposal-name", "data-do": "went" },
        SHAPES.has(it.kind) && sign(it.kind),
        made("span", nameOf(it)),
      ),
      made("span.proposal-status", say(`status_${it.status}`)),
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

  go(id: string) {
    this.current = id;
    this.#mark();
    this.does.went(this.now);
  }

  step(way: 1 | -1) {
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

  #more(it: DeskProposal) {
    const known = it.candidates.filter((one) => one.iri);
    const acts = [
      ["accept", "A"],
      ["refuse", "R"],
      ["edit", "E"],
    ] as const;
    const isWaiting = it.status === "waiting";
    return made(
      "div.proposal-more",
      it.why && made("p.why", it.why),
      isWaiting && it.about && made("p.why", say("quotation_about", { label: it.about.label })),
      isWaiting && !!it.bearers?.length && made("p.why", say("several_bearers", { n: number(it.bearers.length) })),
      isWaiting &&
        !it.bearers?.length &&
        known.length > 0 &&
        it.candidates.length > 1 &&
        made("p.why", say("same_as", { label: known[0].label ?? "" })),
      isWaiting &&
        made(
          "p.proposal-acts",
          acts
            .filter(([act]) => it.kind !== "contact" || act === "refuse")
            .map(([act, letter]) =>
              made("button", { type: "button", "data-do": act }, made("kbd", letter), ` ${say(act)}`),
            ),
        ),
    );
  }

  #clicked(event: MouseEvent) {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest("li")?.getAttribute("data-id");
    const what = target?.closest("[data-do]")?.getAttribute("data-do");
    const it = this.every.find((one) => one.id === id);
    if (!it || !what) return;
    if (what === "went") this.go(it.id);
    else this.does[what as "accept" | "refuse" | "edit"](it);
  }
}

function nameOf(it: DeskProposal) {
  if (it.kind === "contact") return say("contact_place");
  if (it.kind === "relation" && it.subject && it.object) return `${it.subject.label} → ${it.object.label}`;
  return it.label.length > 60 ? `${it.label.slice(0, 56)}…` : it.label;
}

function grouped(every: DeskProposal[]) {
  const kinds = new Map<string, DeskProposal[]>();
  for (const it of every) {
    const those = kinds.get(it.kind);
    if (those) those.push(it);
    else kinds.set(it.kind, [it]);
  }
  return kinds;
}
