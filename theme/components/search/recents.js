/* The last searches of a reader, kept on the device only if the reader agrees. No page in here.

   What is stored: nothing, or {keep: true, queries} after a yes, or {keep: false} after a no. */

const KEY = "kbgen:searches";
const MOST = 5;

const session = []; // what was searched since this tab loaded: a yes keeps these too

/** Puts a query first. Those that it continues go: nobody wants "ref" beside "refund". */
function withFirst(queries, query) {
  const others = queries.filter((other) => !query.startsWith(other));
  return [query, ...others].slice(0, MOST);
}

/** The searches on one site. `root` is its address, `mayKeep()` whether the site allows it. */
export class Recents {
  constructor(root, mayKeep) {
    this.key = `${KEY}:${new URL(root).pathname}`;
    this.mayKeep = mayKeep;
  }

  /** "yes", "no", "ask" if there is something to ask about, "off" where nothing can be kept. */
  get consent() {
    const kept = this.read();
    if (kept === undefined) return "off";
    if (kept === null) return session.length ? "ask" : "off";
    return kept.keep ? "yes" : "no";
  }

  /** The last queries, newest first. */
  get queries() {
    return this.read()?.queries ?? [];
  }

  add(query) {
    session.splice(0, MOST, ...withFirst(session, query));
    if (this.consent === "yes") this.write({ keep: true, queries: withFirst(this.queries, query) });
  }

  agree() {
    this.write({ keep: true, queries: session });
  }

  /** A no, now or later: nothing stays but the no. */
  refuse() {
    session.length = 0;
    this.write({ keep: false });
  }

  remove(query) {
    const isOther = (other) => other !== query;
    session.splice(0, MOST, ...session.filter(isOther));
    this.write({ keep: true, queries: this.queries.filter(isOther) });
  }

  /** What is stored, null if nothing is, undefined if nothing can be. */
  read() {
    if (!this.mayKeep()) return undefined;
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.key));
    } catch (error) {
      return error instanceof SyntaxError ? null : undefined; // storage is forbidden
    }
    if (typeof kept?.keep !== "boolean") return null;
    const queries = Array.isArray(kept.queries) ? kept.queries : [];
    return { keep: kept.keep, queries: queries.filter((each) => typeof each === "string").slice(0, MOST) };
  }

  write(kept) {
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      this.mayKeep = () => false; // full or forbidden: nothing is kept, and nobody is asked again
    }
  }
}
