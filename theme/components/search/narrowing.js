/* The filters of the results page: topics as buttons, tag, reader and language as lists. */

const TOPICS = 6; // topics offered as buttons
const TAGS = 50; // tags offered in the list
const PARAMETERS = { category: "topic", tag: "tag", audience: "audience", lang: "lang" };

export class Narrowing {
  /** Calls `changed()`, which resolves once the results stand, when the reader chooses. */
  constructor(page, parts, languages, changed) {
    this.parts = parts;
    this.languages = languages;
    this.changed = changed;
    this.topics = page.querySelector("[data-kb-topics]");
    this.selects = {};
    for (const name of ["tag", "audience", "lang"]) {
      const select = page.querySelector(`[data-kb-filter="${name}"]`);
      select.addEventListener("change", () => this.choose(name, select.value));
      this.selects[name] = select;
    }
    this.clear();
    this.lang = "";
  }

  /** Forgets what depends on the query. The language and the reader are the same for the next. */
  widen() {
    this.category = "";
    this.tag = "";
  }

  /** Forgets all but the language. */
  clear() {
    this.widen();
    this.audience = "";
  }

  get isNarrow() {
    return Boolean(this.category || this.tag || this.audience);
  }

  choose(name, value) {
    if (name === "lang") this.widen(); // topics and tags are those of a language
    this[name] = value;
    return this.changed();
  }

  /** From the parameters of an address; what they do not know is left out. */
  read(parameters) {
    for (const [name, key] of Object.entries(PARAMETERS)) this[name] = parameters.get(key) ?? "";
    if (!this.languages.has(this.lang)) this.lang = "";
    if (!["public", "agents"].includes(this.audience)) this.audience = "";
  }

  write(parameters) {
    const [own] = this.languages.keys();
    for (const [name, key] of Object.entries(PARAMETERS)) {
      if (this[name] && this[name] !== own) parameters.set(key, this[name]);
      else parameters.delete(key);
    }
  }

  hide() {
    this.topics.hidden = true;
    for (const select of Object.values(this.selects)) select.parentElement.hidden = true;
  }

  /** Offers what an answer has to choose from; a list with one choice is not shown. */
  show({ counts, titles }) {
    this.showTopics(mostFirst(counts.category), titles);
    const tags = mostFirst(counts.tag).slice(0, TAGS);
    this.fill("tag", tags.map(([tag, count]) => [tag, tag, count]));
    const readers = ["public", "agents"].map((each) => [
      each,
      this.parts.words(`audience-${each}`, {}),
      counts.audience.get(each) ?? 0,
    ]);
    const isMixed = counts.audience.has("agents");
    this.fill("audience", isMixed || this.audience ? readers : []);
    const { lang } = this.selects;
    lang.value = this.lang || [...this.languages.keys()][0];
    lang.parentElement.hidden = this.languages.size < 2;
  }

  fill(name, choices) {
    const select = this.selects[name];
    const chosen = this[name];
    const isKnown = choices.some(([value]) => same(value, chosen));
    if (chosen && !isKnown) choices.unshift([chosen, chosen, 0]);
    const options = choices.map(([value, label, count]) => {
      const text = this.parts.words("choice", { name: label, count });
      return new Option(text, value, false, same(value, chosen));
    });
    select.replaceChildren(select.options[0], ...options);
    if (!chosen) select.selectedIndex = 0;
    select.parentElement.hidden = !options.length;
    select.parentElement.classList.toggle("kb-results__filter--on", Boolean(chosen));
  }

  showTopics(found, titles) {
    const shown = found.slice(0, TOPICS);
    const isShown = shown.some(([path]) => path === this.category);
    if (this.category && !isShown) {
      shown.push(found.find(([path]) => path === this.category) ?? [this.category, 0]);
    }
    this.topics.hidden = shown.length < 2 && !this.category;
    this.topics.replaceChildren(
      this.topic("", this.parts.words("every", {})),
      ...shown.map(([path, count]) => this.topic(path, titles.get(path) ?? path, count)),
    );
  }

  topic(path, title, count) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kb-pill kb-results__topic";
    button.ariaPressed = String(path === this.category);
    button.append(title);
    if (count !== undefined) {
      const number = document.createElement("span");
      number.className = "kb-results__number";
      number.append(String(count));
      button.append(" ", number);
    }
    button.addEventListener("click", () => {
      const chosen = this.choose("category", path);
      chosen.then(() => this.topics.querySelector("[aria-pressed=true]")?.focus());
    });
    item.append(button);
    return item;
  }
}

function same(one, other) {
  return one.toLowerCase() === other.toLowerCase();
}

function mostFirst(counts) {
  return [...counts].sort(([one, n], [other, m]) => m - n || (one < other ? -1 : 1));
}
