/* The search field: an ARIA combobox whose list opens below it, and fills the screen of a phone. */

import { Asking } from "./asking.js";
import { Backstep } from "./backstep.js";
import { EmptyField } from "./empty.js";
import { Parts } from "./hits.js";

const SHOWN = 6; // articles in the list
const WITH_SECTIONS = 2; // of them with their sections
const PHONE = matchMedia("(max-width: 44.99em)");

export class Field extends Asking {
  constructor(form) {
    super(form);
    this.parts = new Parts(form);
    this.back = new Backstep(() => this.close());
    this.empty = new EmptyField(this);
    for (const name of ["panel", "note", "list", "message", "all", "all-text", "status"]) {
      this[name.replace("-t", "T")] = form.querySelector(`[data-kb-${name}]`);
    }
    this.active = -1;
    this.asCombobox();
    this.listen();
    if (document.activeElement === this.input) this.focused();
  }

  asCombobox() {
    const { input } = this;
    input.role = "combobox";
    input.ariaAutoComplete = "list";
    input.ariaExpanded = "false";
    input.setAttribute("aria-controls", this.list.id);
    this.form.tabIndex = -1; // where the focus goes when a phone gets its screen back
  }

  listen() {
    const { form, input } = this;
    input.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!PHONE.matches && relatedTarget && !form.contains(relatedTarget)) this.close();
    });
    this.panel.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus
    form.addEventListener("click", (event) => this.leaving(event), { capture: true });
    form.addEventListener("click", ({ target }) => {
      if (target.closest(".kb-search__way")) this.decide();
      if (target.closest("[data-kb-close]")) this.close();
    });
    this.all.addEventListener("click", () => this.handOver(this.answer.query));
    form.addEventListener("submit", (event) => {
      this.changed();
      this.handOver(this.query);
      if (!this.back.isHeld) return;
      event.preventDefault();
      this.back.release(() => form.requestSubmit());
    });
  }

  /** A link that is followed from a phone's full screen takes the place of that screen. */
  leaving(event) {
    const link = event.target.closest("a[href]");
    const isNewTab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || isNewTab || !this.back.isHeld) return;
    event.preventDefault();
    event.stopPropagation();
    this.back.release(() => link.click());
  }

  options() {
    return { limit: SHOWN };
  }

  // Only while the panel is open, so that a field that navigation has replaced leaves nothing.
  pointedElsewhere = ({ target }) => {
    if (!PHONE.matches && !this.form.contains(target)) this.close();
  };

  /** Also where the reader came to the field, and perhaps typed, before this script did. */
  focused() {
    super.focused();
    this.changed();
    this.open();
  }

  open() {
    document.addEventListener("pointerdown", this.pointedElsewhere);
    this.form.classList.add("kb-search--open");
    if (PHONE.matches) {
      document.documentElement.classList.add("kb-search-open");
      this.back.hold();
    }
    if (this.answer) this.showPanel();
    else if (!this.query) this.showNothing();
  }

  get isOpen() {
    return this.form.classList.contains("kb-search--open");
  }

  close() {
    document.removeEventListener("pointerdown", this.pointedElsewhere);
    this.finish();
    this.form.classList.remove("kb-search--open");
    document.documentElement.classList.remove("kb-search-open");
    this.panel.hidden = true;
    this.mark(-1);
    this.input.ariaExpanded = "false";
    this.back.release();
    if (PHONE.matches && this.form.contains(document.activeElement)) {
      this.form.focus({ preventScroll: true });
    }
  }

  end() {
    super.end();
    this.close(); // or it would go on covering a phone's screen
  }

  showPanel() {
    this.panel.hidden = false;
    this.input.ariaExpanded = String(!this.list.hidden);
  }

  showNothing() {
    this.fillPanel([], []);
    this.status.textContent = "";
    this.empty.fill();
    this.input.ariaExpanded = String(!this.panel.hidden && !this.list.hidden);
  }

  showFailure() {
    this.fillPanel([], [this.parts.message("failed", this.query)]);
    this.showPanel();
    this.say(this.message.textContent);
  }

  showAnswer(answer) {
    const { query } = answer;
    const count = this.results;
    const words = this.parts.words(count === 1 ? "count-one" : "count", { count, query });
    const options = this.optionsOf(answer);
    this.fillPanel(options, options.length ? [] : [this.parts.message("none", query)]);
    this.note.replaceChildren(...this.parts.readAs(answer, (corrected) => this.take(corrected)));
    this.note.hidden = !this.note.hasChildNodes() || !options.length;
    this.all.hidden = answer.total <= SHOWN;
    this.all.href = `${this.form.action}?q=${encodeURIComponent(query)}`;
    this.allText.textContent = this.parts.words("all", { count: answer.total, query });
    if (this.isOpen) this.showPanel();
    this.say(count ? words : this.message.textContent);
  }

  fillPanel(options, messages) {
    this.list.replaceChildren(...options);
    this.list.hidden = !options.length;
    this.empty.clear();
    this.message.replaceChildren(...messages);
    this.note.hidden = true;
    this.all.hidden = true;
    this.mark(-1);
    this.list.querySelectorAll("[role=option]").forEach((option, at) => {
      option.id = `${this.list.id}-${at}`;
    });
    this.panel.scrollTop = 0;
  }

  optionsOf({ hits, others }) {
    const found = this.links(hits, this.manifest, 0);
    for (const { name, manifest, hits: more } of others) {
      const group = document.createElement("div");
      const title = this.parts.language(name);
      group.role = "group";
      group.ariaLabel = title.textContent;
      title.ariaHidden = "true";
      group.append(title, ...this.links(more, manifest, hits.length));
      found.push(group);
    }
    return found;
  }

  links(hits, manifest, before) {
    return hits.flatMap((hit, at) => {
      const rank = before + at + 1;
      const [link, ...sections] = this.parts.hit(hit, manifest, this.lang);
      const links = rank <= WITH_SECTIONS ? [link, ...sections] : [link];
      for (const each of links) {
        each.addEventListener("click", () => {
          this.opened(hit.id, rank);
          this.close();
        });
        each.addEventListener("auxclick", ({ button }) => {
          if (button === 1) this.opened(hit.id, rank);
        });
        each.addEventListener("pointermove", () => this.mark(this.items.indexOf(each)));
      }
      return links;
    });
  }

  get items() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  /** Makes an option the active one; -1 for none. */
  mark(at) {
    const { items } = this;
    items[this.active]?.setAttribute("aria-selected", "false");
    this.active = items[at] ? at : -1;
    items[at]?.setAttribute("aria-selected", "true");
    if (items[at]) this.input.setAttribute("aria-activedescendant", items[at].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (event.isComposing) return; // the key belongs to the Korean keyboard
    const { items } = this;
    if (event.key === "Escape" && !this.panel.hidden) this.close();
    else if (event.key === "Enter" && items[this.active]) items[this.active].click();
    else if (event.key === "ArrowDown" && items.length) this.step(1);
    else if (event.key === "ArrowUp" && items.length) this.step(-1);
    else return;
    event.preventDefault();
  }

  step(by) {
    if (this.panel.hidden) this.open();
    const { items } = this;
    const next = this.active + by;
    this.mark(next < -1 ? items.length - 1 : next);
    items[this.active]?.scrollIntoView({ block: "nearest" });
  }

  say(text) {
    this.later("say", 300, () => (this.status.textContent = text));
  }
}
