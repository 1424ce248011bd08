// Builds what the browser gets: `node build.mjs FOLDER STAMP SIGNS COLOURS`, the last two of each kind as JSON. Names hold the hash of the content;
// manifest.json, written last, says which file is which and whose software is in them.
import { createHash } from "node:crypto";
import { glob, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, zstdCompressSync } from "node:zlib";

import { build } from "esbuild";

const [folder, stamp, signs, colours] = process.argv.slice(2);
/** @type {[string, string][]} */
const SIGNS = Object.entries(JSON.parse(signs));
/** @type {[string, {light: string, dark: string}][]} */
const COLOURS = Object.entries(JSON.parse(colours));
const ENTRIES = {
  site: "base/site.ts",
  style: "base/style.css",
  fonts: "base/fonts.css",
  desk: "desk/desk.ts",
  desk_style: "desk/desk.css",
  explore: "explore/lists/live.ts",
  network: "explore/network/network.ts",
  builder: "query/builder/builder.ts",
  workbench: "query/workbench/page.ts",
  engine: "edition/worker.ts",
  question: "edition/question_page.ts",
  search: "edition/search_page.ts",
  doubts: "edition/doubts_page.ts",
  listed: "edition/list_page.ts",
  offline_switch: "edition/offline_switch.ts",
};
/** The program of the engine that runs in a browser, and where the text of its licence is: its package has none. */
const ENGINE = "node_modules/oxigraph/web_bg.wasm";
/** @type {Record<string, string>} */
const LICENCES = { oxigraph: "edition/oxigraph-licence.txt" };
/** What was packed is kept as long as the package is. */
const PACKED = "node_modules/.packed";
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };
const BROTLI = { params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS } };
const NO_FEATURES = ["base", "node_modules", "static"];

/**
 * Puts the styles of features in the place of `@import "features"`: those that the style sheet does not name.
 * @type {import("esbuild").Plugin}
 */
const features = {
  name: "features",
  setup(its) {
    its.onResolve({ filter: /^features$/ }, () => ({ path: "features", namespace: "features" }));
    its.onLoad({ filter: /.*/, namespace: "features" }, async () => {
      const named = await readFile(ENTRIES.style, "utf8");
      const imports = [];
      for await (const path of glob("**/style.css", { exclude: NO_FEATURES }))
        if (!named.includes(`"../${path}"`)) imports.push(`@import "./${path}";`);
      return { contents: imports.sort().join("\n"), loader: "css", resolveDir: process.cwd() };
    });
  },
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const { metafile } = await build({
  entryPoints: ENTRIES,
  outdir: folder,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox110", "safari16"],
  legalComments: "none",
  logLevel: "warning",
  // tsconfig.json is for checks alone; what a class declares and does not fill costs nothing.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  metafile: true,
  define: { KIND_SIGNS: signs },
  plugins: [features, { name: "signs", setup: (it) => it.onLoad({ filter: /signs\.css$/ }, drawn) }],
});

/** @type {Record<string, string>} */
const files = {};
for (const [path, made] of Object.entries(metafile.outputs)) {
  const name = basename(path).replace(/-[A-Z0-9]{8}(?=\.[a-z0-9]+$)/, "");
  if (Object.values(ENTRIES).includes(made.entryPoint ?? "") || path.endsWith(".woff2")) files[name] = basename(path);
}

await addEngine(files);
await addAlone(files, "offline", "edition/offline.ts");
const { metafile: ofDeposit } = await addAlone(files, "again", "query/again.ts");

const inside = Object.keys({ ...metafile.inputs, ...ofDeposit.inputs })
  .map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
  .filter((name) => name !== undefined);
const packages = await Promise.all([...new Set(inside)].sort().map(described));
const licences = packages
  .map((it) => `${it.name} ${it.version} (${it.licence})\n\n${it.text}`)
  .join(`\n\n${"-".repeat(80)}\n\n`);
const hash = createHash("sha256").update(licences).digest("hex").slice(0, 8);
files["licences.txt"] = `licences-${hash}.txt`;
await writeFile(join(folder, files["licences.txt"]), licences);
await writeFile(
  join(folder, "manifest.json"),
  JSON.stringify(
    {
      made_from: stamp,
      files,
    },
    null,
    1,
  ),
);

/**
 * Puts the program of the engine beside the scripts, as it is and packed: by zstd for pages to unpack, as plain servers
 * pack nothing, and by brotli under the name that other servers look for.
 * @param {Record<string, string>} files
 */
async function addEngine(files) {
  const program = await readFile(ENGINE);
  const hash = createHash("sha256").update(program).digest("hex").slice(0, 8).toUpperCase();
  const packed = {
    "": program,
    ".zst": await packedOnce(`${hash}.zst`, () => zstdCompressSync(program, ZSTD)),
    ".br": await packedOnce(`${hash}.br`, () => brotliCompressSync(program, BROTLI)),
  };
  for (const [suffix, content] of Object.entries(packed)) {
    const name = `oxigraph-${hash}.wasm${suffix}`;
    await writeFile(join(folder, name), content);
    files[`oxigraph.wasm${suffix}`] = name;
  }
}

/**
 * Puts a script of one part among the files: a service worker, and a page that is one file, have no other.
 * @param {Record<string, string>} files
 * @param {string} name
 * @param {string} from
 */
async function addAlone(files, name, from) {
  const built = await build({
    entryPoints: [from],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    write: false,
    tsconfigRaw: {},
  });
  const code = built.outputFiles[0].contents;
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 8).toUpperCase();
  files[`${name}.js`] = `${name}-${hash}.js`;
  await writeFile(join(folder, files[`${name}.js`]), code);
  return built;
}

