/* Ways to reach people: says whether somebody is there now, in the time zone of those who answer,
   and takes along what the reader has searched for, where a way asks for it. */

import { lastQuery } from "../events/events.js";

let isListening = false;

export function mount(root) {
  if (!isListening) document.addEventListener("kbgen:sent", carry);
  isListening = true;
  carry();
  for (const panel of root.querySelectorAll("[data-kb-contact]:not([data-kb-ready])")) {
    panel.dataset.kbReady = "";
    if (!panel.dataset.kbClock) continue;
    const open = isOpen(JSON.parse(panel.dataset.kbClock), new Date());
    panel.querySelector("[data-kb-open]").hidden = !open;
    panel.querySelector("[data-kb-closed]").hidden = open;
  }
}

/** Fills the query, free of personal data, into the addresses that have a place for it. */
function carry() {
  const query = lastQuery();
  if (!query) return; // the address is complete without one
  for (const link of document.querySelectorAll("[data-kb-tail]")) {
    const { kbKept, kbTail } = link.dataset;
    const tail = kbTail.replaceAll("{query}", encodeURIComponent(query));
    link.href = link.getAttribute("href").slice(0, Number(kbKept)) + tail;
  }
}

/** Whether `now` (a Date) lies within the opening hours of `clock`: {zone, hours, holidays}. */
export function isOpen(clock, now) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: clock.zone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(now);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  if (clock.holidays.includes(`${part.year}-${part.month}-${part.day}`)) return false;
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part.weekday.slice(0, 3));
  const time = `${part.hour}:${part.minute}`;
  return (clock.hours[day] ?? []).some(([opens, closes]) => opens <= time && time < closes);
}
