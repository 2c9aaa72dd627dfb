/* What a result shows: the sentences that answer, with the words that matched.
   kbgen/search/excerpt.py says the same in Python. An excerpt is {text, marks: [[start, end]]}. */

import { normalise } from "./analysis.js";

const LENGTH = 180;
const BEFORE = 60;
const SECTIONS = 3;
const SENTENCE = /[^\n]+?(?:[.!?。！？]+(?=\s)|\n|$)/g;

function runs(text, value) {
  const found = [];
  for (let at = 0; at < text.length - 1; at++) {
    if (!value.has(text.slice(at, at + 2))) continue;
    if (found.length && at < found.at(-1)[1]) found.at(-1)[1] = at + 2;
    else found.push([at, at + 2]);
  }
  return found;
}

function matches(token, { value, words }) {
  const wanted = (term) => words.has(term) && value.has(term);
  if (!token.pairs.length) return token.words.some(wanted) ? [[token.start, token.end]] : [];
  const [word] = token.words;
  if (word && wanted(word)) return [[token.start, token.start + word.length]];
  return runs(token.text, value)
    .filter(([start, end]) => end - start > 2 || words.has(token.text.slice(start, end)))
    .map(([start, end]) => [token.start + start, token.start + end]);
}

/** Functions that quote from texts: `tokens` is that of analysis.js. */
export function createExcerpts(tokens) {
  function marksOf(text, worth) {
    const joined = [];
    for (const [start, end] of tokens(text).flatMap((token) => matches(token, worth))) {
      if (joined.length && start <= joined.at(-1)[1]) {
        joined.at(-1)[1] = Math.max(end, joined.at(-1)[1]);
      } else joined.push([start, end]);
    }
    return joined;
  }

  function valueOf(text, worth) {
    const found = tokens(normalise(text));
    const terms = new Set(found.flatMap((token) => [...token.words, ...token.pairs]));
    let sum = 0;
    for (const term of terms) sum += worth.value.get(term) ?? 0;
    return sum;
  }

  function cut(source, worth) {
    const text = source.trim().split(/\s+/).join(" ");
    if (text.length <= LENGTH) return { text, marks: marksOf(text, worth) };
    const first = (marksOf(text, worth)[0] ?? [0])[0];
    let start = 0;
    if (first > LENGTH - BEFORE) {
      const space = text.indexOf(" ", first - BEFORE);
      start = space >= 0 && space < first ? space + 1 : first;
    }
    let end = start + LENGTH;
    if (end < text.length) {
      const space = text.lastIndexOf(" ", end - 1);
      if (space > start + LENGTH / 2) end = space;
    }
    const shown = (start ? "…" : "") + text.slice(start, end).trimEnd() + (end < text.length ? "…" : "");
    return { text: shown, marks: marksOf(shown, worth) };
  }

  function bestSentences(text, worth) {
    const spans = [...text.matchAll(SENTENCE)].map((m) => [m.index, m.index + m[0].length]);
    if (!spans.length) return [0, { text: "", marks: [] }];
    const scores = spans.map(([start, end]) => valueOf(text.slice(start, end), worth));
    const score = Math.max(...scores);
    const at = scores.indexOf(score);
    let [start, end] = spans[at];
    for (const [, after] of spans.slice(at + 1)) {
      if (after - start > LENGTH) break;
      end = after;
    }
    return [score, cut(text.slice(start, end), worth)];
  }

  /** A short text as it is, with its matches. */
  function marked(source, worth) {
    const text = normalise(source);
    return { text, marks: marksOf(text, worth) };
  }

  /** The question that says more of the query than the title; null if none does. */
  function bestQuestion(questions, title, worth) {
    let best = null;
    let most = valueOf(title, worth);
    for (const question of questions) {
      const value = valueOf(question, worth);
      if (value > most) [best, most] = [question, value];
    }
    return best && marked(best, worth);
  }

  /** The best sentences of an article, and its best sections: {snippet, sections}. */
  function excerpts(passages, worth) {
    const scored = passages.map(([anchor, title, text]) => {
      const [score, excerpt] = bestSentences(normalise(text), worth);
      const all = 2 * valueOf(title, worth) + score;
      return { all, score, anchor, title, excerpt };
    });
    if (!scored.length) return { snippet: { text: "", marks: [] }, sections: [] };
    const main = scored.reduce((best, each) => (each.score > best.score ? each : best));
    const most = Math.max(0, ...worth.value.values()) + 1;
    const floor = Math.max(most, Math.max(...scored.map((each) => each.all)) / 2);
    const sections = scored
      .filter((each) => each.anchor && each.all >= floor)
      .sort((one, other) => other.all - one.all)
      .slice(0, SECTIONS)
      .map(({ anchor, title, excerpt }) => ({ anchor, title: marked(title, worth), excerpt }));
    return { snippet: main.excerpt, sections };
  }

  return { marked, bestQuestion, excerpts };
}
