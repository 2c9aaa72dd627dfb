/* The search engine: a query in, hits out. Knows no page; `fetch` comes from outside.

   The ranking is that of kbgen/search/rank.py: whole numbers are multiplied and added, so this and
   Python give the same scores. */

import { createExcerpts } from "./excerpt.js";
import { read } from "./query.js";
import { SearchError, openShards } from "./shards.js";

export { SearchError };

const FLOOR = 10; // percent of the best score that a result must have

function scoresOf(asked, shards) {
  const scores = new Map();
  for (const [term, weight] of asked.weights) {
    const found = shards.postings(term);
    if (!found) continue;
    const factor = weight * found.idf;
    found.places.forEach((place, at) => {
      scores.set(place, (scores.get(place) ?? 0) + factor * shards.impacts[found.levels[at]]);
    });
  }
  for (const [place, score] of scores) {
    scores.set(place, Math.floor((score * shards.boost(place)) / 100));
  }
  return scores;
}

/** Without those far below the best: they share a common word and no more. */
function worthwhile(scores) {
  const top = scores.reduce((most, [, score]) => Math.max(most, score), 0);
  return scores.filter(([, score]) => 100 * score >= FLOOR * top);
}

function worthOf(asked, shards) {
  const value = new Map();
  for (const [term, weight] of asked.weights) {
    const shown = asked.words.has(term) || asked.pairs.has(term);
    if (shown && shards.has(term)) value.set(term, weight * shards.postings(term).idf);
  }
  return { value, words: asked.words };
}

function inCategory(path, category) {
  return !category || path === category || path.startsWith(`${category}/`);
}

/** An engine for one language.

    `search(query, {limit, category})` resolves to {hits, total, readAs, categories}, where `category`
    narrows the results and `categories` counts them without it. It rejects with a SearchError whose
    `reason` says why. `open()` fetches what every search needs. */
export function createEngine({ manifest, fetch }) {
  let opening = null;

  function open() {
    opening ??= openShards(manifest, fetch);
    opening.catch(() => (opening = null));
    return opening;
  }

  async function searchOnce(query, { limit = 10, category = "" } = {}) {
    const shards = await open();
    const asked = await read(query, shards);
    const all = worthwhile([...scoresOf(asked, shards)]);
    const found = all.filter(([place]) => inCategory(shards.category(place)[0], category));
    found.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const best = found.slice(0, limit);
    const cards = await shards.cards(best.map(([place]) => place));
    const worth = worthOf(asked, shards);
    const { marked, excerpts } = createExcerpts(shards.tokens);
    const hits = cards.map((card, at) => {
      const [place, score] = best[at];
      const { snippet, sections } = excerpts(card.passages, worth);
      const title = marked(card.title, worth);
      const { id, url, date } = card;
      return { id, url, date, lang: shards.lang, category: shards.category(place), score, title, snippet, sections };
    });
    const categories = new Map();
    for (const [place] of all) {
      const [path, title] = shards.category(place);
      categories.set(path, { title, count: (categories.get(path)?.count ?? 0) + 1 });
    }
    return { hits, total: found.length, readAs: asked.readAs, categories };
  }

  async function search(query, options) {
    try {
      return await searchOnce(query, options);
    } catch (error) {
      if (error.reason !== "unreachable" || !opening) throw error;
      opening = null; // the site may have been published anew, with other file names
      return searchOnce(query, options);
    }
  }

  return { open, search };
}
