// The way between two things of a drawing, in an edition: found here, over the links that are drawn.
import { copyOf, one } from "../base/elements.ts";
import { said, words as wordsOf } from "../base/words.ts";

const SURENESS = ["explicit", "inferred", "tentative"];
/** More steps than a way has: no number of sure links outweighs one step more. */
const LONG = 1000;

/** Has a drawing begin with what the page's address names: the thing that is picked, and the way to another one. */
export function begin(data: NetworkData) {
  const { searchParams } = new URL(window.location.href);
  const [from, to] = ["from", "to"].map((name) => searchParams.get(name) ?? "");
  const [start, end] = [from, to].map((short) =>
    data.things.findIndex((it) => it.short === short || it.name === short),
  );
  const place = document.querySelector("[data-way-here]") as HTMLElement | null;
  if (start >= 0) data.picked = start;
  if (!place || !from || !to) return;
  for (const [name, text] of [
    ["from", from],
    ["to", to],
  ])
    (one(place, `[name=${name}]`) as HTMLSelectElement | HTMLInputElement).value = text;
  const words = wordsOf(place);
  const status = one(place, "[data-way-status]");
  if (from === to) status.textContent = words.same;
  else if (start < 0 || end < 0) status.textContent = words.not_drawn;
  else {
    data.way = way(data, start, end);
    const n = data.way.length - 1;
    const ends = { n, one: data.things[start].name, other: data.things[end].name };
    status.textContent = n > 0 ? said(n === 1 ? words.one : words.other, ends) : words.none;
    if (n > 0) tell(one(place, "[data-chain]"), data);
  }
  place.scrollIntoView();
}

/** Returns the things of a shortest way by their numbers; of several ways, one over surer links; none where there is none. */
export function way({ things, links }: NetworkData, start: number, end: number) {
  const linked: [number, number][][] = things.map(() => []);
  for (const { one, other, certainty } of links) {
    const cost = LONG + Math.max(SURENESS.indexOf(certainty), 0);
    linked[one].push([other, cost]);
    linked[other].push([one, cost]);
  }
  const far = things.map(() => Infinity);
  const before = things.map(() => -1);
  const waiting = new Set([start]);
  far[start] = 0;
  while (waiting.size) {
    const at = [...waiting].reduce((nearest, it) => (far[it] < far[nearest] ? it : nearest));
    if (at === end) break;
    waiting.delete(at);
    for (const [next, cost] of linked[at])
      if (far[at] + cost < far[next]) {
        far[next] = far[at] + cost;
        before[next] = at;
        waiting.add(next);
      }
  }
  if (far[end] === Infinity) return [];
  const found = [end];
  while (found[0] !== start) found.unshift(before[found[0]]);
  return found;
}

/** Says each step of a way: the link with how sure it is and its evidence, then the thing that it leads to. */
function tell(chain: HTMLElement, { things, links, way = [] }: NetworkData) {
  const parts = copyOf("picked-parts");
  const steps = way.map((at, place) => {
    const row = one(parts, "[data-row]").cloneNode(true) as HTMLElement;
    const link = links.find(
      ({ one: first, other }) => place && [first, other].sort().join() === [way[place - 1], at].sort().join(),
    );
    const mark = link?.mark && parts.querySelector(`[data-mark="${link.mark}"]`);
    if (mark) one(row, "[data-certainty]").append(...mark.cloneNode(true).childNodes);
    one(row, "[data-label]").textContent = link?.label ?? "";
    const thing = things[at];
    const name = one(row, "[data-thing]") as HTMLAnchorElement;
    Object.assign(name, { textContent: thing.name, href: thing.address ?? "#table", lang: thing.language ?? "" });
    one(row, "[data-sign]").classList.add(`shape-${thing.shape}`);
    if (link?.evidence) (one(row, "[data-note] a") as HTMLAnchorElement).href = link.evidence;
    else one(row, "[data-note]").remove();
    return row;
  });
  chain.replaceChildren(...steps);
  chain.hidden = false;
}
