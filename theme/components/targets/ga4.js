/* Google Analytics 4, by gtag.js, or by Google Tag Manager where a page has only that. */

import { connect, fieldsOf, nameOf } from "./connect.js";
import { split } from "./split.js";

const LIMITS = Object.freeze({
  length: 100, // characters of a value
  count: 25, // parameters of an event
});

connect(() => {
  if (typeof window.gtag === "function") {
    return (event) => window.gtag("event", nameOf(event), parameters(event));
  }
  // Tag Manager keeps what it was told until it is told something else, hence the null.
  if (window.google_tag_manager && Array.isArray(window.dataLayer)) {
    return (event) =>
      window.dataLayer.push({ kbgen: null }, { event: nameOf(event), kbgen: parameters(event) });
  }
  return undefined;
});

function parameters(event) {
  // GA4 would take `source` for where the visit came from.
  const { source, ...fields } = fieldsOf(event);
  if (source) fields.kbgen_source = source;
  if (event.type !== "search") return split(fields, LIMITS);
  // GA4 has a dimension for the term of a search, which nobody needs to register.
  const found = split(fields, { ...LIMITS, count: LIMITS.count - 1 });
  return { ...found, search_term: found.query };
}
