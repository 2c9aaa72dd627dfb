/* What theme/kbgen.js does, for the components of this room: on load, and again after a link was
   followed without loading a page (instant navigation). */

import * as contact from "/theme/components/contact/contact.js";
import * as events from "/theme/components/events/events.js";
import * as vote from "/theme/components/vote/vote.js";

window.sent = [];
document.addEventListener("kbgen:sent", ({ detail }) => window.sent.push(detail));
document.addEventListener("securitypolicyviolation", (event) => {
  (window.violations ??= []).push(event.violatedDirective);
});

function start() {
  for (const component of [events, contact, vote]) component.mount(document);
}

window.goInstantly = async (address) => {
  const text = await (await fetch(address)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  history.pushState({}, "", address);
  document.querySelector("#content").replaceWith(page.querySelector("#content"));
  start();
};

start();
start(); // twice does no more than once
