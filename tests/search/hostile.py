"""Queries that nobody means well."""

from __future__ import annotations

LONG = 10_000  # characters

HOSTILE = {
    "long": ("환불 언제 돼요 refund " * 1_000)[:LONG],
    "one word": "환" * LONG,
    "one latin word": "a" * LONG,
    "unknown words": " ".join(f"qzx{n:x}v" for n in range(2_000))[:LONG],
    "different slips": " ".join(
        f"{a}{b}{c}리" for a in "환배주결" for b in "붏숭묺젷" for c in "싥챀둫븕"
    ),
    "different latin slips": " ".join(
        f"{a}as{b}wrodd{c}" for a in "pqmt" for b in "aeio" for c in "snty"
    ),
    "different initials": " ".join(
        f"{a}{b}{c}" for a in "ㅎㅂㅅㅇ" for b in "ㄱㄴㄷㄹ" for c in "ㅁㅂㅅㅇ"
    ),
    "words with slips": ("홤불 배숭비 pasword recieve " * 1_000)[:LONG],
    "many short words": ("a b c d e f " * 1_000)[:LONG],
    "one syllable, many times": ("환 " * LONG)[:LONG],
    "initials": ("ㅎㅂ ㅂㅅ ㄱ " * 2_000)[:LONG],
    "other keyboard mode": ("ghksqnf qothdql ㅗ디ㅔ " * 1_000)[:LONG],
    "digits": "1234567890" * (LONG // 10),
    "codes": ("ERR-1042.v2.3.1_x-" * 1_000)[:LONG],
    "commas in a number": ("1" + ",234" * LONG)[:LONG],
    "dots": "a." * (LONG // 2),
    "apostrophes": "a'" * (LONG // 2),
    "punctuation": "!@#$%^&*()_+-=[]{};':\"\\|,.<>/?~`",
    "much punctuation": "!?-._'\"" * (LONG // 7),
    "lucene": 'title:환불 AND (refund OR "money back"~2) NOT +a -b *:* [a TO z] ^4 ? \\',
    "open brackets": "(" * LONG,
    "open quote": '"환불 ' * 1_000,
    "regex": "(.*)+$ [^a]{1,99999} (?=x) \\p{L}",
    "regex that takes long": "(a+)+$ " + "a" * 60 + "!",
    "image": "<img src=x onerror=window.hacked=1>",
    "script": "</script><script>window.hacked=1</script>환불",
    "attribute": '" autofocus onfocus="window.hacked=1',
    "entity": "&lt;b&gt; &amp; &#x3c;svg/onload=window.hacked=1&#x3e;",
    "half characters": "\ud800 환불 \udc00\ud800",
    "many half characters": "\ud83d" * LONG,
    "emoji": "🙂🙃 👨‍👩‍👧‍👦 환불 🇰🇷",
    "many emoji": "👨‍👩‍👧‍👦" * 1_000,
    "right to left": "\u202eاسترداد\u202c החזר",
    "directions": "\u202e\u2066\u200f환불\u2069" * 500,
    "nul": "\x00\x01환불\x7f",
    "many nul": "\x00" * LONG,
    "marks": "e" + "\u0301" * 5_000,
    "hangul in parts": "\u1112\u116a\u11ab\u1107\u116e\u11af " * 1_000,
    "spaces": " \t\n\u3000\u00a0\u2028" * 1_500,
    "prototype": "__proto__ constructor toString hasOwnProperty valueOf",
    "format": "%s %d {0} ${x} {{ y }} %00 ../../etc/passwd",
    "nothing": "",
}
MARKUP = ("image", "script", "attribute", "entity")
