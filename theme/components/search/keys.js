/* Hangul as the keys of a Korean keyboard: what kbgen/search/keys.py says in Python. */

const FIRST = "r R s e E f a q Q t T d w W c z x v g".split(" ");
const VOWEL = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split(" ");
const LAST = " r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split(" ");
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const AFTER = "\uffff"; // after every word
const HANGUL = /[ㄱ-ㆎ]/;
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const BASE = 0xac00;
const LASTS = LAST.length;
const BLOCK = VOWEL.length * LASTS; // syllables with the same first consonant

const byLength = (keys) => keys.filter(Boolean).sort((a, b) => b.length - a.length).join("|");
const SYLLABLE = new RegExp(
  `([${FIRST.join("")}])(${byLength([...VOWEL])})((?:${byLength([...LAST])})(?![hjklyubnmiopOP]))?`,
  "y",
);

const LONE = new Map();
[...INITIALS].forEach((sign, at) => LONE.set(sign, FIRST[at]));
VOWEL.forEach((keys, at) => LONE.set(String.fromCharCode(0x314f + at), keys));
[...FINALS].forEach((sign, at) => at && LONE.set(sign, LAST[at]));

/** Whether a character is one of 가-힣. */
export function isSyllable(sign) {
  return sign >= "가" && sign <= "힣";
}

function syllable(offset) {
  const rest = offset % BLOCK;
  return FIRST[Math.floor(offset / BLOCK)] + VOWEL[Math.floor(rest / LASTS)] + LAST[rest % LASTS];
}

/** The keys that give a text; what is not Hangul stays. */
export function typed(text) {
  let keys = "";
  for (const sign of text) {
    keys += isSyllable(sign) ? syllable(sign.charCodeAt(0) - BASE) : (LONE.get(sign) ?? sign);
  }
  return keys;
}

/** The Hangul that Latin keys give; "" unless they give whole syllables throughout. */
export function composed(text) {
  const keys = text.replace(/[^QWERTOP]/g, (key) => key.toLowerCase());
  let found = "";
  SYLLABLE.lastIndex = 0;
  while (SYLLABLE.lastIndex < keys.length) {
    const match = SYLLABLE.exec(keys);
    if (!match) return "";
    const place = FIRST.indexOf(match[1]) * VOWEL.length + VOWEL.indexOf(match[2]);
    found += String.fromCharCode(BASE + place * LASTS + LAST.indexOf(match[3] ?? ""));
  }
  return found;
}

/** The first consonant of each syllable: ㅎㅂ for 환불. */
export function initials(text) {
  return text.replace(/[가-힣]/g, (sign) => INITIALS[Math.floor((sign.charCodeAt(0) - BASE) / BLOCK)]);
}

/** Whether a text is nothing but two or more consonants. */
export function isInitials(text) {
  return text.length > 1 && [...text].every((sign) => INITIALS.includes(sign));
}

function block(sign, size) {
  const code = sign.charCodeAt(0);
  const start = code - ((code - BASE) % size);
  return [String.fromCharCode(start), String.fromCharCode(start + size)];
}

/** The first syllable with the same beginning, and the one after the last of them. */
export function withAnyFinal(sign) {
  return block(sign, LASTS);
}

function withInitial(sign) {
  return block(sign, BLOCK);
}

function beside(key) {
  const row = ROWS.find((keys) => keys.includes(key)) ?? "";
  const at = row.indexOf(key);
  return at < 0 ? "" : row.slice(Math.max(0, at - 1), at) + row.slice(at + 1, at + 2);
}

function withConsonantBeside(sign) {
  const offset = sign.charCodeAt(0) - BASE;
  const key = FIRST[Math.floor(offset / BLOCK)];
  const vowel = (offset % BLOCK) - (offset % LASTS);
  const other = key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
  return [...beside(key.toLowerCase()), other]
    .filter((each) => FIRST.includes(each))
    .map((each) => String.fromCharCode(BASE + FIRST.indexOf(each) * BLOCK + vowel));
}

/** Ranges of the words with the same first letter or consonant. */
export function sameBegin(word) {
  if (isSyllable(word[0])) return [withInitial(word[0])];
  const at = INITIALS.indexOf(word[0]);
  if (at >= 0) return [withInitial(String.fromCharCode(BASE + at * BLOCK))];
  return HANGUL.test(word[0]) ? [] : [[word[0], word[0] + AFTER]];
}

/** Ranges of the words that begin as if the first key was surplus, swapped, or a neighbour's. */
export function otherBegins(word) {
  if (isSyllable(word[0])) return withConsonantBeside(word[0]).map(withAnyFinal);
  if (HANGUL.test(word[0])) return [];
  const begins = [word.slice(1, 3), word[1] + word[0], ...[...beside(word[0])].map((key) => key + word[1])];
  return begins.map((begin) => [begin, begin + AFTER]);
}

/** Keys left out, added, exchanged or swapped between two texts; `most` + 1 if more. */
export function slips(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at++) {
    const above = before;
    before = row;
    row = [at];
    for (let place = 1; place <= other.length; place++) {
      let cost = Math.min(
        before[place] + 1,
        row[place - 1] + 1,
        before[place - 1] + (one[at - 1] === other[place - 1] ? 0 : 1),
      );
      const swapped =
        at > 1 && place > 1 && one[at - 1] === other[place - 2] && one[at - 2] === other[place - 1];
      if (swapped) cost = Math.min(cost, above[place - 2] + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
  }
  return Math.min(row.at(-1), most + 1);
}
