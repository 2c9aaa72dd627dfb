/* Starts every component, on load and after each instant navigation.

   Each component module exports mount(root), which may be called any number of times. */

import * as actions from "./components/actions/actions.js";
import * as contact from "./components/contact/contact.js";
import * as contents from "./components/contents/contents.js";
import * as events from "./components/events/events.js";
import * as header from "./components/header/header.js";
import * as search from "./components/search/search.js";
import * as vote from "./components/vote/vote.js";

// `search` first: what a page that is left still has to tell belongs to that page. Then `events`,
// which listens to the others and turns to the new page.
const COMPONENTS = [search, events, header, contact, contents, actions, vote];

function start() {
  const page = document.querySelector("[data-kb-lang]");
  if (page) document.documentElement.lang = page.dataset.kbLang;
  document.documentElement.classList.add("kb-js");
  for (const component of COMPONENTS) component.mount(document);
}

if (window.document$) {
  window.document$.subscribe(start); // Material's: emits now and after each navigation
} else if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}
