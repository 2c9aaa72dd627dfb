/* Reads {docs, queries, lang} from a file, and prints the ids that a search finds for each query. */

import { readFileSync } from "node:fs";

const MOST = 10;

/** `prepare` takes what was read and returns a function from a query to ids. */
export function main(prepare) {
  const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const search = prepare(given);
  const found = given.queries.map((query) => search(query).slice(0, MOST));
  process.stdout.write(JSON.stringify(found));
}
