/** What arrives from the generator, judged without touching a document. Everything here is pure. */

/** The newest data format this code understands. */
const VERSION = 1;

/** A star's cell is this wide; its shape leaves EDGE free on both sides (`STARS` in card.js is drawn to it). */
const CELL = 20;
const EDGE = 1;

const isText = (value) => typeof value === "string";
const isObject = (value) => typeof value === "object" && value !== null;
const isMark = (mark) => isObject(mark) && isText(mark.text) && isText(mark.label) && mark.fill >= 0 && mark.fill <= 1;
const isAbsentOr = (test, value) => value === undefined || test(value);
const isReply = (reply) => isObject(reply) && isText(reply.text);

/** An address that a link may lead to: http or https, nothing before it. */
export const isWebAddress = (url) => isText(url) && /^https?:\/\//i.test(url);

const isReview = (review) =>
  isObject(review) &&
  isAbsentOr(isMark, review.rating) &&
  isAbsentOr(isText, review.text) &&
  isAbsentOr(isText, review.note) &&
  isAbsentOr(isReply, review.reply);

/**
 * Whether data may be shown. Newer or malformed data is refused whole, because leaving out the part that
 * isn't understood (a withdrawn rating, a status) could say something untrue; the fallback is always true.
 */
export const isReadable = (data) =>
  isObject(data) &&
  data.v === VERSION &&
  isText(data.shop) &&
  isText(data.heading) &&
  isText(data.summary) &&
  isText(data.more) &&
  isWebAddress(data.url) &&
  (data.score === null || isMark(data.score)) &&
  isAbsentOr(isText, data.status) &&
  isAbsentOr(isText, data.demo) &&
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
