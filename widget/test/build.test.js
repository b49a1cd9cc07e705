import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { BUILT, PLACEHOLDER, bundle } from "../build.js";

const built = await readFile(BUILT, "utf8");
const sample = JSON.parse(await readFile(new URL("de-ketting.json", import.meta.url), "utf8"));

/** As the generator writes data: JSON in ASCII only. */
const ascii = (data) =>
  JSON.stringify(data).replace(/[^\0-~]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));

test("the committed file is what the source builds", async () => {
  assert.equal(built, await bundle(), "run `npm run build`");
});

test("there is exactly one place for the data", () => {
  assert.equal(built.split(PLACEHOLDER).length, 2);
  assert.equal(built.split("VIJF_DATA").length, 2);
});

test("the file is plain ASCII, begins with its licence and has no source map", () => {
  assert.match(built, /^[\n\t -~]+$/);
  assert.ok(built.startsWith("/* Vijf 1, Apache-2.0 */\n"));
  assert.ok(!built.includes("sourceMappingURL"));
});

test("nothing in it is refused by a strict policy, stores, asks the network or depends on the browser's locale", () => {
  const forbidden = [
    "innerHTML", "outerHTML", "insertAdjacentHTML", "<style", "style=", "data:", "Intl", "eval(", "Function(",
    "localStorage", "sessionStorage", "cookie", "sendBeacon", "fetch(", "XMLHttpRequest", "toLocale", "console",
    "ld+json",
  ];
  for (const word of forbidden) assert.ok(!built.includes(word), word);
});

test("with ten reviews inside it takes 4,096 bytes or less on the wire", () => {
  assert.equal(sample.reviews.length, 10);
  const bytes = brotliCompressSync(built.replace(PLACEHOLDER, () => ascii(sample))).length;
  assert.ok(bytes <= 4096, `${bytes} bytes`);
});

test("the lock file pins digests and names no download address", async () => {
  const lock = await readFile(new URL("../package-lock.json", import.meta.url), "utf8");
  assert.ok(lock.includes('"integrity"'));
  assert.ok(!lock.includes('"resolved"'));
});