/**
 * Returns what was packed under a name before, else packs it: that takes seconds.
 * @param {string} name
 * @param {() => Buffer} pack
 */
async function packedOnce(name, pack) {
  const before = await readFile(join(PACKED, name)).catch(() => null);
  if (before) return before;
  const content = pack();
  await mkdir(PACKED, { recursive: true });
  await writeFile(join(PACKED, name), content);
  return content;
}

/**
 * Returns the style of signs, each for the kinds that have it.
 * @param {{path: string}} file
 */
async function drawn({ path }) {
  const text = await readFile(path, "utf8");
  const contents = text.replace(/\.sign-(\w+)/g, (it, sign) => {
    const kinds = SIGNS.filter(([, of]) => of === sign).map(([kind]) => `.shape-${kind}`);
    return kinds.join(", ") || it;
  });
  return { contents: `${coloured()}${contents}`, loader: /** @type {const} */ ("css") };
}

/** Returns the style of the kinds that have colours: each a property on both papers, the ink of its sign, and what fills it in the network. */
function coloured() {
  /** @param {"light" | "dark"} paper */
  const on = (paper) => COLOURS.map(([kind, of]) => `--${kind}: ${of[paper]};`).join(" ");
  const filled = COLOURS.map(
    ([kind]) => `.shape.shape-${kind} { color: var(--${kind}); background-color: var(--fill, currentColor); }`,
  );
  const drawn = COLOURS.map(([kind]) => `.network .kind-${kind} .mark { fill: var(--${kind}); }`);
  const rules = [...filled, ...drawn].join("\n");
  return `:root { ${on("light")} }\n@media (prefers-color-scheme: dark) { :root { ${on("dark")} } }\n${rules}\n`;
}

/**
 * Returns what a package is called, and under which licence it may be passed on.
 * @param {string} name
 */
async function described(name) {
  const place = join("node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(place, "package.json"), "utf8"));
  const own = (await readdir(place)).find((it) => /^licen[cs]e/i.test(it));
  const file = own ? join(place, own) : LICENCES[name];
  if (!file) throw new Error(`${name} comes without the text of its licence`);
  const text = (await readFile(file, "utf8")).trim();
  return { name, version, licence: license, text };
}
