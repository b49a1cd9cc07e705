/** What arrives from the generator, judged without touching a document. Everything here is pure. */

/** The newest data format this code understands. */
const VERSION = 1;

/** A star's cell is this wide; its shape leaves EDGE free on both sides (`STARS` in card.js is drawn to it). */
const CELL = 20;
const EDGE = 1;

const isText = (value) => typeof value === "string";
const isObject = (value) => typeof value === "object" && value !== null;
const isShare = (value) => typeof value === "number" && value >= 0 && value <= 1;
const isMark = (value) => isObject(value) && isText(value.text) && isText(value.label) && isShare(value.fill);
const isReply = (value) => isObject(value) && isText(value.text) && mayHaveTexts(value, ["by"]);
const isAbsentOr = (test, value) => value == null || test(value);
const hasTexts = (object, keys) => keys.every((key) => isText(object[key]));
const mayHaveTexts = (object, keys) => keys.every((key) => isAbsentOr(isText, object[key]));

const isReview = (value) =>
  isObject(value) &&
  mayHaveTexts(value, ["url", "by", "date", "lang", "title", "text", "note"]) &&
  isAbsentOr(isMark, value.rating) &&
  isAbsentOr(isReply, value.reply);

/** An address that a link may lead to: http or https, nothing before it. */
export const isWebAddress = (url) => isText(url) && /^https?:\/\//i.test(url);

/**
 * Whether data may be shown. Newer or malformed data is refused whole, because leaving out the part that
 * isn't understood (a withdrawn rating, a status) could say something untrue; the fallback is always true.
 */
export const isReadable = (data) =>
  isObject(data) &&
  data.v === VERSION &&
  isWebAddress(data.url) &&
  hasTexts(data, ["shop", "heading", "summary", "more"]) &&
  mayHaveTexts(data, ["lang", "dir", "explain", "none", "status", "demo"]) &&
  (data.score === null || isMark(data.score)) &&
  Array.isArray(data.reviews) &&
  data.reviews.every(isReview);

/** The values of the `shop` attribute that data answers to: the shop's slug and its earlier ones. */
export const slugsOf = (data) => [data.shop].concat(data.formerly || []);

/** A text's paragraphs; line breaks inside them stay. */
export const paragraphsOf = (text) => text.split(/\n{2,}/);

/**
 * How far from the left a row of five stars (0 to 100) is filled for a share of 0 to 1. Each star is filled
 * over its own shape, without the gaps: else 9.9 would look like 10.
 */
export function starWidth(fill) {
  const whole = Math.floor(fill * 5);
  return whole === 5 ? 5 * CELL : whole * CELL + EDGE + (fill * 5 - whole) * (CELL - 2 * EDGE);
}
