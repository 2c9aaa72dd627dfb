/* Copy link and print. Without scripts the link is the permanent address itself. */

const SHOWN_FOR = 2500; // ms that "copied" stays

export function mount(root) {
  for (const link of root.querySelectorAll("[data-kb-copy]:not([data-kb-ready])")) {
    link.dataset.kbReady = "";
    link.addEventListener("click", (event) => copy(event, link));
  }
  for (const button of root.querySelectorAll("[data-kb-print]:not([data-kb-ready])")) {
    button.dataset.kbReady = "";
    button.addEventListener("click", () => window.print());
  }
}

async function copy(event, link) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || !navigator.clipboard) return;
  event.preventDefault();
  event.stopPropagation(); // else instant navigation follows the link
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    location.assign(link.href); // the clipboard is forbidden: show the address instead
    return;
  }
  const label = link.querySelector("[data-kb-copy-label]");
  const words = label.textContent;
  const status = document.querySelector("[data-kb-copy-status]");
  label.textContent = link.dataset.kbCopied;
  if (status) status.textContent = link.dataset.kbCopied;
  setTimeout(() => {
    label.textContent = words;
    if (status) status.textContent = "";
  }, SHOWN_FOR);
}
