/* What the list shows while the field is empty: the last searches, or the offer to keep them. */

const PHONE = matchMedia("(max-width: 44.99em)"); // where the empty list fills the screen

export class EmptyField {
  /** `field` is that of field.js, whose panel this fills. */
  constructor(field) {
    this.field = field;
    this.recents = field.recents;
    this.removers = field.form.querySelector("[data-kb-removers]");
    this.nameOfResults = null;
  }

  fill() {
    const { field, recents } = this;
    const { consent, queries } = recents;
    const isKept = consent === "yes" && queries.length > 0;
    const messages = [];
    if (PHONE.matches && !isKept) messages.push(field.parts.copy("hint"));
    if (consent === "ask") messages.push(this.offer());
    if (isKept) messages.push(this.button("forget", () => recents.refuse()));
    field.fillPanel(isKept ? queries.map((query) => this.option(query)) : [], messages);
    if (isKept) this.showBeside(queries);
    field.panel.hidden = !field.isOpen || !(isKept || messages.length);
  }

  /** Leaves the list as results need it. */
  clear() {
    const { list, panel } = this.field;
    this.nameOfResults ??= list.ariaLabel;
    list.ariaLabel = this.nameOfResults;
    this.removers.replaceChildren();
    panel.classList.remove("kb-search__panel--recent");
  }

  option(query) {
    const { field } = this;
    const option = field.parts.copy("recent");
    option.querySelector(".kb-recent__text").textContent = query;
    option.addEventListener("click", () => field.take(query));
    option.addEventListener("pointermove", () => field.mark(field.items.indexOf(option)));
    return option;
  }

  /** A listbox may hold nothing but options, so what removes them stands beside it. */
  showBeside(queries) {
    const { list, panel, parts } = this.field;
    list.ariaLabel = parts.words("recents", {});
    panel.classList.add("kb-search__panel--recent");
    const buttons = queries.map((query) => {
      const button = this.button("remove", () => this.recents.remove(query));
      button.ariaLabel = button.ariaLabel.replace("{query}", query);
      return button;
    });
    this.removers.replaceChildren(...buttons);
  }

  offer() {
    const offer = this.field.parts.copy("offer");
    const [yes, no] = offer.querySelectorAll("button");
    this.onClick(yes, () => this.recents.agree());
    this.onClick(no, () => this.recents.refuse());
    return offer;
  }

  button(name, act) {
    const button = this.field.parts.copy(name);
    this.onClick(button, act);
    return button;
  }

  /** The button that was clicked is gone afterwards; the focus goes to the field. */
  onClick(button, act) {
    button.addEventListener("click", () => {
      act();
      this.field.input.focus();
      this.field.showNothing();
    });
  }
}
