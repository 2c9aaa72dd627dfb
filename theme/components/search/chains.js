/* Which of the queries that a field has seen are searches. Somebody who types 환, 환불 and
   환불 기간 in one go searches once, for the last; what is only taken back is no search either.

   kbgen/insights/sessions.py reads the searches of other senders by the same rule. */

import { typed } from "./keys.js";

const HELD = 60_000; // ms after which a query was meant as it stands, though the field is still open

/** The keys that a query takes, without spaces and signs, so that 호 begins 화 and 간 begins 가나. */
function keysOf(query) {
  return typed(query.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ""));
}

/** Whether a query only types on from an earlier one. */
export function continues(earlier, query) {
  return keysOf(query).startsWith(keysOf(earlier));
}

/** Holds a query back until it is clear that it is not the beginning of another.

    A search is any object with a `query`; `tell` gets each that counts, once, in order. */
export class Chain {
  constructor(tell, held = HELD) {
    this.tell = tell;
    this.time = held;
    this.held = null;
    this.told = ""; // the last query that was told; asked again at once it is the same search
    this.timer = 0;
  }

  /** The reader has stopped at a query. */
  take(search) {
    if (!this.held || !continues(search.query, this.held.query)) this.hold(search);
  }

  /** The reader has said that this is the query: with Enter, or by what they click. */
  decide(search) {
    if (search.query !== this.held?.query) this.hold(search);
    this.end();
  }

  /** Another page tells this query. */
  handOver(query) {
    if (this.held && !continues(this.held.query, query)) this.end();
    this.drop();
    this.told = query;
  }

  /** What comes next is another search. */
  end() {
    const search = this.held;
    this.drop();
    if (!search || search.query === this.told) return;
    this.told = search.query;
    this.tell(search);
  }

  hold(search) {
    if (this.held && !continues(this.held.query, search.query)) this.end();
    this.held = search;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), this.time);
  }

  drop() {
    clearTimeout(this.timer);
    this.held = null;
  }
}
