// How much of each part of the text has been read, as it grows.
import { fill, made } from "./made.js";
import { number, say } from "./said.js";

/**
 * Shows the table of coverage, and its sum in the head.
 * @param {Record<string, HTMLElement>} parts
 * @param {DeskState} state
 * @param {(part: string) => void} go
 */
export function showCoverage(parts, state, go) {
  const rows = state.coverage;
  const all = rows.reduce((n, it) => n + it.characters, 0);
  const read = rows.reduce((n, it) => n + it.read, 0);
  const share = all ? Math.floor((100 * read) / all) : 0;
  const meter = /** @type {HTMLMeterElement} */ (parts.meter);
  meter.value = share;
  parts.share.textContent = `${number(share)} %`;
  const head = ["part", "read_share", "facts_count", "bare"].map((it, at) =>
    made("th", { scope: "col", class: at ? "n" : null }, say(it)),
  );
  const body = rows.map((it) =>
    made(
      "tr",
      {},
      made(
        "th",
        { scope: "row" },
        made("button", { type: "button", class: "link", onclick: () => go(it.part.address) }, it.part.label),
      ),
      made("td", { class: "n" }, `${number(it.characters ? Math.floor((100 * it.read) / it.characters) : 0)} %`),
      made("td", { class: "n" }, number(it.facts)),
      made("td", { class: "n" }, number(it.bare)),
    ),
  );
  fill(
    parts.coverage,
    made("caption", { class: "unseen" }, say("coverage")),
    made("thead", {}, made("tr", {}, head)),
    made("tbody", {}, body),
  );
}
