/* Results as elements. Texts become text nodes and <mark>, never HTML. */

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
    if (title) title.textContent = title.textContent.replace("{query}", query);
    return made;
  }

  /** What the reader wrote and what was found instead; "" if that is the same. */
  readAs({ readAs }) {
    for (const [typed, { how, words }] of readAs) {
      if (how === "mode" || how === "repaired" || how === "split") return this.words("read-as", { typed, word: words[0] });
    }
    return "";
  }

  /** One result: [link to the article, links to its sections]. */
  hit(hit, manifest, lang) {
    const made = this.copy("hit");
    made.href = new URL(hit.url, new URL("../../", manifest)).href;
    quote(made, hit.title, hit.snippet);
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
