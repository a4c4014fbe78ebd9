// A button copies the text of another element; without scripts, or without a clipboard, it does not show.
(() => {
  const offer = () => {
    for (const button of document.querySelectorAll("[data-copies]")) button.hidden = !navigator.clipboard;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copies]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = button.dataset.done;
  });
  document.addEventListener("shown", offer);
  offer();
})();
