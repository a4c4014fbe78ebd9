// Every page: single-key shortcuts (off inside inputs, off for who does not want them), and where the focus starts.
(() => {
  const typing = (element) => element.closest("input, select, textarea, [contenteditable]");
  const keysAllowed = () => !document.body.hasAttribute("data-no-single-keys");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (!keysAllowed()) return;
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) target.focus();
    else target.click();
  });

  // After a refused submit the summary takes the focus; on a form that waits, its first empty field.
  const start = () => {
    const problem = document.getElementById("issues") ?? document.getElementById("sign-in-error");
    if (problem) return problem.focus();
    if (location.hash) return;
    const fields = document.querySelectorAll("form.crf[data-waits] :is(input, select, textarea):not([type=hidden])");
    [...fields].find((field) => field.offsetParent && field.tabIndex === 0 && !(field.value && field.matches("[data-kind]")))?.focus();
  };
  document.addEventListener("shown", start);
  start();
})();
