/* Added to each page by `kbgen serve`: loads the page again after a rebuild. */

const changes = new EventSource("/_kbgen/changes");

changes.addEventListener("built", () => location.reload());
addEventListener("pagehide", () => changes.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // came back from the browser's cache, connection gone
});
