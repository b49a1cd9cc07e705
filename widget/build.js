/**
 * Builds the one file that shops load: `node build.js` writes it into the Python package, where the
 * generator replaces the placeholder by a shop's data (`README.md` has the contract).
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, transform } from "esbuild";

export const PLACEHOLDER = '"@VIJF_DATA@"';
export const BUILT = fileURLToPath(new URL("../builder/vijf/render/static/widget.js", import.meta.url));

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

/** The script's text. The same source gives the same text, wherever it is built. */
export async function bundle() {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("src/main.js", import.meta.url))],
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

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(BUILT, await bundle());
}
