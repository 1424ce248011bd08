// What a key does where no field has the focus. Letters alone can be switched off (WCAG 2.1.4); what goes with Ctrl always works.

const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const KEPT = "desk-letter-keys";

/** Returns whether letters alone do something; kept in the browser where it keeps anything. */
export function letterSwitch(box: HTMLInputElement) {
  try {
    box.checked = localStorage.getItem(KEPT) !== "off";
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  } catch {
    // The browser keeps nothing: the switch holds as long as the page is open.
  }
  return () => box.checked;
}

/**
 * Has keys do things: those with Ctrl anywhere, the others outside of fields.
 * @param does by the name of the key, `Ctrl+` before it where that is held
 * @param isElsewhere whether a form has the keys now
 */
export function listen(does: Record<string, () => void>, lettersAreOn: () => boolean, isElsewhere: () => boolean) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const isHeld = event.ctrlKey || event.metaKey;
    const name = `${isHeld ? "Ctrl+" : ""}${isHeld && event.shiftKey ? "Shift+" : ""}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
    const act = does[name];
    if (!act || document.querySelector("dialog[open]")) return;
    if (isHeld ? target.matches(FIELDS) && name !== "Ctrl+s" : target.matches(FIELDS) || isElsewhere()) return;
    if (!isHeld && event.key.length === 1 && !lettersAreOn()) return;
    event.preventDefault();
    act();
  });
}
