/* The results page: the address holds the query, so it can be shared and gone back to. */

import { Asking } from "./asking.js";
import { Parts } from "./hits.js";

const PAGE = 10; // articles at first, and with each "more"
const TOPICS = 6; // topics offered to narrow the results

export class Results extends Asking {
  constructor(page, form) {
    super(form);
    this.parts = new Parts(form);
    for (const name of ["note", "list", "message", "status", "topics", "more"]) {
      this[name] = page.querySelector(`[data-kb-${name}]`);
    }
    this.limit = PAGE;
    this.topic = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.changed();
      this.settle();
    });
    this.more.addEventListener("click", () => this.showMore());
    this.fromAddress();
  }

  fromAddress() {
    const asked = new URL(location.href).searchParams;
    this.topic = asked.get("topic") ?? "";
    this.input.value = asked.get("q") ?? "";
    if (this.input.value.trim()) this.changed();
    else this.input.focus();
  }

  changed() {
    if (this.input.value.trim() !== this.query && this.query) this.topic = "";
    this.limit = PAGE;
    super.changed();
  }

  options() {
    return { limit: this.limit, category: this.topic };
  }

  showNothing() {
    this.fillList([], null);
    this.topics.hidden = true;
    this.status.textContent = "";
    this.toAddress();
  }

  showFailure() {
    this.fillList([], this.parts.message("failed", this.query));
  }

  showAnswer(answer) {
    const { query, hits, total, others } = answer;
    const count = this.results;
    const items = this.items(hits, this.manifest, 0);
    for (const { name, manifest, hits: more } of others) {
      items.push(this.heading(name), ...this.items(more, manifest, hits.length));
    }
    this.fillList(items, items.length ? null : this.parts.message("none", query));
    this.note.textContent = this.parts.readAs(answer);
    this.note.hidden = !this.note.textContent || !items.length;
    this.status.textContent = items.length
      ? this.parts.words(count === 1 ? "count-one" : "count", { count, query })
      : "";
    this.more.hidden = total <= hits.length;
    this.showTopics(answer);
    this.toAddress();
  }

  fillList(items, message) {
    this.list.replaceChildren(...items);
    this.list.hidden = !items.length;
    this.message.replaceChildren(...(message ? [message] : []));
    this.note.hidden = true;
    this.more.hidden = true;
  }

  items(hits, manifest, before) {
    return hits.map((hit, at) => {
      const item = document.createElement("li");
      item.className = "kb-results__item";
      const links = this.parts.hit(hit, manifest, this.lang);
      for (const link of links) {
        link.addEventListener("click", () => this.opened(hit.id, before + at + 1));
      }
      item.append(...links);
      return item;
    });
  }

  heading(name) {
    const item = document.createElement("li");
    item.append(this.parts.language(name));
    return item;
  }

  showMore() {
    const first = this.list.children.length;
    this.limit += PAGE;
    this.ask().then(() => this.list.children[first]?.querySelector("a")?.focus());
  }

  /** The topics of all results, most results first; one of them narrows the list. */
  showTopics({ categories }) {
    const all = [...categories].sort((one, other) => other[1].count - one[1].count);
    const shown = all.slice(0, TOPICS);
    this.topics.hidden = all.length < 2;
    this.topics.replaceChildren(
      this.topicItem("", this.parts.words("every", {}), 0),
      ...shown.map(([path, { title, count }]) => this.topicItem(path, title, count)),
    );
  }

  topicItem(path, title, count) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kb-results__topic";
    button.ariaPressed = String(path === this.topic);
    button.append(title);
    if (count) {
      const number = document.createElement("span");
      number.className = "kb-results__number";
      number.append(String(count));
      button.append(" ", number);
    }
    button.addEventListener("click", () => {
      this.topic = path;
      this.limit = PAGE;
      this.ask().then(() => this.topics.querySelector("[aria-pressed=true]")?.focus());
    });
    item.append(button);
    return item;
  }

  toAddress() {
    const url = new URL(location.href);
    for (const [name, value] of [["q", this.query], ["topic", this.topic]]) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }
}
