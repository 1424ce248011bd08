// The card of the thing that is picked: what it is linked to, how surely, and the ways on.
import { copyOf, one } from "../../base/parts.js";
import { said } from "../../base/words.js";

const MOST = 12;
const ORDER = ["explicit", "", "inferred", "tentative"];

export class Card {
  /**
   * @param {HTMLElement} root
   * @param {{closed(): void, wayFrom(thing: Thing): void}} does
   */
  constructor(root, does) {
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
   * @param {Thing} thing
   * @param {Thing[]} things
   * @param {NetworkLink[]} links those of the thing
   * @param {string} side of the drawing that the card stands on where there is room
   */
  show(thing, things, links, side) {
    this.root.dataset.side = side;
    const parts = copyOf("picked-parts");
    const name = one(this.root, "[data-name]");
    const [sign, link] = ["[data-sign]", "[data-thing]"].map((part) => one(parts, part).cloneNode(true));
    named(thing, /** @type {HTMLElement} */ (sign), /** @type {HTMLElement} */ (link));
    name.replaceChildren(sign, link);
    /** @param {NetworkLink} link */
    const otherOf = ({ one: first, other }) => things[first === thing.index ? other : first];
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

  /**
   * @param {DocumentFragment} parts
   * @param {Thing} thing
   */
  tools(parts, thing) {
    const tools = one(parts, "[data-tools]");
    const centre = /** @type {HTMLAnchorElement | null} */ (tools.querySelector("[data-centre]"));
    if (centre) {
      const asked = new URLSearchParams([...new URLSearchParams(centre.search), ["centre", thing.short ?? ""]]);
      centre.search = String(asked);
    }
    one(tools, "[data-way]").addEventListener("click", () => this.does.wayFrom(thing));
    one(tools, "[data-close]").addEventListener("click", () => this.does.closed());
    return [...tools.children];
  }
}

/**
 * @param {DocumentFragment} parts
 * @param {NetworkLink} link
 * @param {Thing} other
 */
function row(parts, link, other) {
  const made = /** @type {HTMLElement} */ (one(parts, "[data-row]").cloneNode(true));
  const stroke = link.certainty && parts.querySelector(`[data-stroke="${link.certainty}"]`);
  if (stroke) one(made, "[data-certainty]").append(...stroke.cloneNode(true).childNodes);
  one(made, "[data-label]").textContent = link.label ?? "";
  named(other, one(made, "[data-sign]"), one(made, "[data-thing]"));
  const note = one(made, "[data-note]");
  /** @type {HTMLAnchorElement} */
  const evidence = one(note, "a");
  if (link.evidence) evidence.href = link.evidence;
  else note.remove();
  return made;
}

/**
 * Gives a sign and a link what they have of a thing.
 * @param {Thing} thing
 * @param {HTMLElement} sign
 * @param {HTMLElement} name
 */
function named(thing, sign, name) {
  const link = /** @type {HTMLAnchorElement} */ (name);
  if (thing.shape) sign.classList.add(`shape-${thing.shape}`);
  else sign.hidden = true;
  link.textContent = thing.name;
  link.href = thing.address ?? "#table";
  if (thing.language) link.lang = thing.language;
}
