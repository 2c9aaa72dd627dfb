/* Reads the files that kbgen/search/shards.py writes, each when it is first needed. */

import { createAnalysis } from "./analysis.js";

const VERSION = 3;
const BASE = 45;

/** What went wrong, for the view to say: "version", "damaged" or "unreachable". */
export class SearchError extends Error {
  constructor(reason, detail) {
    super(`kbgen search: ${reason}: ${detail}`);
    this.reason = reason;
  }
}

/** The number of a sign from # to ~; the backslash is none. */
function signOf(text, at) {
  const code = text.charCodeAt(at);
  if (!(code > 34 && code < 127 && code !== 92)) throw new SearchError("damaged", "signs");
  return code - (code > 92 ? 36 : 35);
}

/** [the number at a place of a text, the place after it] */
function numberAt(text, at) {
  let number = 0;
  for (let factor = 1; ; factor *= BASE) {
    const sign = signOf(text, at++);
    if (sign < BASE) return [number + sign * factor, at];
    number += (sign - BASE) * factor;
  }
}

/** The places in a text, each with its level if there are `levels` to fill. */
export function placesIn(text, at = 0, levels) {
  const places = [];
  for (let before = -1, step; at < text.length; ) {
    [step, at] = numberAt(text, at);
    places.push((before += step + 1));
    if (levels) levels.push(signOf(text, at++));
  }
  return places;
}

/** "#$... %&..." -> {idf, places, levels, asked} of a term; `asked` numbers earlier questions. */
function decode(text) {
  const [signs, asked] = text.split(" ");
  const [idf, at] = numberAt(signs, 0);
  const levels = [];
  return { idf, places: placesIn(signs, at, levels), levels, asked: asked ? placesIn(asked) : [] };
}

/** The last of the sorted `firsts` that is not after `key`, -1 if all are. */
const shardOf = (firsts, key) => firsts.findLastIndex((first) => first <= key);

async function readJson(fetch, address, options) {
  const fail = (reason, detail) => {
    throw new SearchError(reason, `${address}: ${detail}`);
  };
  const answer = await fetch(address, options).catch((error) => fail("unreachable", error.message));
  if (!answer.ok) fail("unreachable", answer.status);
  return answer.json().catch((error) => fail("damaged", error.message));
}

/** Opens the index whose manifest is at `address`. */
export async function openShards(address, fetch) {
  const manifest = await readJson(fetch, address, { cache: "no-cache" });
  if (manifest?.version !== VERSION) {
    throw new SearchError("version", `${address}: ${manifest?.version} is not ${VERSION}`);
  }
  const folder = new URL(`${manifest.folder}/`, address);
  const files = new Map();
  const terms = new Map(); // term -> signs, then what they mean
  const { tokens } = createAnalysis(manifest.endings.split(" "));

  function file(name) {
    if (!files.has(name)) {
      const reading = readJson(fetch, new URL(`${name}.json`, folder).href);
      files.set(name, reading);
      reading.catch(() => files.delete(name)); // so that the next key press tries again
    }
    return files.get(name);
  }

  async function load(wanted) {
    const shards = new Set();
    for (const term of wanted) shards.add(shardOf(manifest.terms, term));
    shards.delete(-1);
    const read = async (at) => {
      const isKnown = files.has(`t${at}`);
      const found = await file(`t${at}`);
      if (!isKnown) for (const [term, signs] of Object.entries(found)) terms.set(term, signs);
    };
    await Promise.all([...shards].map(read));
  }

  function postings(term) {
    const found = terms.get(term);
    if (typeof found === "string") terms.set(term, decode(found));
    return terms.get(term);
  }

  async function between(first, last) {
    const wanted = [];
    let at = Math.max(0, shardOf(manifest.words, first));
    for (; manifest.words[at] < last; at++) wanted.push(file(`w${at}`));
    const words = (await Promise.all(wanted)).flatMap((each) => Object.entries(each));
    return words.filter(([word]) => word >= first && word < last);
  }

  const internal = new Set(placesIn(manifest.internal));
  const categoryOf = manifest.category.flatMap(([at, times]) => Array(times).fill(at));

  return {
    ...manifest, // kbgen/search/shards.py says what else it holds
    /** A factor of its own for each article, in 1/1000. */
    boost: (place) => manifest.boosts[place] ?? 1000,
    stop: new Set(manifest.stop.split(" ")),
    tokens,
    load,
    has: (term) => terms.has(term),
    postings,
    between,
    file,
    /** Whether only agents may see a place. */
    isInternal: (place) => internal.has(place),
    /** Path -> title of the categories. */
    titles: new Map(manifest.categories),
    /** [path, title] of the category of a place. */
    category: (place) => manifest.categories[categoryOf[place]],
  };
}
