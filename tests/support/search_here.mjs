// Searches as an edition does: reads {file, language, texts} from standard input, writes what each text finds.
import { readFileSync } from "node:fs";

const { SearchIndex } = await import(new URL("../../web/edition/search.ts", import.meta.url).href);

const { file, language, texts } = JSON.parse(readFileSync(0, "utf8"));
const index = new SearchIndex(file);
const found = texts.map(([text, kind]) => ({ ...index.find(text, { language, kind }), others: index.alike(text) }));
process.stdout.write(JSON.stringify(found));
