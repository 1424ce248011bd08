// The page of a deposit: it has the engine and the release in it, and asks again without a server or a network.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { decompress } from "fzstd";
import init, { Store } from "oxigraph/web.js";

import { answerOf, statementsOf } from "../edition/answering.ts";

const MOST_SHOWN = 1000;
const FIELD = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy;

const given: DepositedAnswer = JSON.parse(element("given").textContent ?? "");
const query = element<HTMLTextAreaElement>("query");
const form = element<HTMLFormElement>("ask");
const asked = query.value;
const opening = opened();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
form.hidden = false;
ask();

async function ask() {
  say(given.words.asking);
  try {
    show(answerOf(await opening, query.value, ["text/csv", "application/n-triples"]));
  } catch (error) {
    say(given.words.unable, error instanceof Error ? error.message : String(error));
  }
}

async function opened() {
  // What is drawn first is seen while the release is read.
  await new Promise((resolve) => {
    setTimeout(resolve);
  });
  await init({ module_or_path: decompress(bytesOf("program")) as Uint8Array<ArrayBuffer> });
  const store = new Store();
  const how = { lenient: true, no_transaction: true };
  for (const { quads, triples } of statementsOf(new TextDecoder().decode(decompress(bytesOf("data"))), given.apart)) {
    store.load(quads, { format: "application/n-quads", ...how });
    store.load(triples, { format: "application/n-triples", ...how });
  }
  return store;
}

function show({ type, text, detail }: EngineAnswer) {
  const table = element("answer");
  if (text === undefined) {
    table.replaceChildren();
    return say(given.words.refused, detail);
  }
  const rows =
    type === "text/csv"
      ? rowsOf(text)
      : text
          .split("\n")
          .filter(Boolean)
          .map((line) => [line]);
  const lines = rows.slice(0, MOST_SHOWN + 1).map((cells, number) => {
    const line = document.createElement("tr");
    for (const cell of cells) {
      const kind = number === 0 && type === "text/csv" ? "th" : "td";
      line.appendChild(document.createElement(kind)).textContent = cell;
    }
    return line;
  });
  table.replaceChildren(...lines);
  if (query.value !== asked) say(given.words.other);
  else say(hashOf(text) === given.sha256 ? given.words.same : given.words.different);
}

/** Returns the SHA-256 of the lines of an answer in code point order, whatever order an engine gives them in. */
function hashOf(text: string) {
  const lines = text.split(/\r?\n/).filter(Boolean).map(utf8ToBytes);
  const hexadecimal = lines.map(bytesToHex).sort().join("\n");
  return bytesToHex(sha256(utf8ToBytes(hexadecimal)));
}

function rowsOf(csv: string) {
  const rows: string[][] = [[]];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < csv.length) {
    const [, field, end] = FIELD.exec(csv) ?? ["", "", ""];
    rows.at(-1)?.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end.endsWith("\n")) rows.push([]);
    else if (end === "") break;
  }
  return rows.filter((row) => row.length > 0);
}

function say(sentence: string, detail = "") {
  element("said").textContent = detail ? `${sentence} ${detail}` : sentence;
}

function bytesOf(id: string) {
  return Uint8Array.from(atob(element(id).textContent ?? ""), (it) => it.charCodeAt(0));
}

function element<Kind extends HTMLElement>(id: string) {
  return document.getElementById(id) as Kind;
}
