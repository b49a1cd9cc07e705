import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { BUILT, INDEX, KEPT, PLACEHOLDER, bundle, entryOf, indexWith } from "../build.js";

const built = await readFile(BUILT, "utf8");
const index = JSON.parse(await readFile(INDEX, "utf8"));
const keptFile = (name) => readFile(new URL(name, KEPT), "utf8");
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

const FORBIDDEN = [
  "innerHTML", "outerHTML", "insertAdjacentHTML", "<style", "style=", "data:", "Intl", "eval(", "Function(",
  "localStorage", "sessionStorage", "cookie", "sendBeacon", "XMLHttpRequest", "toLocale", "console", "ld+json",
];

test("nothing in it is refused by a strict policy, stores, asks the network or depends on the browser's locale", () => {
  for (const word of [...FORBIDDEN, "fetch("]) assert.ok(!built.includes(word), word);
});

test("the newest pinned script is what the source builds", async () => {
  const text = await bundle("pinned.js");
  const { file, integrity } = entryOf(text);
  assert.equal(index.at(-1).file, file, "run `npm run build`");
  assert.equal(index.at(-1).integrity, integrity);
  assert.equal(await keptFile(file), text);
});

test("every kept script is named after its bytes, and nothing else is kept", async () => {
  for (const { file, integrity } of index) {
    assert.deepEqual({ ...entryOf(await keptFile(file)) }, { file, integrity, version: null });
  }
  const names = (await readdir(KEPT)).filter((name) => name !== "index.json");
  assert.deepEqual(names.sort(), index.map(({ file }) => file).sort());
});

test("the pinned script fetches, and holds nothing else that a strict policy refuses", async () => {
  const text = await keptFile(index.at(-1).file);
  for (const word of [...FORBIDDEN, "VIJF_DATA"]) assert.ok(!text.includes(word), word);
  assert.equal(text.split("fetch(").length, 2);
  assert.match(text, /^[\n\t -~]+$/);
});

test("the pinned script takes 3,072 bytes or less on the wire", async () => {
  const bytes = brotliCompressSync(await keptFile(index.at(-1).file)).length;
  assert.ok(bytes <= 3072, `${bytes} bytes`);
});

const [one, two, three] = ["one", "two", "three"].map(entryOf);
const released = (entry, version) => ({ ...entry, version });

test("a build replaces a script that wasn't released, and never one that was", () => {
  assert.deepEqual(indexWith([], one), [one]);
  assert.deepEqual(indexWith([one], one), [one]);
  assert.deepEqual(indexWith([one], two), [two]);
  const past = [released(one, "1.0.0"), released(two, "1.1.0")];
  assert.deepEqual(indexWith(past, two), past);
  assert.deepEqual(indexWith(past, three), [...past, three]);
  assert.deepEqual(indexWith([...past, three], entryOf("four")), [...past, entryOf("four")]);
});

test("a release marks the newest, keeps the version of one that is out, and goes back to one that was", () => {
  assert.deepEqual(indexWith([one], one, "1.0.0"), [released(one, "1.0.0")]);
  const past = [released(one, "1.0.0"), released(two, "1.1.0")];
  assert.deepEqual(indexWith(past, two, "1.2.0"), past);
  assert.deepEqual(indexWith([...past, three], one), [past[1], past[0]]);
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
