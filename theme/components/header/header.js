/* The switch between light and dark. The choice stays on the reader's device. */

export function mount(root) {
  for (const button of root.querySelectorAll("[data-kb-scheme-toggle]:not([data-kb-ready])")) {
    button.dataset.kbReady = "";
    button.addEventListener("click", () => {
      const next = isDark() ? "light" : "dark";
      document.documentElement.dataset.kbScheme = next;
      window.__md_set?.("kb-scheme", next);
    });
  }
}

function isDark() {
  const chosen = document.documentElement.dataset.kbScheme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
