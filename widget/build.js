/**
 * Builds the two files that shops load: `node build.js` writes them into the Python package (`README.md` says
 * more). `widget.js` is a template: the generator replaces its placeholder by a shop's data. The pinned file is
 * named after its digest and kept for ever once released: `node build.js 0.2.0` notes that it is, in that version.
 */
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, transform } from "esbuild";

const STATIC = new URL("../builder/vijf/render/static/", import.meta.url);

export const PLACEHOLDER = '"@VIJF_DATA@"';
export const BUILT = fileURLToPath(new URL("widget.js", STATIC));
export const KEPT = new URL("released/", STATIC);
export const INDEX = new URL("index.json", KEPT);

/** Makes `import css from "./card.css"` a minified string; esbuild's own text loader doesn't minify. */
const cssAsText = {
  name: "css-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** A script's text, from its entry in src/. The same source gives the same text, wherever it is built. */
export async function bundle(entry = "main.js") {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("src/" + entry, import.meta.url))],
    banner: { js: "/* Vijf 1, Apache-2.0 */" },
    bundle: true,
    charset: "ascii",
    format: "iife",
    minify: true,
    plugins: [cssAsText],
    target: "es2020",
    write: false,
  });
  return result.outputFiles[0].text;
}

/** A pinned script's entry in the index; `version` is null until it is released. */
export const entryOf = (text) => ({
  file: `vijf.${createHash("sha256").update(text).digest("hex").slice(0, 16)}.js`,
  integrity: "sha384-" + createHash("sha384").update(text).digest("base64"),
  version: null,
});

/**
 * The index, oldest first, once `entry` is what the source builds: the last one is what snippets name. What was
 * released stays; one that wasn't gives way. A source that went back to a released script goes on with that.
 */
export function indexWith(index, entry, version = null) {
  const current = index.find(({ file, version }) => file === entry.file && version) ?? entry;
  const kept = index.filter((one) => one.version && one !== current);
  return [...kept, { ...current, version: current.version ?? version }];
}

async function keep(text, version) {
  const former = JSON.parse(await readFile(INDEX, "utf8"));
  const entry = entryOf(text);
  const index = indexWith(former, entry, version);
  for (const { file } of former) {
    if (!index.some((one) => one.file === file)) await rm(new URL(file, KEPT), { force: true });
  }
  if (!former.some(({ file, version }) => file === entry.file && version)) {
    await writeFile(new URL(entry.file, KEPT), text);
  }
  await writeFile(INDEX, JSON.stringify(index, null, 2) + "\n");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(BUILT, await bundle());
  await keep(await bundle("pinned.js"), process.argv[2]);
}
