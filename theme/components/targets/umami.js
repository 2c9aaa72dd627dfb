/* Umami, in its own cloud or on a host of yours. */

import { connect, fieldsOf, nameOf } from "./connect.js";
import { split } from "./split.js";

const LIMITS = Object.freeze({
  length: 500, // characters of a value
  count: 50, // values of an event
});

connect(() => {
  if (typeof window.umami?.track !== "function") return undefined;
  return (event) => window.umami.track(nameOf(event), split(fieldsOf(event), LIMITS));
});
