/* Plausible. Its server refuses an event as a whole for one value that is too long. */

import { connect, fieldsOf, nameOf } from "./connect.js";
import { bytes, split } from "./split.js";

const LIMITS = Object.freeze({
  length: 2000, // bytes of a value
  count: 30, // properties of an event
  measure: bytes,
});

connect(() => {
  if (typeof window.plausible !== "function") return undefined;
  return (event) => {
    const props = split(fieldsOf(event), LIMITS);
    // Nobody did anything for a view, so it must not count against the bounce rate.
    const options = event.type === "view" ? { props, interactive: false } : { props };
    return window.plausible(nameOf(event), options);
  };
});
