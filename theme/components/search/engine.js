/* The search engine: a query in, hits out. Knows no page; `fetch` comes from outside.

   The ranking is that of kbgen/search/rank.py, in whole numbers. */

import { createExcerpts } from "./excerpt.js";
import { read } from "./query.js";
import { openShards } from "./shards.js";

async function scoresOf(asked, shards) {
  const scores = new Map();
  const shares = new Map();
  let known = 0;
  for (const [term, weight] of asked.weights) {
    const found = shards.postings(term);
    if (!found?.places.length) continue;
    const factor = weight * found.idf;
    known += factor;
    found.places.forEach((place, at) => {
      scores.set(place, (scores.get(place) ?? 0) + factor * shards.impacts[found.levels[at]]);
      shares.set(place, (shares.get(place) ?? 0) + factor);
    });
  }
  const isOpen = [...asked.readAs.values()].some(({ words }) => words.length > 1);
  if (shards.whole && !isOpen) {
    for (const [place, score] of scores) {
      scores.set(place, score + Math.floor((shards.whole * score * shares.get(place)) / known));
    }
  }
  if (shards.learned) await (await import("./precedents.js")).addGains(scores, asked, shards);
  for (const [place, score] of scores) {
    scores.set(place, Math.floor((score * shards.boost(place)) / 1000));
  }
  return scores;
}

/** Without those far below the best: they share a common word and no more. */
function worthwhile(scores, floor) {
  const top = Math.max(...scores.values());
  return [...scores].filter(([, score]) => 100 * score >= floor * top);
}

function worthOf(asked, shards) {
  const value = new Map();
  for (const [term, weight] of asked.weights) {
    const shown = asked.words.has(term) || asked.pairs.has(term);
    if (shown && shards.has(term)) value.set(term, weight * shards.postings(term).idf);
  }
  return { value, words: asked.words };
}

/** Filters are a module of their own, which the field never asks for. */
async function narrowed(all, options, shards) {
  const { category, tag, audience, counts } = options;
  if (!(category || tag || audience || counts)) return { found: [...all] };
  return (await import("./filters.js")).narrow(all, options, shards);
}

/** An engine for one language.

    `search(query, {limit, category, tag, audience, counts})` resolves to {hits, total, readAs, counts,
    titles}: `counts` are those of filters.js, `titles` those of categories. It rejects with a
    SearchError whose `reason` says why. `open()` fetches what every search needs. */
export function createEngine({ manifest, fetch }) {
  let opening = null;

  function open() {
    opening ??= openShards(manifest, fetch);
    opening.catch(() => (opening = null));
    return opening;
  }

  async function searchOnce(query, options = {}) {
    const shards = await open();
    const asked = await read(query, shards);
    const all = worthwhile(await scoresOf(asked, shards), shards.floor);
    const { found, counts } = await narrowed(all, options, shards);
    found.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const best = found.slice(0, options.limit ?? 10);
    const cards = await Promise.all(best.map(([place]) => shards.file(`c${place}`)));
    const worth = worthOf(asked, shards);
    const { marked, bestQuestion, excerpts } = createExcerpts(shards.tokens);
    const hits = best.map(([place, score], at) => {
      const [id, title, url, date, questions, passages] = cards[at];
      return {
        ...{ id, url, date, score, lang: shards.lang },
        category: shards.category(place),
        internal: shards.isInternal(place),
        title: marked(title, worth),
        question: bestQuestion(questions, title, worth),
        ...excerpts(passages, worth),
      };
    });
    return { hits, total: found.length, readAs: asked.readAs, counts, titles: shards.titles };
  }

  async function search(query, options) {
    try {
      return await searchOnce(query, options);
    } catch (error) {
      if (error.reason !== "unreachable" || !opening) throw error;
      opening = null; // the site may have been published anew
      return searchOnce(query, options);
    }
  }

  return { open, search };
}
