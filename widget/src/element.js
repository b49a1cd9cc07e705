/** The custom element: brings data and elements together, in whichever order they come. */
import { card } from "./card.js";
import css from "./card.css";
import { isReadable, slugsOf } from "./data.js";

/** Slug -> data. What came first stays: a script pasted twice changes nothing that is being read. */
const known = new Map();

/** The elements that stand in a document now, in any shadow root. */
const connected = new Set();

/** Element -> the data that it shows. */
const shown = new WeakMap();

/** Brings data for elements that have none: only the pinned script has such a thing. The first one stays. */
let bring;

/** Document -> its style sheet: one made in another document can't be adopted (an element moved into a frame). */
const sheets = new WeakMap();

function sheetFor(document) {
  if (!sheets.has(document)) {
    const sheet = new document.defaultView.CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(document, sheet);
  }
  return sheets.get(document);
}

/**
 * Shows what is known of the element's shop. A shadow root hides the fallback inside the element, so there
 * is none before there are data; one that lost its data (another `shop`) shows the fallback through a slot.
 */
function update(element) {
  const data = known.get(element.getAttribute("shop"));
  const root = element.shadowRoot;
  if (data) {
    const content = shown.get(element) === data ? root.firstChild : card(data);
    const target = root || element.attachShadow({ mode: "open" });
    target.adoptedStyleSheets = [sheetFor(element.ownerDocument)];
    target.replaceChildren(content);
  } else if (root) {
    root.replaceChildren(document.createElement("slot"));
  }
  shown.set(element, data);
  if (!data && bring) bring(element);
}

/** `<vijf-reviews shop="..." variant="card" theme="light|dark|auto">`. Any variant is a card as yet. */
export class Reviews extends HTMLElement {
  static get observedAttributes() {
    return ["shop", "src"];
  }

  /** Takes a shop's data, from any script on the page; what can't be shown truthfully is ignored. */
  static add(data) {
    if (!isReadable(data)) return;
    for (const slug of slugsOf(data)) if (!known.has(slug)) known.set(slug, data);
    for (const element of connected) if (!shown.get(element)) update(element);
  }

  /** Takes a function that is called with each element that has no data: those that stand there, and later ones. */
  static bringBy(loader) {
    if (bring) return;
    bring = loader;
    for (const element of connected) if (!shown.get(element)) bring(element);
  }

  connectedCallback() {
    connected.add(this);
    update(this);
  }

  disconnectedCallback() {
    connected.delete(this);
  }

  attributeChangedCallback() {
    if (connected.has(this)) update(this);
  }
}
