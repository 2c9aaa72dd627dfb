/* A query -> terms, their weights, and which of them to mark: kbgen/search/query.py in Python. */

import { normalise } from "./analysis.js";
import { joined, reread } from "./reread.js";

const WORD = 3;
const PAIR = 1;
const MOST_TOKENS = 64;
const MOST_TERMS = 128;
const MOST_WEIGHT = 16;
const MOST_REREAD = 24; // different words

function innerPairs(token, stop) {
  if (!token.words.length) return token.pairs;
  const [stem] = token.words;
  if (!token.pairs.length || stop.has(stem)) return [];
  return [...stem].slice(0, -1).map((_, at) => stem.slice(at, at + 2));
}

function add(query, token, stop, weightOfWords = WORD) {
  for (const [terms, weight] of [[token.words, weightOfWords], [token.pairs, PAIR]]) {
    for (const term of terms) query.weights.set(term, (query.weights.get(term) ?? 0) + weight);
  }
  for (const term of token.words) if (!stop.has(term)) query.words.add(term);
  for (const term of innerPairs(token, stop)) query.pairs.add(term);
}

/** The query that a text asks: {weights: Map, words: Set, pairs: Set, readAs: Map}.

    `known` is what shards.js opens: has, load, between, tokens, stop. */
export async function read(query, known) {
  const text = normalise(query);
  const tokens = known.tokens(text, MOST_TOKENS);
  const asked = { weights: new Map(), words: new Set(), pairs: new Set(), readAs: new Map() };
  const readings = new Map();
  await known.load(tokens.flatMap((token) => [...token.words, ...token.pairs]));

  async function again(token, typed) {
    const unfinished = token.end === text.length;
    const key = unfinished ? `${typed} ` : typed; // no word ends in a space
    if (!readings.has(key) && readings.size < MOST_REREAD) {
      readings.set(key, await reread(token, typed, known, unfinished));
    }
    return readings.get(key);
  }

  for (const [at, token] of tokens.entries()) {
    add(asked, token, known.stop);
    if (token.words.some((term) => known.has(term))) continue;
    const typed = text.slice(token.start, token.end);
    const reading =
      (await joined(tokens[at - 1], token, known)) ??
      (await joined(token, tokens[at + 1], known)) ??
      (await again(token, typed));
    if (!reading) continue;
    asked.readAs.set(typed, reading);
    reading.words.forEach((word, place) => {
      for (const other of known.tokens(word)) add(asked, other, known.stop, place ? 1 : WORD);
    });
  }
  const limited = ([term, weight]) => [term, Math.min(weight, MOST_WEIGHT)];
  asked.weights = new Map([...asked.weights].slice(0, MOST_TERMS).map(limited));
  await known.load(asked.weights.keys());
  return asked;
}
