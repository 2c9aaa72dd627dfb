/* Long values in pieces that a tool takes: comment, comment_2, comment_3 … */

/** Fields of which no text is longer than `length` and no more than `count`.

    `measure` says how long one character is. What finds no room is cut, but for an address: a part
    of one would lead elsewhere, so it is left out. */
export function split(fields, { length, count = Infinity, measure = units }) {
  const names = Object.keys(fields).sort((a, b) => (a === "path") - (b === "path")); // path last
  const fitting = {};
  let room = count - names.length;
  for (const name of names) {
    const [first, ...more] = pieces(fields[name], length, measure);
    if (name === "path" && more.length > room) continue;
    fitting[name] = first;
    more.slice(0, room).forEach((piece, place) => (fitting[`${name}_${place + 2}`] = piece));
    room -= Math.min(room, more.length);
  }
  return fitting;
}

/** A character's length as most tools count: an emoji is two. */
export function units(sign) {
  return sign.length;
}

/** A character's length in UTF-8. */
export function bytes(sign) {
  const code = sign.codePointAt(0);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

function pieces(value, length, measure) {
  if (typeof value !== "string") return [value];
  const found = [""];
  let room = length;
  for (const sign of value) {
    const size = measure(sign);
    if (size > room) {
      found.push("");
      room = length;
    }
    found[found.length - 1] += sign;
    room -= size;
  }
  return found;
}
