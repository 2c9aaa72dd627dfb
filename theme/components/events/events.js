/* The one sender of events. Other components tell what happened, and nothing else:

     document.dispatchEvent(
       new CustomEvent("kbgen:event", { detail: { type: "search", query: "환불", results: 4 } }),
     );

   It fills in what it knows of the page, takes personal data out, sends the event to the address
   in [data-kb-events] if there is one, and tells others with "kbgen:sent" what it was.
   docs/events.md describes the fields. */

import { token, uuid7 } from "./ids.js";
import { Outbox } from "./outbox.js";
import { scrub } from "./scrub.js";

export const LIMITS = Object.freeze({
  query: 300, // characters
  comment: 1000,
  view: 5_000, // ms that an article is in sight before it counts as seen
  vote: 2_000, // ms of a page before a vote leaves it; a quicker click waits, it is not lost
});

const FIELDS = [
  "event_id", "ts", "type", "article", "lang", "rev", "path", "vote", "reason", "comment",
  "findable", "query",   "results", "rank", "session", "source", "prev",
]; // prettier-ignore
const OF_ARTICLE = new Set(["vote", "detail", "view", "contact"]);

const session = token(); // of this tab, in memory only
const outbox = new Outbox(place);
const here = { article: null, id: "", path: "", since: 0, prev: "", query: "" };
let next = ""; // what leads to the next article: a query whose result was clicked
let stopView = () => {};
let isListening = false;

export function mount() {
  if (!isListening) listen();
  enter(document.querySelector("article[data-kb-article]"));
  outbox.resume();
}

function listen() {
  isListening = true;
  document.addEventListener("kbgen:event", ({ detail }) => take(detail));
  document.addEventListener("click", contact);
  document.addEventListener("auxclick", contact);
  addEventListener("online", () => outbox.resume());
  addEventListener("pagehide", () => outbox.leave());
  addEventListener("pageshow", ({ persisted }) => persisted && outbox.resume());
}

/** Notes which article is shown now, and what led to it. */
function enter(article) {
  here.path = location.pathname;
  if (here.since && article === here.article) return;
  stopView();
  // The referrer is that of the first page; after instant navigation it is out of date.
  here.prev = next || here.id || (here.since ? "" : queryOf(document.referrer));
  here.article = article;
  here.id = article?.dataset.kbArticle ?? "";
  here.since = Date.now();
  here.query = "";
  next = "";
  stopView = article ? whenSeen(() => take({ type: "view" })) : () => {};
}

/** What the reader searched for on this page, else what led here, without personal data; or "". */
export function lastQuery() {
  const query = here.query || (here.prev.startsWith("?") ? here.prev.slice(1) : "");
  return tidy("query", query);
}

function take(detail) {
  const event = complete(detail);
  if (event.type === "search") here.query = event.query;
  if (event.type === "click" && event.query) next = `?${event.query}`;
  const isVote = event.type === "vote" || event.type === "detail";
  const hold = isVote ? Math.max(0, here.since + LIMITS.vote - Date.now()) : 0;
  // What a robot wrote where people see no field: the collector refuses and counts it.
  outbox.add(detail.trap ? { ...event, trap: String(detail.trap).slice(0, 100) } : event, hold);
  if (detail.trap) return;
  // A copy: what a listener does to it is not what the collector gets.
  document.dispatchEvent(new CustomEvent("kbgen:sent", { detail: { ...event } }));
}

/** The whole event: what was told, and what is known besides. */
function complete(detail) {
  const now = Date.now();
  const known = {
    event_id: uuid7(now),
    ts: new Date(now).toISOString(),
    lang: document.querySelector("[data-kb-lang]")?.dataset.kbLang ?? document.documentElement.lang,
    path: here.path, // where instant navigation has come from until the next page is there
    session,
    source: "web",
    prev: detail.type === "search" ? (here.query ? `?${here.query}` : here.id) : here.prev,
    ...(OF_ARTICLE.has(detail.type) && ofArticle()),
    ...(detail.type === "contact" && { query: lastQuery() }),
  };
  const event = { v: 1 };
  for (const name of FIELDS) {
    const value = detail[name] ?? known[name];
    if (value !== undefined && value !== null && value !== "") event[name] = tidy(name, value);
  }
  return event;
}

function ofArticle() {
  const { kbArticle, kbLang, kbRev } = here.article?.dataset ?? {};
  return kbArticle ? { article: kbArticle, lang: kbLang, rev: kbRev } : {};
}

function tidy(name, value) {
  if (name === "query" || (name === "prev" && value.startsWith("?"))) {
    const sign = name === "prev" ? "?" : "";
    const query = value.slice(sign.length).replace(/\s+/g, " ").trim().normalize("NFC");
    return sign + cut(scrub(cut(query, LIMITS.query)), LIMITS.query);
  }
  if (name === "comment") {
    return cut(scrub(cut(value.trim().normalize("NFC"), LIMITS.comment)), LIMITS.comment);
  }
  return value;
}

/** The beginning of a text, and no half of a character that is written as two. */
function cut(text, most) {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

/** A click on a way to reach people, with the middle button too. */
function contact(click) {
  const isOpening = click.isTrusted && (click.type === "click" || click.button === 1);
  const link = isOpening && click.target.closest?.("[data-kb-channel]");
  if (link) take({ type: "contact", reason: link.dataset.kbChannel });
}

/** Calls back once the page has been in sight long enough; returns how to stop waiting. */
function whenSeen(callback) {
  let left = LIMITS.view;
  let since = 0;
  let timer = 0;
  const update = () => {
    clearTimeout(timer);
    if (since) left -= Date.now() - since;
    since = document.visibilityState === "visible" ? Date.now() : 0;
    if (since) timer = setTimeout(finish, Math.max(0, left));
  };
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", update);
  };
  const finish = () => {
    stop();
    callback();
  };
  document.addEventListener("visibilitychange", update);
  update();
  return stop;
}

/** "?환불" of a page of this site whose address carries a search; else nothing. */
function queryOf(address) {
  if (!address.startsWith(`${location.origin}/`)) return "";
  const query = new URL(address).searchParams.get("q");
  return query ? `?${query}` : "";
}

/** Where events go, and whether they may wait on the reader's device. */
function place() {
  const page = document.querySelector("[data-kb-events]");
  const address = page?.dataset.kbEvents;
  const isFile = location.protocol === "file:";
  return {
    url: address && !isFile ? new URL(address, document.baseURI).href : "",
    storage: page?.dataset.kbStorage === "local",
  };
}
