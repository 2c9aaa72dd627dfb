/* Words that no article has, read once more: what kbgen/search/reread.py says in Python. */

import { written } from "./analysis.js";
import * as keys from "./keys.js";

const CHOICES = 6;
const ONE_SLIP = 4; // keys from which a word may have one slip
const TWO_SLIPS = 9;
const SHORTEST = 2; // letters of a part of a word to be split
const LONGEST_SPLIT = 24;
const LATIN = /^[A-Za-z]+$/;
const HANGUL = /^[가-힣ㄱ-ㆎ]+$/;
const LAST = "\uffff"; // after every word

const before = (one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0);
const commonest = (words) => [...words].sort(before).slice(0, CHOICES).map(([word]) => word);

function range(text) {
  const head = text.slice(0, -1);
  const last = text.slice(-1);
  if (!keys.isSyllable(last)) return [head, head + LAST];
  return keys.withAnyFinal(last).map((sign) => head + sign);
}

async function completed(text, known) {
  if (!HANGUL.test(text)) {
    return text.length > 1 ? commonest(await known.between(text, text + LAST)) : [];
  }
  if (!keys.isSyllable(text[0])) return [];
  const begin = keys.typed(text);
  const words = await known.between(...range(text));
  return commonest(words.filter(([word]) => keys.typed(word).startsWith(begin)));
}

async function otherMode(text, typed, known) {
  const other = LATIN.test(typed) ? keys.composed(typed) : keys.typed(text).toLowerCase();
  if (text.length < 2 || !other) return [];
  const [found] = known.tokens(other);
  if (!found) return [];
  const terms = [...found.words, ...found.pairs];
  await known.load(terms);
  return terms.some((term) => known.has(term)) ? [other] : [];
}

async function byInitials(text, known) {
  if (!keys.isInitials(text)) return [];
  const words = await known.between(...keys.sameBegin(text)[0]);
  return commonest(words.filter(([word]) => keys.initials(word).startsWith(text)));
}

/** A word that a slip has broken into letters: ㅂ송비. */
function broken({ text, words }) {
  return HANGUL.test(text) && text.length > 1 && !keys.isInitials(text) ? words[0] : "";
}

function isBefore(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at >= 0 && one[at] < other[at];
}

async function repaired(token, known) {
  if (token.pairs.some((pair) => known.has(pair))) return [];
  const word = written(token) || broken(token);
  const meant = keys.typed(word);
  const most = meant.length >= TWO_SLIPS ? 2 : meant.length >= ONE_SLIP ? 1 : 0;
  if (!most) return [];
  for (const begins of [keys.sameBegin(word), keys.otherBegins(word)]) {
    let nearest = null;
    for (const begin of begins) {
      for (const [other, count] of await known.between(...begin)) {
        const near = [keys.slips(meant, keys.typed(other), most), -count, other];
        if (near[0] <= most && (!nearest || isBefore(near, nearest))) nearest = near;
      }
    }
    if (nearest) return [nearest[2]];
  }
  return [];
}

async function isWord(text, known) {
  const terms = known.tokens(text).flatMap((token) => token.words);
  await known.load(terms);
  return terms.some((term) => known.has(term));
}

async function split(text, known) {
  if (!LATIN.test(text) || text.length > LONGEST_SPLIT) return [];
  let best = null;
  for (let at = SHORTEST; at <= text.length - SHORTEST; at++) {
    const size = Math.min(at, text.length - at);
    if (best && best[0] > size) continue;
    if (!(await isWord(text.slice(0, at), known)) || !(await isWord(text.slice(at), known))) continue;
    const parts = `${text.slice(0, at)} ${text.slice(at)}`;
    if (!best || size > best[0] || parts < best[1]) best = [size, parts];
  }
  return best ? [best[1]] : [];
}

/** Two Latin words that an article has as one: {how, words}, or null. */
export async function joined(one, other, known) {
  if (!one || !other || other.start !== one.end + 1) return null;
  if (!LATIN.test(one.text) || !LATIN.test(other.text)) return null;
  const word = one.text + other.text;
  return (await isWord(word, known)) ? { how: "joined", words: [word] } : null;
}

/** What a word that no article has may mean: {how, words}, or null. `typed` keeps capitals. */
export async function reread(token, typed, known, unfinished) {
  if (!LATIN.test(typed) && !HANGUL.test(typed)) return null;
  const ways = {
    completed: () => (unfinished ? completed(token.text, known) : []),
    mode: () => otherMode(token.text, typed, known),
    initials: () => byInitials(token.text, known),
    repaired: () => repaired(token, known),
    split: () => split(token.text, known),
  };
  for (const [how, look] of Object.entries(ways)) {
    const words = await look();
    if (words.length) return { how, words };
  }
  return null;
}
