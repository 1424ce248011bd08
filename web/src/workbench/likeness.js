// How like two texts are, for what is written nearly right.

/** From here on a text is near another. */
export const LIKE = 0.7;
/** Longer texts are not compared. */
const LONGEST = 200;

/** Returns how like two texts are, from 0 to 1: by the letters to change or exchange, or because one is in the other. */
export function likeness(a, b) {
  if (a === b) return 1;
  if (Math.max(a.length, b.length) > LONGEST) return 0;
  const changes = 1 - changed(a, b) / Math.max(a.length, b.length, 1);
  return Math.min(a.length, b.length) > 3 && (b.includes(a) || a.includes(b)) ? Math.max(changes, LIKE) : changes;
}

function changed(a, b) {
  let [before, row] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
