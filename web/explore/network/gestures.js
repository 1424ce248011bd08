// Dragging, pinching and the wheel, as moves of a view.

/** Pixels that a pressed pointer may stray and still press. */
const STRAY = 4;
const WHEEL = 0.0022;

/**
 * Tells of gestures on an element. The wheel magnifies with Ctrl or ⌘ alone, as a trackpad's pinch
 * does: without, it scrolls the page. One finger scrolls the page too; two move the drawing.
 * @param {HTMLElement} on
 * @param {{moved(dx: number, dy: number): void, zoomed(times: number, x: number, y: number): void,
 *   ended(): void, pressed(x: number, y: number): void, over(x: number, y: number): void}} told
 */
export function gestures(on, told) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let strayed = 0;
  /** @param {MouseEvent} it */
  const at = ({ clientX, clientY }) => {
    const { left, top } = on.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };

  on.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!down.size) strayed = 0;
    down.set(event.pointerId, at(event));
    on.setPointerCapture(event.pointerId);
  });
  on.addEventListener("pointermove", (event) => {
    const [before, now] = [down.get(event.pointerId), at(event)];
    if (!before) return told.over(now.x, now.y);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    strayed += Math.hypot(dx, dy);
    down.set(event.pointerId, now);
    if (other) {
      /** @param {{x: number, y: number}} it */
      const far = (it) => Math.hypot(it.x - other.x, it.y - other.y) || 1;
      told.moved(dx / 2, dy / 2);
      told.zoomed(far(now) / far(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else if (strayed > STRAY) told.moved(dx, dy);
  });
  /** @param {PointerEvent} event */
  const up = (event) => {
    const was = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (!was || down.size) return;
    if (event.type === "pointerup" && strayed <= STRAY) told.pressed(was.x, was.y);
    else told.ended();
  };
  on.addEventListener("pointerup", up);
  on.addEventListener("pointercancel", up);
  on.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { x, y } = at(event);
      told.zoomed(Math.exp(-event.deltaY * WHEEL), x, y);
    },
    { passive: false },
  );
}
