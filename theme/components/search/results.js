/* The results page: the address holds the query and the filters, so it can be shared and gone
   back to. */

import { Asking } from "./asking.js";
import { Parts } from "./hits.js";
import { Narrowing } from "./narrowing.js";

const PAGE = 10; // articles at first, and with each "more"

export class Results extends Asking {
  constructor(page, form) {
    super(form);
    this.parts = new Parts(form);
    for (const name of ["note", "list", "message", "status", "more"]) {
      this[name] = page.querySelector(`[data-kb-${name}]`);
    }
    this.limit = PAGE;
    this.narrowing = new Narrowing(page, this.parts, this.languages, () => this.narrowed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.changed();
      this.decide();
    });
    page.addEventListener("click", ({ target }) => {
      if (target.closest(".kb-search__way")) this.decide();
    });
    this.more.addEventListener("click", () => this.showMore());
    this.fromAddress();
  }

  get searched() {
    return this.narrowing?.lang || this.lang;
  }

  fromAddress() {
    const asked = new URL(location.href).searchParams;
    this.narrowing.read(asked);
    const isTyping = document.activeElement === this.input && this.input.value; // before this script
    if (!isTyping) this.input.value = asked.get("q") ?? "";
    if (!this.input.value.trim()) {
      this.input.focus();
      return;
    }
    this.changed();
    if (isReturn()) this.known = this.query;
    else if (!isTyping) this.decide();
  }

  changed() {
    if (this.input.value.trim() !== this.query && this.query) this.narrowing.widen();
    this.limit = PAGE;
    super.changed();
  }

  narrowed() {
    this.limit = PAGE;
    return this.ask();
  }

  options() {
    const { category, tag, audience } = this.narrowing;
    return { limit: this.limit, category, tag, audience, counts: true };
  }

  showNothing() {
    this.fillList([], null);
    this.narrowing.hide();
    this.status.textContent = "";
    this.toAddress();
  }

  showFailure() {
    this.fillList([], this.parts.message("failed", this.query));
    this.narrowing.hide();
    this.status.textContent = "";
  }

  showAnswer(answer) {
    const { query, hits, total, others } = answer;
    const count = this.results;
    const items = this.items(hits, this.manifest, 0);
    for (const { name, manifest, hits: more } of others) {
      items.push(this.heading(name), ...this.items(more, manifest, hits.length));
    }
    this.fillList(items, items.length ? null : this.nothingFound(query));
    this.note.replaceChildren(...this.parts.readAs(answer, (corrected) => this.take(corrected)));
    this.note.hidden = !this.note.hasChildNodes() || !items.length;
    this.status.textContent = items.length
      ? this.parts.words(count === 1 ? "count-one" : "count", { count, query })
      : "";
    this.more.hidden = total <= hits.length;
    this.narrowing.show(answer);
    this.toAddress();
  }

  nothingFound(query) {
    if (!this.narrowing.isNarrow) return this.parts.message("none", query);
    const message = this.parts.message("none-here", query);
    message.querySelector("button").addEventListener("click", () => {
      this.narrowing.clear();
      this.narrowed();
      this.input.focus();
    });
    return message;
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
        link.addEventListener("auxclick", ({ button }) => {
          if (button === 1) this.opened(hit.id, before + at + 1);
        });
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

  toAddress() {
    const url = new URL(location.href);
    if (this.query) url.searchParams.set("q", this.query);
    else url.searchParams.delete("q");
    this.narrowing.write(url.searchParams);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }
}

/** Whether the reader comes back to this page, or loads it once more. */
function isReturn() {
  const [loaded] = performance.getEntriesByType("navigation");
  return loaded?.name === location.href && ["back_forward", "reload"].includes(loaded.type);
}
