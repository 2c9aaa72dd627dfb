/* Hands events on to web analytics that the site has put on the page.

   Pages load a module of this room only where mkdocs.yml names its tool. It listens to
   "kbgen:sent", which carries each event as a collector gets it: complete, and without personal
   data. Nothing here loads anything. A tool may come late, after the reader's consent, or never,
   past a content blocker: until then events wait in memory, and what waits ends with the page. */

export const LIMITS = Object.freeze({
  waiting: 100, // events; of more the oldest are left out
  first: 250, // ms until the tool is looked for again; each time twice as long
  longest: 30_000, // ms
});

/** Hands on every event from now on. `find` gives a function that sends one, once it can. */
export function connect(find) {
  const waiting = [];
  let pause = LIMITS.first;
  let timer = 0;

  function hand() {
    clearTimeout(timer);
    const send = quietly(find);
    while (send && waiting.length) {
      const event = waiting.shift();
      quietly(() => send(event)?.then?.(undefined, () => {}));
    }
    if (waiting.length) timer = setTimeout(again, pause);
  }

  function again() {
    pause = Math.min(2 * pause, LIMITS.longest);
    hand();
  }

  document.addEventListener("kbgen:sent", ({ detail }) => {
    waiting.push({ ...detail });
    if (waiting.length > LIMITS.waiting) waiting.shift();
    hand();
  });
  addEventListener("pagehide", hand);
}

/** What an event is called in a tool. */
export function nameOf({ type }) {
  return `kbgen_${type}`;
}

/** The fields of an event under their own names; its type is in the name. */
export function fieldsOf(event) {
  const { v: _v, type: _type, ...fields } = event;
  return fields;
}

/** What is not ours may throw; no reader and no other tool should notice. */
function quietly(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
