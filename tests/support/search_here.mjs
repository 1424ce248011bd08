// Searches as an edition does: reads {file, phrases, language, texts} from standard input, writes what each text finds and asks.
import { readFileSync } from "node:fs";

const { Asking, ranked } = await import(new URL("../../web/edition/asking.ts", import.meta.url).href);
const { SearchIndex } = await import(new URL("../../web/edition/search.ts", import.meta.url).href);

const { file, phrases, language, texts } = JSON.parse(readFileSync(0, "utf8"));
const index = new SearchIndex(file);
const asking = new Asking(phrases);
const found = texts.map(([text, kind]) => {
  const [answer, meant] = [index.find(text, { language, kind }), asking.meant(text, index)];
  const order = ranked(answer.hits, meant).map((it) => it.iri ?? it.name);
  return { ...answer, others: index.alike(text), meant, order };
});
process.stdout.write(JSON.stringify(found));
