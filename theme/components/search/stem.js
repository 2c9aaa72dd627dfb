/* English word stems: Snowball's "english" (Porter 2) as of Snowball 3.1, for words of a-z.

   Python uses the package snowballstemmer; tests/search compare the two on many thousand words. */

const EXCEPTIONS = new Map(
  "skis:ski skies:sky idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl sky news howe atlas cosmos bias andes"
    .split(" ")
    .map((pair) => [pair.split(":")[0], pair.split(":").pop()]),
);
const LONG_START = /^(?:arsen|commun|emerg|gener|inter|later|organ|past|univers)/;
const REGION = /[aeiouy][^aeiouy]/g;
const STEP_2 =
  /(?:ational|tional|ization|iveness|fulness|ousness|biliti|lessli|ation|alism|aliti|ousli|iviti|fulli|entli|ogist|enci|anci|abli|izer|ator|alli|bli|ogi|li)$/;
const TO_2 = {
  ational: "ate", tional: "tion", ization: "ize", iveness: "ive", fulness: "ful", ousness: "ous",
  biliti: "ble", lessli: "less", ation: "ate", alism: "al", aliti: "al", ousli: "ous", iviti: "ive",
  fulli: "ful", entli: "ent", ogist: "og", enci: "ence", anci: "ance", abli: "able", izer: "ize",
  ator: "ate", alli: "al", bli: "ble", ogi: "og", li: "",
};
const STEP_3 = /(?:ational|tional|alize|icate|iciti|ative|ical|ness|ful)$/;
const TO_3 = {
  ational: "ate", tional: "tion", alize: "al", icate: "ic", iciti: "ic", ical: "ic", ative: "",
  ness: "", ful: "",
};
const STEP_4 =
  /(?:ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|ion|al|er|ic)$/;
const SHORT = /[^aeiouy][aeiouy][^aeiouywxY]$|^[aeiouy][^aeiouy]$|past$/;

/** Where the regions R1 and R2 of a word begin. */
function regions(word) {
  const after = (from) => {
    REGION.lastIndex = from;
    return REGION.test(word) ? REGION.lastIndex : word.length;
  };
  const one = LONG_START.exec(word)?.[0].length ?? after(0);
  return [one, after(one)];
}

function withoutPlural(word) {
  if (word.endsWith("sses")) return word.slice(0, -2);
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/(?:us|ss)$/.test(word)) return word;
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutVerbEnding(word, r1) {
  const suffix = /(?:eedly|ingly|edly|eed|ing|ed)$/.exec(word)?.[0];
  if (!suffix) return word;
  const stem = word.slice(0, -suffix.length);
  if (suffix.startsWith("ee")) {
    return stem.length >= r1 && !/^(?:succ|proc|exc)$/.test(stem) ? stem + "ee" : word;
  }
  if (suffix === "ing") {
    if (/^[^aeiouy]y$/.test(stem)) return stem[0] + "ie";
    if (/^(?:even|cann|inn|earr|herr|out)$/.test(stem)) return word;
  }
  if (!/[aeiouy]/.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return stem + "e";
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) {
    return /^[aeo]..$/.test(stem) ? stem : stem.slice(0, -1);
  }
  return stem.length === r1 && SHORT.test(stem) ? stem + "e" : stem;
}

function replaced(word, pattern, by, r1, allowed) {
  const suffix = pattern.exec(word)?.[0];
  const stem = suffix && word.slice(0, -suffix.length);
  return suffix && stem.length >= r1 && allowed(suffix, stem) ? stem + by[suffix] : word;
}

function withoutLast(word, r1, r2) {
  const stem = word.slice(0, -1);
  if (word.endsWith("e")) {
    return stem.length >= r2 || (stem.length >= r1 && !SHORT.test(stem)) ? stem : word;
  }
  return word.endsWith("ll") && stem.length >= r2 ? stem : word;
}

/** The stem of a word of three or more letters a-z. */
export function stem(text) {
  if (EXCEPTIONS.has(text)) return EXCEPTIONS.get(text);
  let word = text.replace(/^y/, "Y").replace(/([aeiouy])y/g, "$1Y");
  const [r1, r2] = regions(word);
  word = withoutVerbEnding(withoutPlural(word), r1);
  word = word.replace(/(.[^aeiouy])[yY]$/, "$1i");
  word = replaced(word, STEP_2, TO_2, r1, (suffix, before) =>
    suffix === "li" ? /[cdeghkmnrt]$/.test(before) : suffix !== "ogi" || before.endsWith("l"),
  );
  word = replaced(word, STEP_3, TO_3, r1, (suffix, before) => suffix !== "ative" || before.length >= r2);
  const suffix = STEP_4.exec(word)?.[0];
  const before = suffix && word.slice(0, -suffix.length);
  if (suffix && before.length >= r2 && (suffix !== "ion" || /[st]$/.test(before))) word = before;
  return withoutLast(word, r1, r2).replaceAll("Y", "y");
}
