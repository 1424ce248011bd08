// How the desk's page counts positions, cuts a text into words and sentences, finds and selects them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { WordSelection } from "../../web/desk/selection.ts";
import { stretches } from "../../web/desk/sheet.ts";
import { begins, Positions, printedMarks, TextFinder, TextWords } from "../../web/desk/text_words.ts";

const TEXT = "L’atelier 🧵 de Bezhinou, à Lannion.\nIl a 2 mots ; le Goumon-Plak tient. Fin.\n\nAutre 🧵🧵 partie.";

test("positions are code points for the server and units for the browser, and come back as they were", () => {
  const positions = new Positions(TEXT);
  const points = [...TEXT];
  for (let point = 0; point <= points.length; point += 1) {
    const unit = points.slice(0, point).join("").length;
    assert.equal(positions.units(point), unit);
    assert.equal(positions.points(unit), point);
  }
  const state = { parts: [{ start: 11, end: 12 }], read: [[11, 14, "explicit"]], things: [{ places: [[10, 11]] }] };
  const received = positions.received(state);
  assert.deepEqual(received.read, [[12, 15, "explicit"]]);
  assert.deepEqual(positions.sent(received), state);
});

test("a text without signs of two units stays as it is", () => {
  const said = { words: [[1, 2]] };
  assert.equal(new Positions("Élan").received(said), said);
});

test("an article is a word of its own, a compound is one", () => {
  const { words, text } = new TextWords(TEXT);
  const found = words.map(([start, end]) => text.slice(start, end));
  assert.deepEqual(found.slice(0, 4), ["L’", "atelier", "de", "Bezhinou"]);
  assert.ok(found.includes("Goumon-Plak"));
});

test("words are found by how they begin, from here on and then from the beginning", () => {
  const words = new TextWords(TEXT);
  const finder = new TextFinder(words);
  const found = (written, from = 0) => words.text.slice(...(finder.find(written, from) ?? [0, 0]));
  assert.equal(found("bez"), "Bezhinou");
  assert.equal(found("BEZ", 60), "Bezhinou");
  assert.equal(found("atel..lan"), "atelier 🧵 de Bezhinou, à Lannion");
  assert.equal(found("ezh"), "");
  assert.equal(finder.completed("goum", []), "Goumon-Plak");
  assert.equal(finder.completed("nowhere", []), "nowhere");
});

test("a selection grows by words and sentences, and has several pieces", () => {
  const words = new TextWords(TEXT);
  const selection = new WordSelection(words, () => undefined);
  selection.step(1, false);
  selection.step(1, true);
  assert.equal(selection.text, "L’atelier");
  selection.add();
  selection.select(words.snapped([words.text.indexOf("Lann") + 2, words.text.indexOf("Lann") + 3]));
  assert.equal(selection.text, "L’atelier […] Lannion");
  assert.equal(selection.size, 3);
  selection.clear();
  selection.select(words.snapped([words.text.indexOf("Goumon"), words.text.indexOf("Goumon") + 1]));
  selection.widen();
  assert.equal(selection.text, "Il a 2 mots ; le Goumon-Plak tient.");
});

test("a text without blank lines is cut where a line ends a sentence, and nothing of it is left out", () => {
  const text = `Une ligne de ce texte.\nUne autre, sans\n`.repeat(600);
  const { paragraphs, ...words } = new TextWords(text);
  assert.ok(paragraphs.length > 4);
  assert.ok(paragraphs.every(({ start, end }) => end - start < 5000));
  assert.ok(paragraphs.slice(0, -1).every(({ end, goesOn }) => goesOn && text[end - 1] === "."));
  assert.equal(paragraphs.map(({ start, end }) => text.slice(start, end)).join("\n"), text.trimEnd());
  assert.equal(words.words.length, 600 * 8);
});

test("lines of a narrow column are set anew, those of an address or a list keep their breaks", () => {
  const set = (/** @type {string[]} */ ...lines) => new TextWords(lines.join("\n")).paragraphs.map((it) => it.isSet);
  assert.deepEqual(set("La coopérative répare des vélos", "avec ceux qui en ont besoin et les", "prête le samedi."), [
    true,
  ]);
  assert.deepEqual(set("Douarnenez, samedi 16 janvier", "Salle des Vieux-Mareyeurs", "34 participants"), [false]);
  assert.deepEqual(set("Avec :", "un tour à bois et deux établis", "des outils"), [false]);
});

test("signs that mark bold and raised letters are apart, and every position stays", () => {
  const text = "La **7^{ème}** lettre, 2 * 3 et **deux\nlignes**\n# *Fin* du 3*2\n";
  const marks = printedMarks(text).map(({ start, end, name }) => [text.slice(start, end), name]);
  assert.deepEqual(
    marks.filter(([, name]) => name !== "markup"),
    [
      ["7^{ème}", "is-bold"],
      ["deux\nlignes", "is-bold"],
      ["Fin", "is-slanted"],
      ["ème", "is-raised"],
      ["*Fin* du 3*2", "is-bold"],
    ],
  );
  assert.equal(
    marks
      .filter(([, name]) => name === "markup")
      .map(([signs]) => signs)
      .join(" "),
    "** ** ** ** * * ^{ } # ",
  );
});

test("what is marked in several ways is cut into stretches", () => {
  const state = {
    read: [
      [0, 10, "tentative"],
      [4, 6, "explicit"],
    ],
    things: [{ kind: "place", places: [[5, 8]] }],
    proposals: [{ status: "refused", start: 0, end: 3 }],
  };
  const found = stretches(/** @type {any} */ (state)).map((it) => [it.start, it.end, it.isRead, it.kind]);
  assert.deepEqual(found, [
    [0, 4, true, ""],
    [4, 5, true, ""],
    [5, 6, true, "place"],
    [6, 8, true, "place"],
    [8, 10, true, ""],
  ]);
});

test("the beginnings of words, in their order, are enough to name something", () => {
  assert.ok(begins("po pa", "Portée par"));
  assert.ok(begins("ev", "Événement"));
  assert.ok(!begins("par po", "portée par"));
});
