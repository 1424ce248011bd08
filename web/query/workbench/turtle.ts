// Turtle for people: short by prefixes, and with what its things are called in comments above them. The
// graph stays the same.
import { tokensOf, type Token } from "./syntax.ts";

const LONGEST = 60;
/** What stands after a prefix without any sign to escape. */
const LOCAL = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/** Returns a text in Turtle, which declares no prefix, with these. */
export function withPrefixes(text: string, prefixes: Map<string, string>) {
  const said = tokensOf(text);
  if (said.some(({ text: it }) => /^@?(?:prefix|base)$/i.test(it))) return text;
  const used = new Map();
  let made = "";
  let done = 0;
  for (const { kind, text: written, from, to } of said) {
    const prefix = kind === "iri" && prefixOf(written.slice(1, -1), prefixes);
    if (!prefix) continue;
    const [name, space] = prefix;
    used.set(name, space);
    made += `${text.slice(done, from)}${name}:${written.slice(1 + space.length, -1)}`;
    done = to;
  }
  return `${[...used].map(([name, space]) => `@prefix ${name}: <${space}> .\n`).join("")}${made}${text.slice(done)}`;
}

const prefixOf = (iri: string, prefixes: Map<string, string>) =>
  [...prefixes].find(([, space]) => space && iri.startsWith(space) && LOCAL.test(iri.slice(space.length)));

/**
 * Returns the things that a text in Turtle names, by the lines that they stand in.
 * @returns IRIs by where the line begins
 */
export function thingsOf(text: string): Map<number, string[]> {
  const prefixes = new Map();
  const things = new Map();
  let before: Token[] = [];
  for (const token of tokensOf(text)) {
    const declares = before.at(-1)?.text === "@prefix" || before.at(-1)?.text?.toUpperCase() === "PREFIX";
    const declared = before.at(-1)?.kind === "name" && /^@?prefix$/i.test(before.at(-2)?.text ?? "");
    if (declared && token.kind === "iri") prefixes.set(before[before.length - 1].text, token.text.slice(1, -1));
    else if (!declares && (token.kind === "iri" || token.kind === "name")) {
      const iri = token.kind === "iri" ? token.text.slice(1, -1) : expanded(token.text, prefixes);
      const start = text.lastIndexOf("\n", token.from) + 1;
      if (iri) things.set(start, [...(things.get(start) ?? []), iri]);
    }
    before = [...before.slice(-1), token];
  }
  return things;
}

/**
 * Returns a text in Turtle with the names of its things above their lines. A text of several lines
 * takes no comment within it.
 */
export function withNames(text: string, nameOf: (iri: string) => string | undefined) {
  const inside = tokensOf(text).filter(({ kind, text: it }) => kind === "string" && it.includes("\n"));
  let made = "";
  let done = 0;
  for (const [start, iris] of [...thingsOf(text)].sort(([a], [b]) => a - b)) {
    const names = [...new Set(iris.map(nameOf).filter(Boolean).map(short))];
    if (!names.length || inside.some(({ from, to }) => from < start && start < to)) continue;
    const indent = text.slice(start).match(/^[ \t]*/)?.[0] ?? "";
    made += `${text.slice(done, start)}${indent}# ${names.join(" · ")}\n`;
    done = start;
  }
  return made + text.slice(done);
}

function expanded(name: string, prefixes: Map<string, string>) {
  const colon = name.indexOf(":") + 1;
  const space = prefixes.get(name.slice(0, colon));
  return space === undefined ? undefined : space + name.slice(colon).replace(/\\(.)/g, "$1");
}

/** A comment is of one line. */
const short = (name: string) => {
  const line = name.replace(/[\s\u0000-\u001f\u0085\u2028\u2029]+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
};
