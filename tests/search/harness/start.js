/* What theme/kbgen.js does, with an ear for events. */

import { mount } from "../theme/components/search/search.js";

window.told = [];
document.addEventListener("kbgen:event", ({ detail }) => window.told.push(detail));
document.documentElement.classList.add("kb-js");
mount(document);
mount(document); // any number of times
