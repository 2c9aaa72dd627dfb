/* "Did you mean": the whole query, with the words that the search read as others. */

const OFFERED = new Set(["mode", "repaired", "split", "joined"]);
const HANGUL = "가-힣ㄱ-ㆎ";
const LATIN = "A-Za-z0-9";

/** `piece`, which is letters and spaces, as `word` wherever it stands by itself. */
function swapped(text, piece, word) {
  const letters = new RegExp(`[${HANGUL}]`).test(piece) ? HANGUL : LATIN;
  const alone = new RegExp(`(^|[^${letters}])${piece}(?![${letters}])`, "gi");
  return text.replace(alone, (_, before) => before + word);
}

/** Two words that are one: the word without its half gives the other half. */
function rejoined(text, typed, word) {
  const half = typed.toLowerCase();
  if (word.startsWith(half)) text = swapped(text, `${half} ${word.slice(half.length)}`, word);
  if (word.endsWith(half)) text = swapped(text, `${word.slice(0, -half.length)} ${half}`, word);
  return text;
}

/** The query as the search read it; "" if it changed no word. `readAs` is that of the engine. */
export function meant(query, readAs) {
  const text = query.normalize("NFC");
  let found = text;
  for (const [typed, { how, words }] of readAs) {
    if (!OFFERED.has(how)) continue;
    found = how === "joined" ? rejoined(found, typed, words[0]) : swapped(found, typed, words[0]);
  }
  return found === text ? "" : found;
}
