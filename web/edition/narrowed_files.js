// The table of a narrowed list as a file: the rows of the whole one that are chosen, in CSV or JSON as a server has them.

/** @typedef {{value: string, label: string, certainty: string, evidence: string}} Value */
/** @typedef {{thing: string, label: string, certainty: string, evidence: string} & Record<string, any>} Row */

const OF_THING = ["thing", "label", "certainty", "evidence"];
const OF_VALUE = /** @type {const} */ (["value", "label", "certainty", "evidence"]);

/**
 * Returns the file of some rows; raises what hinders that.
 * @param {string} address of the whole list in JSON
 * @param {string} suffix
 * @param {string[]} order of the columns
 * @param {number[]} numbers of the rows
 * @param {Partial<Row>[]} told what each of them says otherwise
 */
export async function fileOf(address, suffix, order, numbers, told) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  /** @type {Row[]} */
  const whole = await answer.json();
  const rows = numbers.map((number, at) => ({ ...whole[number], ...told[at] }));
  const columns = order.filter((name) => rows.some((row) => row[name]?.length));
  const kept = rows.map((row) => Object.fromEntries([...OF_THING, ...columns].map((name) => [name, row[name]])));
  if (suffix === "json") return new Blob([JSON.stringify(kept, null, 1)], { type: "application/json" });
  const head = [
    ...OF_THING,
    ...columns.flatMap((name) => [name, ...OF_VALUE.slice(1).map((part) => `${name}_${part}`)]),
  ];
  const lines = kept.map((row) => [
    ...OF_THING.map((name) => row[name]),
    ...columns.flatMap((name) =>
      OF_VALUE.map((part) => row[name].map((/** @type {Value} */ it) => it[part]).join("|")),
    ),
  ]);
  const text = [head, ...lines].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
  return new Blob([text], { type: "text/csv" });
}

/** @param {string} cell */
const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
