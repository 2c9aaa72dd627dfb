/* Added to each page by `kbgen serve`: loads the page again after a rebuild. */

const RETRY = 1000; // ms after a question that found nobody

let known = "";

async function ask() {
  try {
    const answer = await fetch(`/_kbgen/changes?since=${known}`, { cache: "no-store" });
    const number = String(await answer.json());
    if (known && number !== known) location.reload();
    known = number;
    setTimeout(ask, 0);
  } catch {
    setTimeout(ask, RETRY); // the server is starting again
  }
}

ask();
