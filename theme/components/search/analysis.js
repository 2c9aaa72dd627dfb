/* Text -> terms: what kbgen/search/analysis.py says in Python. Change one and you change both.

   The list of Korean endings comes with the index, so that there is one list only. */

import { stem as englishStem } from "./stem.js";

const LONGEST = 64;
const COMPOUND = 5;
const KEPT = 2; // syllables of a Korean word that remain
const ROUNDS = 2;

// By block and without properties such as \p{L}: Python and browsers know different Unicodes.
const LETTER =
  "0-9A-Za-zªµºÀ-ÖØ-öø-ʯ\u0300-\u036fͰ-ͳͶͷͻ-ͽͿΆΈ-ϿЀ-\u052f\u0531-\u0556\u0561-\u0587" +
  "\u05d0-\u05ea\u0620-\u0669\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\u0900-\u0963\u0966-\u0dff" +
  "\u10a0-\u10ff\u1200-\u137f\u13a0-\u13f5\u1e00-\u1fff";
const HANGUL = "가-힣ㄱ-ㆎ";
const UNSPACED =
  "\u0e01-\u0e59\u0e81-\u0edf\u1000-\u104f\u1780-\u17e9々-〇ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿ" +
  "㐀-\u4dbf一-\u9fff\uf900-\ufaffｦ-ﾟ\u{20000}-\u{3fffd}";
const TOKEN = new RegExp(
  `([0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[${LETTER}]+(?:[-.'’_][${LETTER}]+)*)` +
    `|([${HANGUL}]+)|([${UNSPACED}]+)`,
  "gu",
);
const MARKS = /[\u0300-\u036f]/g;
const FULL_WIDTH = /[\uff01-\uff5e\u3000]/g;
const SYLLABLES = /^[가-힣]{2,}$/;
const LETTERS = new RegExp(`^(?:(?![0-9])[${LETTER}]){3,}$`, "u");
const ENGLISH = /^[a-z]{3,}$/;
const NONE = [];

/** NFC, and full-width letters as plain ones. Offsets of tokens count in this text. */
export function normalise(text) {
  return text
    .normalize("NFC")
    .replace(FULL_WIDTH, (sign) =>
      sign === "\u3000" ? " " : String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
    );
}

function fold(word) {
  const lower = word.toLowerCase();
  if (/^[\x00-\x7f]*$/.test(lower)) return lower;
  return lower.normalize("NFD").replace(MARKS, "").normalize("NFC");
}

function stem(word) {
  return ENGLISH.test(word) ? englishStem(word) : word;
}

function part(word) {
  const numbered = /^([a-z]{2,})([0-9][0-9.]*)$/.exec(word);
  if (numbered) return [word, stem(numbered[1]), numbered[2]];
  return word ? [stem(word)] : NONE;
}

/** The terms of a word in a script with spaces: its stem, or a code whole and in parts. */
function spaced(folded) {
  const word = folded.replace(/(?:['’]s)?['’]*/g, "").replaceAll(",", "");
  const parts = word.split(/[-._]/).filter(Boolean);
  const version = /^v?([0-9]+(?:\.[0-9]+)*)$/.exec(word);
  if (version && parts.length > 1) return [version[1]];
  if (parts.length <= 1) return [...new Set(part(word))];
  const numbered = /^([a-z]{2,})[-_]?([0-9]+(?:\.[0-9]+)+)$/.exec(word);
  if (numbered) return [...new Set([numbered[1] + numbered[2], stem(numbered[1]), numbered[2]])];
  const whole = parts.length <= COMPOUND ? [stem(word.replace(/[-._]/g, ""))] : NONE;
  const kept = parts.filter((each) => each.length > 1 || /^[0-9]$/.test(each));
  return [...new Set([...whole, ...kept.flatMap(part)])];
}

function pairsOf(signs) {
  return signs.slice(1).map((sign, at) => signs[at] + sign);
}

/** `{koreanStem, tokens}` for a list of Korean endings. */
export function createAnalysis(endings) {
  const known = new Set(endings);
  const longest = Math.max(...endings.map((ending) => ending.length));
  const memory = new Map();

  function koreanStem(word) {
    let left = word;
    for (let round = 0; round < ROUNDS; round++) {
      let size = Math.min(longest, left.length - KEPT);
      while (size > 0 && !known.has(left.slice(-size))) size--;
      if (size <= 0) break;
      left = left.slice(0, -size);
    }
    return left;
  }

  function hangul(text) {
    return { text, words: [koreanStem(text)], pairs: pairsOf([...text]) };
  }

  function unspaced(text) {
    const signs = [...text];
    return { text, words: signs.length === 1 ? [text] : NONE, pairs: pairsOf(signs) };
  }

  function remembered(text, read) {
    let found = memory.get(text);
    if (!found) memory.set(text, (found = read(text)));
    return found;
  }

  function latin(text) {
    const folded = fold(text);
    return { text: folded, words: spaced(folded), pairs: NONE };
  }

  /** The tokens of a normalised text, at most `most`: {start, end, text, words, pairs}. */
  function tokens(text, most = Infinity) {
    const found = [];
    let before = null;
    for (const match of text.matchAll(TOKEN)) {
      if (found.length >= most) break;
      const start = match.index;
      const end = start + match[0].length;
      if (match[2]) {
        let { words, pairs } = remembered(match[0], hangul);
        if (before && start === before.end + 1 && text[before.end] === " ") {
          pairs = [before.words[0].slice(-1) + match[0][0], ...pairs];
        }
        before = { start, end, text: match[0], words, pairs };
        found.push(before);
      } else if (match[3]) {
        found.push({ start, end, ...unspaced(match[0]) });
      } else if (end - start <= LONGEST) {
        found.push({ start, end, ...remembered(match[0], latin) });
      }
    }
    return found;
  }

  return { koreanStem, tokens };
}

/** The word of a token as it may be completed or repaired; "" for codes and short words. */
export function written(token) {
  if (!token.words.length) return "";
  if (SYLLABLES.test(token.text)) return token.words[0];
  return LETTERS.test(token.text) ? token.text : "";
}
