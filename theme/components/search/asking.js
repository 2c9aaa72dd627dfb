/* From a key press to an answer: what the field and the results page share. */

import { Recents } from "./recents.js";

export const SETTLED = 800; // ms without a key after which a query is what the reader meant
const PAUSE = 50; // ms, so that fast typing is searched once
const SLOW = 400; // ms of waiting that are worth a sign
const FEW = 3; // with fewer results, other languages are asked too
const MODULES = ["analysis", "chains", "excerpt", "keys", "query", "reread", "shards", "stem"];

const engines = new Map(); // address of a manifest -> promise of its engine, while the tab lives
let chain = null; // of all fields in this tab; there once anything has been answered

/** The engine of an index; the first call loads it. */
export function engineOf(manifest) {
  if (!engines.has(manifest)) {
    for (const name of MODULES) import(`./${name}.js`).catch(() => {}); // side by side
    const loading = import("./engine.js").then(({ createEngine }) => {
      const engine = createEngine({ manifest, fetch: (...args) => window.fetch(...args) });
      engine.open().catch(() => {}); // whoever searches gets the error
      return engine;
    });
    loading.catch(() => engines.delete(manifest));
    engines.set(manifest, loading);
  }
  return engines.get(manifest);
}

/** Asks the index as the reader types. A subclass shows what comes: `showAnswer(answer)`,
    `showNothing()` for an empty field, `showFailure(error)`.

    An answer is that of engine.js with `query` and `others`, the hits in other languages. */
export class Asking {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input");
    this.lang = form.dataset.kbLang; // of the page
    this.languages = languagesOf(form);
    this.recents = new Recents(new URL("../../", this.manifest), mayKeep);
    this.query = "";
    this.answer = null;
    this.turn = 0; // answers to earlier queries come too late
    this.meant = ""; // a query that has settled, though its answer may still come
    this.isDecided = false; // and that the reader has said to be the one
    this.known = ""; // a query that was told before the reader came back to it
    this.timers = {};
    this.input.addEventListener("focus", () => this.focused());
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("compositionend", () => this.changed());
    this.input.addEventListener("blur", () => this.finish());
    this.clear = form.querySelector("[data-kb-clear]");
    this.clear?.addEventListener("click", () => this.emptied());
  }

  later(name, delay, run) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(run, delay);
  }

  /** The reader is about to search. */
  focused() {
    engineOf(this.manifest).catch(() => {}); // whoever searches gets the error
  }

  typed() {
    if (this.input.value) this.later("type", PAUSE, () => this.changed());
    else this.changed();
  }

  emptied() {
    this.take("");
  }

  /** Puts a query into the field that the reader has chosen. */
  take(query) {
    this.input.value = query;
    this.changed();
    if (query) this.decide();
    this.input.focus();
  }

  /** Takes what the field holds now. */
  changed() {
    clearTimeout(this.timers.type);
    if (this.clear) this.clear.hidden = !this.input.value;
    const query = this.input.value.trim();
    if (query === this.query) return;
    this.query = query;
    this.meant = "";
    this.isDecided = false;
    this.later("settle", SETTLED, () => this.settle());
    if (!query) this.finish();
    this.ask();
  }

  options() {
    return {};
  }

  /** The language that is searched: that of the page, unless the reader chooses another. */
  get searched() {
    return this.lang;
  }

  get manifest() {
    return this.languages.get(this.searched).manifest;
  }

  async ask() {
    const turn = ++this.turn;
    const isLate = () => turn !== this.turn;
    this.later("busy", SLOW, () => this.form.classList.add("kb-search--busy"));
    try {
      if (!this.query) {
        this.answer = null;
        this.showNothing();
      } else {
        await this.answerTo(this.query, isLate);
      }
    } catch (error) {
      console.warn(error.message);
      if (!isLate()) this.showFailure(error);
    }
    if (isLate()) return;
    clearTimeout(this.timers.busy);
    this.form.classList.remove("kb-search--busy");
  }

  async answerTo(query, isLate) {
    const [engine] = await Promise.all([engineOf(this.manifest), startChain()]);
    const found = await engine.search(query, this.options());
    if (isLate()) return;
    const isNarrow = ["category", "tag", "audience"].some((name) => this.options()[name]);
    const isFew = found.total < FEW && !isNarrow;
    const others = isFew ? await this.inOthers(query) : [];
    if (isLate()) return;
    this.answer = { query, ...found, others };
    this.showAnswer(this.answer);
    if (this.meant === query) this.register();
  }

  /** Hits in other languages: [{lang, name, manifest, hits}]. */
  async inOthers(query) {
    const others = [...this.languages].filter(([lang]) => lang !== this.searched);
    const groups = others.map(async ([lang, { name, manifest }]) => {
      const ask = async () => (await engineOf(manifest)).search(query, { limit: FEW });
      const { hits } = await ask().catch(() => ({ hits: [] }));
      return { lang, name, manifest, hits };
    });
    return (await Promise.all(groups)).filter(({ hits }) => hits.length);
  }

  /** How many results the reader is offered; nothing before there is an answer. */
  get results() {
    return this.answer?.others.reduce((sum, { hits }) => sum + hits.length, this.answer.total);
  }

  /** The query has stood for a while. */
  settle() {
    clearTimeout(this.timers.settle);
    this.meant = this.query;
    this.register();
  }

  /** The query is what the reader wants answered: they pressed Enter, or clicked on something. */
  decide() {
    this.isDecided = true;
    this.settle();
  }

  /** Takes the query for a search, once its results are there. */
  register() {
    if (!this.answer || this.answer.query !== this.query) return;
    this.count(this.isDecided);
    if (document.activeElement !== this.input) this.finish();
  }

  /** Counts the answer that stands as a search, now or when it is clear that it is one. */
  count(isDecided) {
    const { answer, results, lang } = this;
    const { query } = answer;
    if (results) this.recents.add(query);
    const search = { type: "search", query, results, lang, ts: new Date().toISOString() };
    if (query === this.known) return;
    if (isDecided) chain.decide(search);
    else chain.take(search);
  }

  /** The reader looks away from the field: what comes next is another search. */
  finish() {
    chain?.end();
  }

  /** Another page answers this query, and tells it. */
  handOver(query) {
    clearTimeout(this.timers.settle);
    chain?.handOver(query);
  }

  /** The page goes on without the field. */
  end() {
    clearTimeout(this.timers.settle);
    this.finish();
  }

  /** Tells which result was opened. */
  opened(article, rank) {
    const { answer, results, lang } = this;
    this.count(true);
    tell({ type: "click", query: answer.query, rank, article, results, lang });
  }
}

async function startChain() {
  const { Chain } = await import("./chains.js");
  if (chain) return;
  chain = new Chain(tell);
  addEventListener("pagehide", () => chain.end());
  document.addEventListener("visibilitychange", () => document.hidden && chain.end());
}

/** Language -> {name, manifest}, that of the page first. */
function languagesOf({ dataset }) {
  const { kbSearch, kbLang, kbName, kbOthers } = dataset;
  const lines = kbOthers.split("\n").filter(Boolean).map((line) => line.trim().split("|"));
  return new Map(
    [[kbSearch, kbLang, kbName], ...lines].map(([address, lang, name]) => [
      lang,
      { name, manifest: new URL(address, location.href).href },
    ]),
  );
}

function mayKeep() {
  return document.querySelector("[data-kb-storage]")?.dataset.kbStorage === "local";
}

function tell(detail) {
  document.dispatchEvent(new CustomEvent("kbgen:event", { detail }));
}
