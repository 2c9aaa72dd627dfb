/* Pagefind: indexes pages of {url, content} from a file, and writes its files into a folder. */

import { readFileSync } from "node:fs";

import * as pagefind from "pagefind";

const [given, outputPath] = process.argv.slice(2);
const { index } = await pagefind.createIndex();
for (const page of JSON.parse(readFileSync(given, "utf8"))) {
  const { errors } = await index.addHTMLFile(page);
  if (errors.length) throw new Error(errors.join("\n"));
}
const { errors } = await index.writeFiles({ outputPath });
if (errors.length) throw new Error(errors.join("\n"));
await pagefind.close();
