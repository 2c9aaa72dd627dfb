/* Results as elements. Texts become text nodes and <mark>, never HTML. */

import { meant } from "./meant.js";

/** The parts of a form's templates: every word and every shape is written in search.html. */
export class Parts {
  constructor(form) {
    this.form = form;
  }

  content(name) {
    return this.form.querySelector(`template[data-kb-part="${name}"]`).content;
  }

  /** A copy of a part. */
  copy(name) {
    return this.content(name).firstElementChild.cloneNode(true);
  }

  /** The words of a part, with {places} filled. */
  words(name, values) {
    const fill = (_, key) => values[key] ?? "";
    return this.content(name).textContent.replace(/\{(\w+)\}/g, fill);
  }

  /** A message such as "nothing found", which names the query. */
  message(name, query) {
    const made = this.copy(name);
    const title = made.querySelector(".kb-search__empty-title");
    title.textContent = title.textContent.replace("{query}", query);
    if (!made.querySelector(".kb-search__ways")) made.append(this.copy("ways"));
    return made;
  }

  /** What was searched instead of what the reader typed, as nodes around a button that calls
      `take` with it; none if nothing was. */
  readAs({ query, readAs }, take) {
    const corrected = meant(query, readAs);
    if (!corrected) return [];
    const button = this.copy("meant");
    button.textContent = corrected;
    button.addEventListener("click", () => take(corrected));
    const [before, after] = this.words("read-as", { typed: query, meant: "\n" }).split("\n");
    return [before, button, after];
  }

  /** One result: [link to the article, links to its sections]. */
  hit(hit, manifest, lang) {
    const made = this.copy("hit");
    made.href = new URL(hit.url, new URL("../../", manifest)).href;
    quote(made, hit.title, hit.snippet);
    const question = made.querySelector(".kb-hit__question");
    if (hit.question) fill(question, hit.question);
    else question.remove();
    if (!hit.internal) made.querySelector(".kb-hit__internal").remove();
    made.querySelector(".kb-hit__category").textContent = hit.category[1];
    const date = made.querySelector(".kb-hit__date");
    if (hit.date) date.textContent = date.textContent.replace("{date}", dated(hit.date, lang));
    else date.remove();
    const sections = hit.sections.map((section) => {
      const part = this.copy("section");
      part.href = `${made.href}#${encodeURIComponent(section.anchor)}`;
      quote(part, section.title, section.excerpt);
      return part;
    });
    if (hit.lang !== lang) for (const each of [made, ...sections]) each.lang = hit.lang;
    return [made, ...sections];
  }

  /** The heading above results in another language. */
  language(name) {
    const title = document.createElement("p");
    title.className = "kb-search__language";
    title.textContent = this.words("others", { language: name });
    return title;
  }
}

function quote(element, title, text) {
  fill(element.querySelector(".kb-hit__title"), title);
  fill(element.querySelector(".kb-hit__text"), text);
}

function fill(element, { text, marks }) {
  let at = 0;
  for (const [start, end] of marks) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    element.append(text.slice(at, start), mark);
    at = end;
  }
  element.append(text.slice(at));
}

function dated(date, lang) {
  const format = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(`${date}T00:00:00Z`));
}
