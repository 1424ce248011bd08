// The card of the thing that is picked: what it is linked to, how surely, and the ways on.
import { copyOf, one } from "../../base/elements.ts";
import { said } from "../../base/words.ts";

const MOST = 12;
const ORDER = ["explicit", "", "inferred", "tentative"];

export class Card {
  root;
  does;

  constructor(root: HTMLElement, does: { closed(): void; wayFrom(thing: Thing): void }) {
    this.root = root;
    this.does = does;
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") does.closed();
    });
  }

  hide() {
    this.root.hidden = true;
  }

  /** Says that the other end of a way is to be picked now. */
  awaits() {
    const parts = copyOf("picked-parts");
    const actions = one(this.root, "[data-actions]");
    actions.textContent = one(parts, "[data-then]").dataset.then ?? "";
  }

  /**
   * Shows a thing with what it is linked to, the surest first.
   * @param links those of the thing
   * @param side of the drawing that the card stands on where there is room
   */
  show(thing: Thing, things: Thing[], links: NetworkLink[], side: string) {
    this.root.dataset.side = side;
    const parts = copyOf("picked-parts");
    const name = one(this.root, "[data-name]");
    const [sign, link] = ["[data-sign]", "[data-thing]"].map((part) => one(parts, part).cloneNode(true));
    named(thing, sign as HTMLElement, link as HTMLElement);
    name.replaceChildren(sign, link);
    const otherOf = ({ one: first, other }: NetworkLink) => things[first === thing.index ? other : first];
    const sorted = [...links].sort(
      (a, b) => ORDER.indexOf(a.certainty) - ORDER.indexOf(b.certainty) || otherOf(b).degree - otherOf(a).degree,
    );
    const rows = sorted.slice(0, MOST).map((link) => row(parts, link, otherOf(link)));
    one(this.root, "[data-beside]").replaceChildren(...rows);
    const more = one(this.root, "[data-more]");
    const { moreOne = "", moreOther = "" } = one(parts, "[data-more-one]").dataset;
    const rest = links.length - rows.length;
    more.hidden = rest <= 0;
    more.textContent = said(rest === 1 ? moreOne : moreOther, { n: rest });
    one(this.root, "[data-actions]").replaceChildren(...this.tools(parts, thing));
    this.root.hidden = false;
  }

  tools(parts: DocumentFragment, thing: Thing) {
    const tools = one(parts, "[data-tools]");
    const centre = tools.querySelector("[data-centre]") as HTMLAnchorElement | null;
    if (centre) {
      const asked = new URLSearchParams([...new URLSearchParams(centre.search), ["centre", thing.short ?? ""]]);
      centre.search = String(asked);
    }
    one(tools, "[data-way]").addEventListener("click", () => this.does.wayFrom(thing));
    one(tools, "[data-close]").addEventListener("click", () => this.does.closed());
    return [...tools.children];
  }
}

function row(parts: DocumentFragment, link: NetworkLink, other: Thing) {
  const made = one(parts, "[data-row]").cloneNode(true) as HTMLElement;
  const mark = link.mark && parts.querySelector(`[data-mark="${link.mark}"]`);
  if (mark) one(made, "[data-certainty]").append(...mark.cloneNode(true).childNodes);
  one(made, "[data-label]").textContent = link.label ?? "";
  named(other, one(made, "[data-sign]"), one(made, "[data-thing]"));
  const note = one(made, "[data-note]");
  const evidence: HTMLAnchorElement = one(note, "a");
  if (link.evidence) {
    evidence.href = link.evidence;
    evidence.ariaLabel = `${evidence.textContent} – ${link.label} – ${other.name}`;
  } else note.remove();
  return made;
}

/** Gives a sign and a link what they have of a thing. */
function named(thing: Thing, sign: HTMLElement, name: HTMLElement) {
  const link = name as HTMLAnchorElement;
  if (thing.shape) sign.classList.add(`shape-${thing.shape}`);
  else sign.hidden = true;
  link.textContent = thing.name;
  link.href = thing.address ?? "#table";
  if (thing.language) link.lang = thing.language;
}
