// Which parts of a drawing are taken: nothing may be over a sign or a name.

const CELL = 48;

/** @typedef {{x: number, y: number, wide: number, high: number}} Box */

export class Room {
  /** @type {Map<number, Box[]>} */
  taken = new Map();

  /**
   * Takes a box, also where another has part of it.
   * @param {Box} box
   */
  take(box) {
    for (const cell of cells(box)) {
      const boxes = this.taken.get(cell);
      if (boxes) boxes.push(box);
      else this.taken.set(cell, [box]);
    }
  }

  /**
   * Tells whether nothing has any part of a box.
   * @param {Box} box
   */
  has({ x, y, wide, high }) {
    for (const cell of cells({ x, y, wide, high }))
      for (const box of this.taken.get(cell) ?? [])
        if (x < box.x + box.wide && box.x < x + wide && y < box.y + box.high && box.y < y + high) return false;
    return true;
  }
}

/** @param {Box} box */
function* cells({ x, y, wide, high }) {
  const [right, bottom] = [Math.floor((x + wide) / CELL), Math.floor((y + high) / CELL)];
  for (let column = Math.floor(x / CELL); column <= right; column++)
    for (let row = Math.floor(y / CELL); row <= bottom; row++) yield column * 4096 + row;
}
