/* The switch between light and dark, whose choice stays on the reader's device; the skip link. */

export function mount(root) {
  for (const link of root.querySelectorAll(".kb-skip:not([data-kb-ready])")) {
    link.dataset.kbReady = "";
    link.addEventListener("click", skip);
  }
  for (const button of root.querySelectorAll("[data-kb-scheme-toggle]:not([data-kb-ready])")) {
    button.dataset.kbReady = "";
    button.addEventListener("click", () => {
      const next = isDark() ? "light" : "dark";
      document.documentElement.dataset.kbScheme = next;
      window.__md_set?.("kb-scheme", next);
    });
  }
}

/* Instant navigation would change the address and leave the focus where it is. */
function skip(event) {
  event.preventDefault();
  event.stopPropagation();
  document.getElementById("kb-content")?.focus();
}

function isDark() {
  const chosen = document.documentElement.dataset.kbScheme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
