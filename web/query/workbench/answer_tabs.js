// The tabs over one answer: its rows, drawings of them, and where they come from.

/** @typedef {"table" | "chart" | "network" | "map" | "origin"} Way */

export class AnswerTabs {
  /** @type {Way} */
  way = "table";

  /**
   * @param {HTMLElement} list the tabs
   * @param {(way: Way) => void} chosen called when another one is chosen
   */
  constructor(list, chosen) {
    this.list = list;
    this.chosen = chosen;
    const around = /** @type {HTMLElement} */ (list.parentElement);
    this.tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
    this.panels = /** @type {HTMLElement[]} */ ([...around.querySelectorAll("[data-panel]")]);
    list.addEventListener("click", ({ target }) => {
      const tab = this.tabs.find((it) => it.contains(/** @type {Node} */ (target)));
      if (tab) this.choose(wayOf(tab));
    });
    list.addEventListener("keydown", (event) => this.move(event));
  }

  /**
   * Shows the answer in a way; the same panel holds all drawings.
   * @param {Way} way
   */
  choose(way) {
    this.way = way;
    for (const tab of this.tabs) {
      const here = wayOf(tab) === way;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      if (!here) continue;
      for (const panel of this.panels) panel.hidden = panel.id !== tab.getAttribute("aria-controls");
      document.getElementById(tab.getAttribute("aria-controls") ?? "")?.setAttribute("aria-labelledby", tab.id);
    }
    this.chosen(way);
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const at = this.tabs.findIndex((tab) => tab === document.activeElement);
    const last = this.tabs.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    this.tabs[next].focus();
    this.choose(wayOf(this.tabs[next]));
  }
}

/** @param {HTMLElement} tab */
const wayOf = (tab) => /** @type {Way} */ (tab.dataset.tab);
