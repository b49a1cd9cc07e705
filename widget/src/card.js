/** The card: data in, nodes out. All words come from strangers, so they only ever become text nodes. */
import { isWebAddress, paragraphsOf, starWidth } from "./data.js";

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

/** Five stars in a row: each is closed, which leads back to its top, and the next is one cell to the right. */
const STARS = "M10 1.7" + "l2.4 5.6 6.1.5-4.6 4.1 1.3 5.9-5.2-3.1-5.2 3.1 1.3-5.9-4.6-4.1 6.1-.5zm20 0".repeat(5);

/**
 * What the shop's CSS can reach (`::part`). Not among them: the pieces that keep a card honest, such as a status,
 * a note, a date or a demo mark, which a page shouldn't be invited to hide.
 */
const PARTS = ["card", "heading", "score", "stars", "summary", "list", "review", "more"];

// From the prototype: a form or image named "createElementNS" hides the document's own method.
const { createElementNS } = Document.prototype;

/** An element with attributes and children; what is missing (undefined or null, for a child "" too) is left out. */
function node(namespace, tag, attributes, children) {
  const made = createElementNS.call(document, namespace, tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children.filter((child) => child));
  return made;
}

const svg = (tag, attributes, ...children) => node(SVG, tag, attributes, children);

/** A piece of the card, by the name that card.css uses. */
const piece = (tag, name, attributes, ...children) =>
  node(HTML, tag, { class: name, part: PARTS.includes(name) ? name : null, ...attributes }, children);

/** A line of text, nothing where there is none. The generator's words follow the card's direction. */
const words = (tag, name, text) => text && piece(tag, name, {}, text);

/** The same for words of customers and shops, which may be in any script: each finds its own direction. */
const quoted = (tag, name, text) => text && piece(tag, name, { dir: "auto" }, text);

const paragraphs = (text) => (text ? paragraphsOf(text).map((paragraph) => quoted("p", "text", paragraph)) : []);

const link = (name, url, text) =>
  isWebAddress(url) && text ? piece("a", name, { href: url, rel: "nofollow" }, text) : words("span", name, text);

/** Outlines of five stars, and the same filled, cut off by the inner svg's own width. */
const stars = ({ label, fill }) =>
  svg(
    "svg",
    { viewBox: "0 0 100 20", role: "img", "aria-label": label, part: "stars", class: "stars" },
    svg("path", { d: STARS, class: "outline" }),
    svg("svg", { width: starWidth(fill), height: 20 }, svg("path", { d: STARS })),
  );

/** A mark as number and stars. The stars' label says it in full, so the bare number isn't read out as well. */
const mark = (name, value) =>
  value && piece("span", name, {}, piece("b", name + "-number", { "aria-hidden": true }, value.text), stars(value));

const reply = (value) =>
  value && piece("div", "reply", {}, quoted("p", "reply-by", value.by), ...paragraphs(value.text));

const review = (value) =>
  piece(
    "article",
    "review",
    {},
    piece(
      "p",
      "facts",
      {},
      mark("rating", value.rating),
      words("span", "note", value.note),
      link("date", value.url, value.date),
    ),
    piece(
      "div",
      "words",
      { lang: value.lang },
      quoted("p", "title", value.title),
      ...paragraphs(value.text),
    ),
    quoted("p", "by", value.by),
    reply(value.reply),
  );

/** The card for data that `isReadable`: one element, 260 pixels high whatever it holds. */
export const card = (data) =>
  piece(
    "div",
    "frame",
    { lang: data.lang, dir: data.dir },
    piece(
      "div",
      "card",
      {},
      piece(
        "div",
        "head",
        {},
        link("heading", data.url, data.heading),
        mark("score", data.score),
        words("p", "summary", data.summary),
        words("p", "explain", data.explain),
      ),
      piece(
        "div",
        "list",
        { role: "region", tabindex: 0, "aria-label": data.heading },
        ...(data.reviews.length ? data.reviews.map(review) : [words("p", "empty", data.none)]),
      ),
      piece(
        "div",
        "foot",
        {},
        link("more", data.url, data.more),
        words("span", "status", data.status),
        words("span", "demo", data.demo),
      ),
    ),
  );
