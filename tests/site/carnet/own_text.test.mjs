// A text that the reader has: known by its digest, its words found by code points, a copy of it by its printed words.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { digestOf, foundIn, OwnText, paragraphs, sentences, textIn } from "../../../web/carnet/own_text.ts";

const TEXT = "Élan 𝄞 dit 𝄞 « bon ».\n\n𝄞𝄞 Anne **parle *à* Paul** la 3^{ème} fois. Paul écoute.\n";
const bytes = (text, encoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));
const at = (words) => {
  const start = [...TEXT.slice(0, TEXT.indexOf(words))].length;
  return [start, start + [...words].length];
};

test("the digest is SHA-256 of UTF-8, whatever the browser offers", () => {
  for (const text of ["", TEXT, "𝄞".repeat(70_000)])
    assert.equal(digestOf(text), createHash("sha256").update(text).digest("hex"));
});

test("positions are code points, also beyond the basic plane", () => {
  const text = new OwnText(TEXT);
  for (const words of ["Anne", "bon", "Paul écoute"]) {
    assert.deepEqual(text.places(words), [at(words)]);
    assert.equal(text.words(at(words)), words);
  }
  assert.deepEqual(sentences(text, [at("Anne")]).map(text.words), ["𝄞𝄞 Anne parle à Paul la 3ème fois."]);
  assert.deepEqual(paragraphs(text, [0, [...TEXT].length]).map(text.words), [
    "Élan 𝄞 dit 𝄞 « bon ».",
    "𝄞𝄞 Anne parle à Paul la 3ème fois. Paul écoute.\n",
  ]);
  assert.equal(new OwnText("a * b *c").words([0, 8]), "a * b *c");
});

test("a file is read as the program reads it", () => {
  const wanted = { text: "É\nfin" };
  assert.deepEqual(textIn(bytes("\ufeffE\u0301\r\nfin")), wanted);
  assert.deepEqual(textIn(bytes("É\rfin", "latin1")), wanted);
  assert.deepEqual(textIn(bytes("\ufeffÉ\nfin", "utf16le")), wanted);
  assert.equal(textIn(bytes("junk\n%PDF-1.4\n")), "pdf");
  for (const other of ["PK\x03\x04", "a\0b", " \n"]) assert.equal(textIn(bytes(other, "latin1")), "other");
});

test("a near copy is found by printed words, each where its order has it; another text is not", async () => {
  const text = await readFile(new URL("../../trial/C.txt", import.meta.url), "utf8");
  const points = [...text];
  const passages = [
    "Numéro 7",
    "Fonds Talarvoren",
    "Bezhinou",
    "Limnoria",
    "Ti Kemeren",
    "agence Ocrevoile Conseil",
  ].map((it) => {
    const start = [...text.slice(0, text.lastIndexOf(it))].length;
    return [start, start + it.length, [it]];
  });
  const copied = text
    .replace(/(?<!\n)\n(?!\n)/g, " ")
    .replace("Ocrevoile", "Ocre-\r\nvoile")
    .replaceAll("’", "'")
    .replaceAll("« ", '"');
  const copy = new OwnText(`De : quelqu'un\r\n\r\n${copied}`);
  const found = foundIn(copy, passages) ?? [];
  assert.equal(found.length, passages.length);
  for (const [start, end, from, to] of found) {
    const letters = (words) => words.replace(/[\s-]/g, "");
    assert.equal(letters(copy.words([from, to])), letters(points.slice(start, end).join("")));
    assert.ok(Math.abs(from - start) < 60, "of several, the one that the order has it");
  }
  assert.equal(foundIn(new OwnText("Numéro 7 d'une autre lettre, par Bezhinou."), passages), null);
});
