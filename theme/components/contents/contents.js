/* Folds the contents on narrow screens, marks the section that is being read on wide ones. */

const WIDE = "(min-width: 68em)";

export function mount(root) {
  for (const contents of root.querySelectorAll("[data-kb-contents]:not([data-kb-ready])")) {
    contents.dataset.kbReady = "";
    const wide = matchMedia(WIDE);
    const fold = () => {
      contents.open = wide.matches;
    };
    fold();
    wide.addEventListener("change", fold);
    follow(contents);
  }
}

function follow(contents) {
  const links = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const seen = new Set();
  const watch = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      const current = [...links.keys()].find((heading) => seen.has(heading));
      if (!current) return; // between two headings the last one stays marked
      for (const [heading, link] of links) {
        if (heading === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-72px 0px -60% 0px" },
  );
  for (const heading of links.keys()) watch.observe(heading);
}
