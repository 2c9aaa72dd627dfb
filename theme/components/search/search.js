/* Search: the field that every page has, and the results page.

   Loads nothing before a field gets focus, or a results page opens with a query. Tells
   "kbgen:event" {type: "search", query, results, lang, ts} once a query has settled and is not
   the beginning of another (chains.js), and {type: "click", query, rank, article, results, lang}
   when a result is opened. */

import { Field } from "./field.js";
import { Results } from "./results.js";

let started = []; // fields and results pages
let isListening = false;

/** Starts every field and results page below `root`; may be called any number of times. */
export function mount(root) {
  const gone = started.filter(({ form }) => !form.isConnected); // navigation has replaced them
  for (const search of gone) search.end();
  started = started.filter((search) => !gone.includes(search));
  for (const form of root.querySelectorAll("[data-kb-search]")) {
    if (form.kbSearch) continue;
    const page = form.closest("[data-kb-results]");
    form.kbSearch = page ? new Results(page, form) : new Field(form);
    started.push(form.kbSearch);
  }
  if (!isListening) document.addEventListener("keydown", focusOnSlash);
  isListening = true;
}

function focusOnSlash(event) {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const input = document.querySelector("[data-kb-search] input");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
}
