/* Was this helpful: the vote is told on the click; why, whether it was easy to find, and a comment
   may follow.

   The answer shows in every tab of the article, and again on a later visit if the site lets it
   stay on the reader's device. What is told goes through components/events/events.js. */

import { uuid7 } from "../events/ids.js";

const KEY = "kbgen:votes";
const LIMITS = Object.freeze({
  comment: 1000, // characters; the same number as maxlength in the template
  near: 100, // characters left when the count is shown
  settle: 700, // ms until a choice is told: arrow keys pass over others on their way
  remembered: 200, // articles
});

const NOTHING = Object.freeze({ reason: "", findable: undefined });

const widgets = new WeakMap(); // element -> Vote
const settling = new Set(); // widgets that have not told yet what was chosen
let channel;
let isListening = false;

export function mount(root) {
  if (!isListening) listen();
  for (const element of root.querySelectorAll("[data-kb-vote]:not([data-kb-ready])")) {
    element.dataset.kbReady = "";
    widgets.set(element, new Vote(element));
  }
}

class Vote {
  constructor(element) {
    this.element = element;
    this.form = this.part("form");
    this.status = this.part("status");
    this.more = this.part("more");
    this.comment = this.part("comment");
    this.count = this.part("count");
    this.buttons = [...element.querySelectorAll(".kb-vote__button")];
    this.answer = null; // {vote, id, details}: what counts, and how many details it has
    this.path = location.pathname; // a choice may be told when the next page is shown already
    this.told = NOTHING; // of what is chosen
    this.timer = 0;
    this.listen();
    this.part("nojs").hidden = true;
    this.form.hidden = false;
    const saved = recall(this.key);
    if (saved) this.show(saved, "saved");
  }

  part(name) {
    return this.element.querySelector(`.kb-vote__${name}`);
  }

  /** The text that is judged: a new revision asks anew. */
  get key() {
    const { kbArticle, kbLang, kbRev } = this.element.dataset;
    return [kbArticle, kbLang, kbRev].join("|");
  }

  listen() {
    for (const button of this.buttons) {
      button.addEventListener("click", (click) => this.choose(click, Number(button.value)));
    }
    // A script that submits the form makes a submit event that looks real, but no such click.
    this.form.addEventListener("submit", (submit) => submit.preventDefault());
    this.part("send").addEventListener("click", (click) => this.send(click));
    this.form.addEventListener("change", (change) => this.pick(change));
    this.comment.addEventListener("input", () => this.updateCount());
  }

  choose(click, vote) {
    if (!click.isTrusted || this.answer?.vote === vote) return;
    const id = uuid7();
    this.flush();
    this.told = NOTHING;
    this.tell({ type: "vote", event_id: id, vote });
    this.show({ vote, id, details: 0 }, vote ? "yes" : "no");
    this.open(vote);
    this.share();
  }

  /** Shows an answer. `words` names what is said about it. */
  show(answer, words) {
    const isNew = answer.id !== this.answer?.id;
    this.answer = answer;
    this.say(words);
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(Number(button.value) === answer.vote));
    }
    if (isNew) this.more.hidden = true;
  }

  /** Asks for more, and after a "no" shows how to reach people. */
  open(vote) {
    this.more.hidden = false;
    for (const reasons of this.element.querySelectorAll("[data-kb-for]")) {
      reasons.hidden = reasons.dataset.kbFor !== String(vote);
      reasons.disabled = reasons.hidden;
      for (const radio of reasons.querySelectorAll("input")) radio.checked = false;
    }
    this.settle(); // how easy it was to find does not change with the vote
    this.part("contact").hidden = vote === 1;
    this.updateCount();
  }

  /** A choice counts when it is made; nobody has to press "send" for it. */
  pick(change) {
    if (change.isTrusted && change.target.type === "radio") this.settle();
  }

  settle() {
    clearTimeout(this.timer);
    settling.add(this);
    this.timer = setTimeout(() => this.flush(), LIMITS.settle);
  }

  flush() {
    clearTimeout(this.timer);
    settling.delete(this);
    if (!this.more.hidden && this.isNews) this.tellDetail("");
  }

  send(click) {
    if (!click.isTrusted || !this.answer) return;
    const comment = this.comment.value.trim();
    const { reason, findable } = this.chosen;
    if (!reason && findable === undefined && !comment) {
      this.say("empty");
      return;
    }
    if (comment || this.isNews) this.tellDetail(comment);
    this.comment.value = "";
    this.more.hidden = true;
    this.say("sent");
    this.status.focus(); // what had the focus is gone
  }

  /** What is chosen besides the vote; the reasons of the other vote are disabled. */
  get chosen() {
    const data = new FormData(this.form);
    const findable = data.get("findable");
    return {
      reason: data.get("reason") ?? "",
      findable: findable === null ? undefined : Number(findable),
    };
  }

  get isNews() {
    const { reason, findable } = this.chosen;
    return reason !== this.told.reason || findable !== this.told.findable;
  }

  /** Tells all that is chosen: of the details of a vote only the last one counts. */
  tellDetail(comment) {
    this.told = this.chosen;
    this.answer = { ...this.answer, details: this.answer.details + 1 };
    const { id, vote, details } = this.answer;
    this.tell({ type: "detail", event_id: `${id}.${details}`, vote, ...this.told, comment });
    this.share();
  }

  tell(detail) {
    const { kbArticle: article, kbLang: lang, kbRev: rev } = this.element.dataset;
    const trap = this.form.elements.kb_topic.value;
    const whole = { article, lang, rev, path: this.path, trap, ...detail };
    document.dispatchEvent(new CustomEvent("kbgen:event", { detail: whole }));
  }

  /** Keeps the answer on the device and tells other tabs, if the site lets them know. */
  share() {
    remember(this.key, this.answer);
    if (mayRemember()) channel?.postMessage({ key: this.key, answer: this.answer });
    follow({ key: this.key, answer: this.answer }, this);
  }

  say(words) {
    this.status.textContent = this.status.dataset[words];
    this.status.classList.toggle("kb-vote__status--sent", words === "sent");
  }

  updateCount() {
    const length = this.comment.value.length;
    const isNear = length >= LIMITS.comment - LIMITS.near;
    const number = new Intl.NumberFormat(this.element.dataset.kbLang);
    this.count.textContent = this.count.dataset.text
      .replace("{count}", number.format(length))
      .replace("{most}", number.format(LIMITS.comment));
    this.count.classList.toggle("kb-vote__count--near", isNear);
  }
}

function listen() {
  isListening = true;
  addEventListener("pagehide", () => settling.forEach((widget) => widget.flush()));
  if (!("BroadcastChannel" in window)) return;
  channel = new BroadcastChannel(KEY);
  channel.addEventListener("message", ({ data }) => follow(data));
}

/** Shows an answer that was given elsewhere: in another tab, or in a second widget here. */
function follow({ key, answer }, from) {
  for (const element of document.querySelectorAll("[data-kb-vote]")) {
    const widget = widgets.get(element);
    if (widget && widget !== from && widget.key === key) widget.show(answer, "saved");
  }
}

function mayRemember() {
  return document.querySelector("[data-kb-storage]")?.dataset.kbStorage === "local";
}

function recall(key) {
  return mayRemember() ? read()[key] : undefined;
}

function remember(key, answer) {
  if (!mayRemember()) return;
  const { [key]: _, ...others } = read();
  const kept = Object.entries(others).slice(1 - LIMITS.remembered);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...kept, [key, answer]])));
  } catch {
    // storage is full or forbidden: the answer lives as long as the page
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
