// Returns the texts that lie over each other in the page as it is laid out now, each pair as one line.
// Where something stays while the rest of the page moves, that is looked at from top to bottom.
() => {
  /** What a line has above and below its letters, as parts of its height: lines may share that. */
  const EDGE = 0.25;
  /** How many pixels two texts share, across and down, before it is seen. */
  const SEEN = 1.5;
  const MOST = 10;
  const FIELDS = "input:not([type=hidden]), select, textarea";
  const EVERYWHERE = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  let looks;

  const common = (one, other) => ({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });
  const isSeen = ({ left, top, right, bottom }) => right - left > SEEN && bottom - top > SEEN;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  /** Returns in which part of the page what stands in an element is seen, whether its lines go down, whether it stays. */
  function look(element) {
    if (!looks.has(element)) looks.set(element, looked(element));
    return looks.get(element);
  }

  function looked(element) {
    const style = getComputedStyle(element);
    const { within, stays } = element.parentElement ? look(element.parentElement) : { within: EVERYWHERE };
    const cuts = element !== document.body && style.display !== "inline" && style.overflow !== "visible";
    return {
      within: cuts ? common(within, element.getBoundingClientRect()) : within,
      isUpright: style.writingMode.startsWith("vertical"),
      stays: stays || style.position === "fixed" || (style.position === "sticky" && style.top !== "auto"),
    };
  }

  /** Returns whether nothing is seen through the ground of an element. */
  const isOpaque = (element) => /^rgb\(/.test(getComputedStyle(element).backgroundColor);

  /** Returns the elements that stay while the page is scrolled, and have a ground of their own. */
  function covers() {
    const staying = [...document.body.querySelectorAll("*")].filter((element) => {
      const { position, top } = getComputedStyle(element);
      return position === "fixed" || (position === "sticky" && top !== "auto");
    });
    return staying.filter((element) => isShown(element) && isOpaque(element));
  }

  /** Returns what is seen of a line that goes under one of these; it is cut where their ground begins or ends. */
  function uncovered(line, element, grounds) {
    for (const ground of grounds) {
      const box = ground.getBoundingClientRect();
      const under = common(line, box);
      if (ground.contains(element) || !isSeen(under)) continue;
      const above = document.elementFromPoint((under.left + under.right) / 2, (under.top + under.bottom) / 2);
      if (!ground.contains(above)) continue;
      line = line.top < box.top ? { ...line, bottom: box.top } : { ...line, top: box.bottom };
    }
    return line;
  }

  /** Returns where the letters of a line are seen. */
  function letters({ left, top, right, bottom }, { within, isUpright }) {
    const across = isUpright ? EDGE * (right - left) : 0;
    const down = isUpright ? 0 : EDGE * (bottom - top);
    return common(within, { left: left + across, top: top + down, right: right - across, bottom: bottom - down });
  }

  /** Returns each line of text and each field that is shown, from the top down. */
  function lines() {
    looks = new Map();
    const found = [];
    const range = document.createRange();
    const grounds = covers();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const element = text.parentElement;
      if (!text.data.trim() || !isShown(element)) continue;
      range.selectNodeContents(text);
      for (const line of range.getClientRects())
        found.push({ of: text, ...uncovered(letters(line, look(element)), element, grounds) });
    }
    for (const field of document.querySelectorAll(FIELDS)) {
      if (isShown(field)) found.push({ of: field, ...letters(field.getBoundingClientRect(), look(field)) });
    }
    return found.filter(isSeen).sort((one, other) => one.top - other.top);
  }

  const said = ({ of }) => `“${(of.data ?? `${of.localName} ${of.name}`).trim().replace(/\s+/g, " ").slice(0, 60)}”`;
  const pairs = new Set();

  function compare() {
    const shown = lines();
    shown.forEach((one, at) => {
      for (let next = at + 1; next < shown.length && shown[next].top < one.bottom; next++) {
        const other = shown[next];
        if (other.of !== one.of && isSeen(common(one, other))) pairs.add(`${said(one)} and ${said(other)}`);
      }
    });
  }

  compare();
  if ([...looks.values()].some(({ stays }) => stays)) {
    for (let y = innerHeight; y < document.body.scrollHeight; y += innerHeight) {
      scrollTo({ top: y, behavior: "instant" });
      compare();
    }
    scrollTo({ top: 0, behavior: "instant" });
  }
  return [...pairs].slice(0, MOST);
};
