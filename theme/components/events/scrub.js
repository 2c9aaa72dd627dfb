/* Takes personal data out of what readers typed, before it leaves the browser.

   The collector does the same with kbgen/events/scrub.py; tests/events/cases/scrub.json holds
   both to the same answers. No look-behind: older Safari would refuse the whole module. */

// Full-width forms, odd spaces and odd dashes read as their plain twins, one character for one.
const FOLD = [
  [/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)],
  [/[\u00a0\u2000-\u200a\u202f\u3000]/g, () => " "],
  [/[\u2010-\u2015\u2212\ufe58\ufe63]/g, () => "-"],
];

const WORTH_A_LOOK = /[0-9０-９@＠]|[(（]at[)）]|골뱅이/i;

const EMAIL =
  /()[A-Za-z0-9._%+-]{1,64} ?(?:@|\(at\)|골뱅이) ?(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/gi;
const RESIDENT =
  /(^|[^0-9])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?-? ?[0-9][0-9*]{6}(?![0-9*])/g;
const GAP = "[ .-]{0,3}";
const PHONE = new RegExp(
  "(^|[^0-9])(?:" +
    `(?:\\+ ?82${GAP}0?|0)1[016789]${GAP}[0-9]{3,4}${GAP}[0-9]{4}` + // Korean mobile
    `|(?:\\+ ?82${GAP}0?|\\(?0)(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[0-9])\\)?` +
    `${GAP}[0-9]{3,4}${GAP}[0-9]{4}` + // Korean landline
    "|\\+[0-9]{1,3}(?:[ .()-]{0,2}[0-9]){7,14}" + // any other country
    "|\\(?[0-9]{3}\\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}" + // North America
    ")(?![0-9])",
  "g",
);
const DIGITS = /(^|[^0-9])([0-9](?:[ -]?[0-9]){12,})/g;
const NAMED = new RegExp(
  "((?:(?:주문|송장|운송장|접수|예약|결제|승인|회원|고객|계좌) ?번호" +
    "|(?:order|tracking|invoice|booking|account|customer) ?(?:no\\.?|number|id|#))" +
    "[은는이가:.=# ]{0,3})(?=[A-Za-z-]{0,36}[0-9])[A-Za-z0-9][A-Za-z0-9-]{3,39}",
  "gi",
);
const NUMBER =
  /(^|[^A-Za-z0-9])(?:#[0-9]{4,}|[A-Za-z]{1,5}-?[0-9]{6,}(?:-[0-9]+)*|[0-9](?:-?[0-9]){9,})/g;

// The order counts: what an earlier rule takes, a later one does not see.
const RULES = [
  [matches(EMAIL), "[email]"],
  [matches(RESIDENT), "[id]"],
  [matches(PHONE), "[phone]"],
  [cards, "[card]"],
  [matches(NAMED), "[number]"],
  [matches(NUMBER), "[number]"],
];

/** The text with e-mail addresses, phone, card, resident and order numbers replaced. */
export function scrub(text) {
  while (WORTH_A_LOOK.test(text)) {
    let scrubbed = text;
    for (const [spans, token] of RULES) scrubbed = replace(scrubbed, spans, token);
    if (scrubbed === text) break;
    text = scrubbed;
  }
  return text;
}

function replace(text, spans, token) {
  let out = "";
  let place = 0;
  for (const [start, end] of spans(fold(text))) {
    out += text.slice(place, start) + token;
    place = end;
  }
  return out + text.slice(place);
}

function fold(text) {
  return FOLD.reduce((folded, [signs, plain]) => folded.replace(signs, plain), text);
}

/** Where a pattern matches, without its first group, which only looks at what goes before. */
function matches(pattern) {
  return (text) =>
    Array.from(text.matchAll(pattern), (match) => [
      match.index + match[1].length,
      match.index + match[0].length,
    ]);
}

/** Groups of digits that together are 13 to 19 long and pass the check that cards pass. */
function cards(text) {
  const found = [];
  for (const run of text.matchAll(DIGITS)) {
    const start = run.index + run[1].length;
    const groups = Array.from(run[2].matchAll(/[0-9]+/g), (group) => [
      start + group.index,
      start + group.index + group[0].length,
    ]);
    for (let first = 0; first < groups.length; first++) {
      for (let last = first; last < groups.length; last++) {
        if (!isCard(text, groups.slice(first, last + 1))) continue;
        found.push([groups[first][0], groups[last][1]]);
        first = last;
        break;
      }
    }
  }
  return found;
}

function isCard(text, groups) {
  const digits = groups.map(([start, end]) => text.slice(start, end)).join("");
  if (digits.length < 13 || digits.length > 19) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
