import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { isReadable, isWebAddress, paragraphsOf, slugsOf, starWidth } from "../src/data.js";

const sample = JSON.parse(await readFile(new URL("de-ketting.json", import.meta.url), "utf8"));
const changed = (changes) => ({ ...sample, ...changes });
const withReview = (changes) => changed({ reviews: [{ ...sample.reviews[0], ...changes }] });

test("data of this version is readable, with unknown keys and without optional ones", () => {
  assert.ok(isReadable(sample));
  assert.ok(isReadable(changed({ later: 1 })));
  assert.ok(isReadable(changed({ formerly: undefined, status: null, score: null, reviews: [] })));
  const tombstone = { note: "Verwijderde beoordeling", date: "1 mei 2026", url: "https://a.nl/" };
  assert.ok(isReadable(changed({ reviews: [tombstone] })));
});

test("data newer than the code is refused, and so is data without a version", () => {
  for (const v of [2, 0, "1", null, undefined]) assert.equal(isReadable(changed({ v })), false);
});

test("whatever isn't data at all is refused without an exception", () => {
  for (const value of [undefined, null, 1, "@", [], {}, () => 1]) assert.equal(isReadable(value), false);
});

test("a missing or malformed part refuses all of it, so that nothing half true is shown", () => {
  for (const key of ["shop", "heading", "summary", "more", "url", "score", "reviews"]) {
    assert.equal(isReadable(changed({ [key]: undefined })), false, key);
    assert.equal(isReadable(changed({ [key]: 7 })), false, key);
  }
  assert.equal(isReadable(changed({ url: "javascript:alert(1)" })), false);
  assert.equal(isReadable(changed({ status: 7 })), false);
  assert.equal(isReadable(changed({ reviews: [null] })), false);
  for (const bad of [{ text: 1 }, { note: {} }, { rating: 8 }, { reply: "no" }, { reply: { text: "a", by: 1 } }]) {
    assert.equal(isReadable(withReview(bad)), false, JSON.stringify(bad));
  }
});

test("a mark needs its words and a share between nothing and all", () => {
  const mark = { text: "8,7", label: "8,7 van 10", fill: 0.87 };
  const score = (changes) => isReadable(changed({ score: { ...mark, ...changes } }));
  assert.ok(score({}) && score({ fill: 0 }) && score({ fill: 1 }));
  for (const fill of [-0.1, 1.1, NaN, "0.5", null, undefined]) assert.equal(score({ fill }), false);
  assert.equal(score({ label: undefined }), false);
});

test("a shop answers to its slug and to its earlier ones", () => {
  assert.deepEqual(slugsOf(sample), ["de-ketting", "ketting-fietsen"]);
  assert.deepEqual(slugsOf({ shop: "nieuw" }), ["nieuw"]);
});

test("only http and https addresses become links", () => {
  for (const url of ["https://a.nl/", "http://a.nl", "HTTPS://a.nl"]) assert.ok(isWebAddress(url));
  for (const url of ["javascript:1", " https://a.nl", "java\nscript:1", "//a.nl", "data:,", "", null, 5]) {
    assert.equal(isWebAddress(url), false);
  }
});

test("empty lines part paragraphs, single line breaks stay inside", () => {
  assert.deepEqual(paragraphsOf("a\nb\n\nc\n\n\nd"), ["a\nb", "c", "d"]);
});

test("stars are filled over their own shapes, so that 9.9 differs from 10", () => {
  assert.equal(starWidth(0), 1);
  assert.equal(starWidth(0.5), 50);
  assert.equal(starWidth(1), 100);
  assert.ok(Math.abs(starWidth(0.99) - 98.1) < 1e-9);
  assert.ok(Math.abs(starWidth(0.8706) - (81 + 0.353 * 18)) < 1e-9);
  for (let share = 1; share <= 1000; share += 1) assert.ok(starWidth(share / 1000) >= starWidth((share - 1) / 1000));
});
