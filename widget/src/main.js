/** What runs on the shop's page: registers the element once and hands over the data of this script. */
import { Reviews } from "./element.js";

const NAME = "vijf-reviews";

// A browser without constructable style sheets keeps the fallback.
if ("adoptedStyleSheets" in Document.prototype) {
  if (!customElements.get(NAME)) customElements.define(NAME, Reviews);
  // The registered class may be another script's, an older or newer one; a stranger's has no `add`.
  customElements.get(NAME).add?.("@VIJF_DATA@");
}
