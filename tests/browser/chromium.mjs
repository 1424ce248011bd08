// Unpacks the browser and the libraries that it needs; prints where both are.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import chromium, { inflate } from "@sparticuz/chromium";

const build = dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium")));
const program = await chromium.executablePath();
const libraries = await inflate(join(build, "..", "bin", "al2023.tar.br"));
console.log(JSON.stringify({ program, libraries: join(libraries, "lib") }));
