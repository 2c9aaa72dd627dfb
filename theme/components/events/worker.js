/* Sends in the background. A request that fails in a page is printed to the console by the
   browser itself, whatever the script does; one that fails in a worker is not. */

const TIMEOUT = 20_000; // ms

self.addEventListener("message", async ({ data: { id, url, body } }) => {
  self.postMessage({ id, ...(await send(url, body)) });
});

async function send(url, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const response = await fetch(url, {
      method: "POST",
      body, // a string goes as text/plain, which needs no question (preflight) beforehand
      credentials: "omit",
      cache: "no-store",
      keepalive: true,
      signal: stop.signal,
    });
    return { status: response.status, wait: Number(response.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, wait: 0 };
  } finally {
    clearTimeout(timer);
  }
}
