/* Two ways to a collector: a worker that hears the answer, and a beacon for a page that ends. */

let worker;
const waiting = new Map();
let number = 0;

/** Posts a text. Resolves, never rejects, to {status, wait}: 0 if nobody answered; seconds. */
export function post(url, body) {
  return new Promise((resolve) => {
    number += 1;
    waiting.set(number, resolve);
    start().postMessage({ id: number, url, body });
  });
}

/** Hands a text to the browser, which sends it after the page is gone. False if it is too long. */
export function leave(url, body) {
  try {
    return navigator.sendBeacon(url, body);
  } catch {
    return false;
  }
}

function start() {
  if (worker) return worker;
  try {
    worker = new Worker(new URL("./worker.js", import.meta.url));
    worker.addEventListener("message", ({ data }) => answer(data.id, data));
    worker.addEventListener("error", fail);
  } catch {
    fail(); // workers are forbidden here
  }
  return worker;
}

/** No worker: what waits is handed over when the page ends. */
function fail() {
  worker = { postMessage: () => setTimeout(fail) };
  for (const id of [...waiting.keys()]) answer(id, { status: 0, wait: 0 });
}

function answer(id, { status, wait }) {
  waiting.get(id)?.({ status, wait });
  waiting.delete(id);
}
