/* Ids of events and sessions. */

/** A new UUIDv7 (RFC 9562): it sorts by time. */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 5, rest = now; place >= 0; place--, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = hex(bytes);
  return [0, 8, 12, 16, 20].map((start, n) => digits.slice(start, [8, 12, 16, 20, 32][n])).join("-");
}

/** 96 random bits as text. */
export function token() {
  return hex(crypto.getRandomValues(new Uint8Array(12)));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
