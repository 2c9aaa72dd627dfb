/* lunr with lunr-languages: every word of the question is looked for, any may be missing. */

import lunr from "lunr";
import ko from "lunr-languages/lunr.ko.js";
import stemmerSupport from "lunr-languages/lunr.stemmer.support.js";

import { main } from "./main.js";

stemmerSupport(lunr);
ko(lunr);

const TITLE = 5; // the best of 2, 3, 5, 10 and 20 on the questions of the split `train`

main(({ docs, lang }) => {
  const index = lunr(function () {
    if (lang === "ko") this.use(lunr.ko); // English is what lunr speaks by itself
    this.ref("id");
    this.field("title", { boost: TITLE });
    this.field("text");
    for (const doc of docs) this.add(doc);
  });
  return (query) => {
    const tokens = lunr.tokenizer(query); // not as lunr's query language: "-" would exclude
    return index.query((asked) => asked.term(tokens)).map(({ ref }) => ref);
  };
});
