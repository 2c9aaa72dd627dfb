/* Keeps events until the collector says that they are on its disk.

   Sending twice does no harm: the collector knows each event by its id. Votes and what belongs
   to them outlive the page where the site allows it; everything else lives as long as the page. */

import { leave, post } from "./transport.js";

export const LIMITS = Object.freeze({
  batch: 20, // events of one request
  age: 24 * 60 * 60 * 1000, // ms after which the collector would refuse
  pauses: [2_000, 10_000, 60_000], // ms between tries on one page; then the next page tries
  kept: 50, // events that may wait on the device
});

const KEY = "kbgen:unsent";
const KEPT = new Set(["vote", "detail"]);
const NOBODY = new Set([404, 405, 501]); // a host without a collector

export class Outbox {
  /** @param {() => {url: string, storage: boolean}} place where to send, and whether to keep */
  constructor(place) {
    this.place = place;
    this.entries = new Map(); // event_id -> {event, due, held, tries, flying}
    this.done = new Set(); // ids of kept events that need no more sending
    this.timer = 0;
    this.closed = false;
    this.isLeaving = false;
  }

  /** Takes an event; sends it after `hold` ms. */
  add(event, hold = 0) {
    const due = Date.now() + hold;
    const entry = { event, due, held: due, tries: 0, flying: false };
    this.entries.set(event.event_id, entry);
    if (KEPT.has(event.type)) this.save();
    if (this.isLeaving) this.handOver([entry]);
    this.schedule();
  }

  /** Takes what earlier pages could not send, and tries again what this page could not. */
  resume() {
    this.closed = false;
    this.isLeaving = false;
    for (const event of this.kept()) {
      if (!this.entries.has(event.event_id)) {
        this.entries.set(event.event_id, { event, due: 0, held: 0, tries: 0, flying: false });
      }
    }
    for (const entry of this.entries.values()) {
      if (entry.due === Infinity) Object.assign(entry, { due: 0, tries: 0 });
    }
    this.schedule();
  }

  /** The page ends: hands over what nobody has confirmed, and at once what is told from now on. */
  leave() {
    this.isLeaving = true;
    this.handOver([...this.entries.values()]);
  }

  handOver(entries) {
    const { url, storage } = this.place();
    const now = Date.now();
    // A vote in the first seconds of a page waits on the device for the next page if it can.
    const rest = entries.filter(
      ({ event, held }) => !(storage && KEPT.has(event.type) && held > now),
    );
    for (let place = 0; url && place < rest.length; place += LIMITS.batch) {
      leave(url, body(rest.slice(place, place + LIMITS.batch)));
    }
  }

  schedule() {
    clearTimeout(this.timer);
    const next = Math.min(
      ...Array.from(this.entries.values(), (entry) => (entry.flying ? Infinity : entry.due)),
    );
    if (next === Infinity || this.closed) return;
    this.timer = setTimeout(() => this.send(), Math.max(0, next - Date.now()));
  }

  async send() {
    const { url } = this.place();
    const now = Date.now();
    const batch = [...this.entries.values()]
      .filter((entry) => !entry.flying && entry.due <= now)
      .slice(0, LIMITS.batch);
    if (!batch.length) return this.schedule();
    for (const entry of batch) entry.flying = true;
    this.schedule();
    const answer = url ? await post(url, body(batch)) : { status: 204 };
    for (const entry of batch) this.settle(entry, answer);
    if (batch.some(({ event }) => KEPT.has(event.type))) this.save();
    this.schedule();
  }

  settle(entry, { status, wait }) {
    entry.flying = false;
    const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    if (NOBODY.has(status)) {
      this.closed = true; // asking again on this page would be noise
      entry.due = Infinity;
    } else if ((status >= 200 && status < 300) || isRefused) {
      this.entries.delete(entry.event.event_id);
      this.done.add(entry.event.event_id);
      return;
    } else {
      const pause = LIMITS.pauses[entry.tries];
      entry.tries += 1;
      entry.due = pause === undefined ? Infinity : Date.now() + Math.max(pause, (wait || 0) * 1000);
    }
    if (entry.due === Infinity && !KEPT.has(entry.event.type)) {
      this.entries.delete(entry.event.event_id);
    }
  }

  /** Brings the device up to date: ours that still wait, and those of other tabs. */
  save() {
    if (!this.place().storage) return;
    const others = this.kept().filter(
      ({ event_id: id }) => !this.done.has(id) && !this.entries.has(id),
    );
    const ours = Array.from(this.entries.values(), ({ event }) => event);
    write([...others, ...ours.filter(({ type }) => KEPT.has(type))].slice(-LIMITS.kept));
  }

  kept() {
    if (!this.place().storage) return [];
    const oldest = Date.now() - LIMITS.age;
    return read().filter((event) => KEPT.has(event?.type) && Date.parse(event.ts) > oldest);
  }
}

function body(entries) {
  const events = entries.map(({ event }) => event);
  return JSON.stringify(events.length === 1 ? events[0] : events);
}

function read() {
  try {
    const events = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(events) ? events : [];
  } catch {
    return []; // storage is forbidden, or somebody else wrote there
  }
}

function write(events) {
  try {
    if (events.length) localStorage.setItem(KEY, JSON.stringify(events));
    else localStorage.removeItem(KEY);
  } catch {
    // storage is full or forbidden: the events live as long as the page
  }
}
