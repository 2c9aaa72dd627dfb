/* Matomo. Its events have four places: a category, an action, a name and a number. The name
   carries the whole event as JSON. A search is told once more, for Matomo's own search reports. */

import { connect, fieldsOf } from "./connect.js";

const LENGTH = 4096; // characters of a name as Matomo keeps it

connect(() => {
  if (typeof window._paq?.push !== "function") return undefined;
  return (event) => {
    const { type, query, results } = event;
    const number = event.vote ?? event.findable ?? results ?? event.rank;
    const call = ["trackEvent", "kbgen", type, nameFor(event)];
    window._paq.push(number === undefined ? call : [...call, number]);
    if (type === "search") window._paq.push(["trackSiteSearch", query, "kbgen", results]);
  };
});

/** The event as JSON that Matomo keeps: if it is too long, without the end of its comment. */
function nameFor(event) {
  const fields = fieldsOf(event);
  const signs = Array.from(fields.comment ?? "");
  while (kept(json(fields)) > LENGTH && signs.length) {
    signs.splice(-50);
    fields.comment = signs.join("");
  }
  if (kept(json(fields)) > LENGTH) delete fields.path; // Matomo has the address of the page itself
  if (!fields.comment) delete fields.comment;
  return json(fields);
}

/** JSON that comes back as it was: reports decode %20 and +, and escape what HTML escapes. Its
    quotes cannot be helped. Old databases refuse characters that take four bytes. */
function json(fields) {
  return JSON.stringify(fields).replace(
    /[%+&<>'\ud800-\udfff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The length in Matomo's database, where a quote is written &quot; */
function kept(text) {
  return text.length + 5 * (text.split('"').length - 1);
}
