/* Narrows results by category, tag and audience, and counts what each choice would leave. */

import { placesIn } from "./shards.js";

/** name of a filter -> {of: the keys of a place, fits: whether a place passes}. */
async function filtersOf({ category = "", tag = "", audience = "", counts }, shards) {
  const named = shards.tags && (counts || tag) ? await shards.file("tags") : {};
  const tags = Object.entries(named).map(([name, signs]) => [name, new Set(placesIn(signs))]);
  const lower = tag.toLowerCase();
  const tagged = tags.find(([name]) => name.toLowerCase() === lower)?.[1] ?? new Set();
  const path = (place) => shards.category(place)[0];
  const reader = (place) => (shards.isInternal(place) ? "agents" : "public");
  return {
    category: {
      of: (place) => [path(place)],
      fits: (place) => !category || `${path(place)}/`.startsWith(`${category}/`),
    },
    tag: {
      of: (place) => tags.filter(([, places]) => places.has(place)).map(([name]) => name),
      fits: (place) => !tag || tagged.has(place),
    },
    audience: {
      of: (place) => [reader(place)],
      fits: (place) => !audience || reader(place) === audience,
    },
  };
}

/** How many results each key of a filter has among those that pass the other filters. */
function counted(all, name, filters) {
  const others = Object.keys(filters).filter((other) => other !== name);
  const counts = new Map();
  for (const [place] of all) {
    if (!others.every((other) => filters[other].fits(place))) continue;
    for (const key of filters[name].of(place)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The results that pass all filters, and {category, tag, audience}: key -> number of results. */
export async function narrow(all, options, shards) {
  const filters = await filtersOf(options, shards);
  const found = all.filter(([place]) => Object.values(filters).every(({ fits }) => fits(place)));
  if (!options.counts) return { found };
  const names = Object.keys(filters);
  return { found, counts: Object.fromEntries(names.map((name) => [name, counted(all, name, filters)])) };
}
