/* Earlier questions that led readers to an article: kbgen/search/precedents.py in Python. */

const FOREIGN = 3; // tenths that a term counts which only the earlier question has
const GAIN = 2; // best scores that a full vote is worth
const FULL = 1024;
const STEPS = 256;

function voteOf(shared, asked, size, strength) {
  const near = Math.floor((10 * STEPS * shared) / (10 * asked + FOREIGN * Math.max(0, size - shared)));
  const nearness = Math.min(STEPS, near);
  return Math.floor((nearness ** 3 * strength * FULL) / (4 * STEPS ** 3));
}

/** Adds to `scores` (place -> points) what articles gain by earlier questions like `asked`. */
export async function addGains(scores, asked, shards) {
  const [places, sizes, strengths] = await shards.file("learned");
  const shared = new Map(); // number of an earlier question -> weight of what it shares
  let whole = 0;
  for (const [term, weight] of asked.weights) {
    const found = shards.postings(term);
    const worth = weight * (found?.idf ?? shards.rarest);
    whole += worth;
    for (const number of found?.asked ?? []) shared.set(number, (shared.get(number) ?? 0) + worth);
  }
  const best = Math.max(shards.unit * whole, ...scores.values());
  const votes = new Map(); // place -> [highest vote, sum of votes]
  for (const [number, worth] of shared) {
    const vote = voteOf(worth, whole, sizes[number], strengths[number]);
    const [most, total] = votes.get(places[number]) ?? [0, 0];
    votes.set(places[number], [Math.max(most, vote), total + vote]);
  }
  for (const [place, [most, total]] of votes) {
    const points = Math.floor((GAIN * best * (Math.min(most, FULL) + Math.min(total - most, FULL))) / FULL);
    if (points) scores.set(place, (scores.get(place) ?? 0) + points);
  }
}
