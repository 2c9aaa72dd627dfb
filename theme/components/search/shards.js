/* Reads the files that kbgen/search/shards.py writes, each when it is first needed. */

import { createAnalysis } from "./analysis.js";

const VERSION = 3;
const SIGNS = Array.from({ length: 92 }, (_, at) => String.fromCharCode(35 + at)).filter((s) => s !== "\\");
const NUMBER = new Map(SIGNS.map((sign, at) => [sign, at]));
const BASE = 45;

/** What went wrong, for the view to say: "version", "damaged" or "unreachable". */
export class SearchError extends Error {
  constructor(reason, detail) {
    super(`kbgen search: ${reason}: ${detail}`);
    this.reason = reason;
  }
}

function signOf(text, at) {
  const sign = NUMBER.get(text[at]);
  if (sign === undefined) throw new SearchError("damaged", "signs");
  return sign;
}

/** [the number that begins at a place of a text, the place after it] */
function numberAt(text, at) {
  let number = 0;
  for (let factor = 1; ; factor *= BASE) {
    const sign = signOf(text, at++);
    if (sign < BASE) return [number + sign * factor, at];
    number += (sign - BASE) * factor;
  }
}

/** Places, each followed by `levels` if that is a list. */
function placesIn(text, at, levels) {
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
  return { idf, places: placesIn(signs, at, levels), levels, asked: asked ? placesIn(asked, 0) : [] };
}

/** The last of the sorted `firsts` that is not after `key`, -1 if all are. */
function shardOf(firsts, key) {
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle] <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

async function readJson(fetch, address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    throw new SearchError("unreachable", `${address}: ${error.message}`);
  }
  if (!answer.ok) throw new SearchError("unreachable", `${address}: ${answer.status}`);
  try {
    return await answer.json();
  } catch (error) {
    throw new SearchError("damaged", `${address}: ${error.message}`);
  }
}

/** Opens the index whose manifest is at `address`. `fetch` is the browser's, or a test's. */
export async function openShards(address, fetch) {
  const manifest = await readJson(fetch, address, { cache: "no-cache" });
  if (manifest?.version !== VERSION) {
    throw new SearchError("version", `${address} is of version ${manifest?.version}, not ${VERSION}`);
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
      const name = `t${at}`;
      const known = files.has(name);
      const found = await file(name);
      if (!known) for (const [term, signs] of Object.entries(found)) terms.set(term, signs);
    };
    await Promise.all([...shards].map(read));
  }

  function postings(term) {
    const found = terms.get(term);
    if (typeof found !== "string") return found;
    const meaning = decode(found);
    terms.set(term, meaning);
    return meaning;
  }

  async function between(first, last) {
    const from = Math.max(0, shardOf(manifest.words, first));
    const found = [];
    const wanted = [];
    for (let at = from; at < manifest.words.length && manifest.words[at] < last; at++) {
      wanted.push(file(`w${at}`));
    }
    for (const words of await Promise.all(wanted)) {
      for (const entry of Object.entries(words)) {
        if (entry[0] >= first && entry[0] < last) found.push(entry);
      }
    }
    return found;
  }

  /** The cards of some places: {id, title, url, date, questions, passages}, in the same order. */
  async function cards(places) {
    const read = async (place) => {
      const [id, title, url, date, questions, passages] = await file(`c${place}`);
      return { id, title, url, date, questions, passages };
    };
    return Promise.all(places.map(read));
  }

  /** [tag, set of the places that have it] of every tag. */
  async function tags() {
    const found = manifest.tags ? await file("tags") : {};
    return Object.entries(found).map(([tag, signs]) => [tag, new Set(placesIn(signs, 0))]);
  }

  /** The earlier questions by number: {places, sizes, strengths}. */
  async function precedents() {
    const [places, sizes, strengths] = await file("learned");
    return { places, sizes, strengths };
  }

  const internal = new Set(placesIn(manifest.internal, 0));
  const categoryOf = [];
  for (let at = 0; at < manifest.category.length; at += 2) {
    for (let n = 0; n < manifest.category[at + 1]; n++) categoryOf.push(manifest.category[at]);
  }

  return {
    lang: manifest.lang,
    documents: manifest.documents,
    impacts: manifest.impacts,
    /** Impact of a term that a text has once. */
    unit: manifest.unit,
    /** How much it counts that an article has the whole query. */
    whole: manifest.whole,
    /** Idf of a term that no article has. */
    rarest: manifest.rarest,
    /** Whether there are earlier questions. */
    learned: manifest.learned,
    /** A factor of its own for each article, in 1/1000. */
    boost: (place) => manifest.boosts[place] ?? 1000,
    stop: new Set(manifest.stop.split(" ")),
    tokens,
    load,
    has: (term) => terms.has(term),
    postings,
    between,
    cards,
    tags,
    precedents,
    /** Whether only agents may see a place. */
    isInternal: (place) => internal.has(place),
    /** Path -> title of the categories. */
    titles: new Map(manifest.categories),
    /** [path, title] of the category of a place. */
    category: (place) => manifest.categories[categoryOf[place]],
  };
}
