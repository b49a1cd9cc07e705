/**
 * What shops pin by its digest (SRI): the element alone, the same file for every shop and for ever. It fetches the
 * data that an element's `src` names.
 */
import { isWebAddress } from "./data.js";
import { Reviews } from "./element.js";

const NAME = "vijf-reviews";

/** The addresses that were asked for: each once, however many elements name it, whether it answered or not. */
const asked = new Set();

/** Fetches an element's data and hands them over. Whatever goes wrong, the fallback in the snippet stays. */
async function load(element) {
  const src = element.getAttribute("src");
  if (!isWebAddress(src) || asked.has(src)) return;
  asked.add(src);
  try {
    const answer = await fetch(src, { credentials: "omit", referrerPolicy: "no-referrer" });
    customElements.get(NAME).add(await answer.json());
  } catch {}
}

const loadAll = () => document.querySelectorAll(NAME + "[src]").forEach(load);

// A browser without constructable style sheets keeps the fallback.
if ("adoptedStyleSheets" in Document.prototype) {
  if (!customElements.get(NAME)) customElements.define(NAME, Reviews);
  const registered = customElements.get(NAME);
  if (registered.bringBy) registered.bringBy(load);
  else if (registered.add) {
    // A one-request script from before `bringBy`: its elements are found here, those of a later moment are not.
    loadAll();
    addEventListener("load", loadAll);
  }
}
