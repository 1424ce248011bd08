// Searches as an edition does: reads {file, phrases, language, texts} from standard input, writes what each text finds and asks.
import { readFileSync } from "node:fs";

const { Asking } = await import(new URL("../../web/edition/asking.ts", import.meta.url).href);
const { SearchIndex } = await import(new URL("../../web/edition/search.ts", import.meta.url).href);

const { file, phrases, language, texts } = JSON.parse(readFileSync(0, "utf8"));
const index = new SearchIndex(file);
const asking = new Asking(phrases);
const found = texts.map(([text, kind]) => ({
  ...index.find(text, { language, kind }),
  others: index.alike(text),
  meant: asking.meant(text, index),
}));
process.stdout.write(JSON.stringify(found));
