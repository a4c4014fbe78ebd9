// Every page: single-key shortcuts (off inside inputs, off for who does not want them), where the focus starts, and what Back may show.
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

  // After a refused submit the summary takes the focus; on a form its first open field, or where nothing waits its first
  // value; where nothing can be typed what is left to verify after a verification, else the heading. Never the body.
  const STOPS = ":is(input, select, textarea):not([type=hidden]), a[href], button";
  const isOpen = (field) => (/radio|checkbox/.test(field.type)
    ? ![...document.getElementsByName(field.name)].some((box) => box.checked) : !field.value);
  const firstOf = (form) => {
    const fields = [...form.querySelectorAll(":is(input, select, textarea):not([type=hidden])")]
      .filter((field) => field.checkVisibility() && field.tabIndex === 0);
    return (form.hasAttribute("data-waits") && fields.find(isOpen)) || fields[0];
  };
  const start = () => {
    const problem = document.getElementById("issues") ?? document.getElementById("sign-in-error");
    if (problem) return problem.focus();
    const form = document.querySelector("form.crf[data-form]");
    if (!form) return;
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const within = target && [target, ...target.querySelectorAll("*")].find((each) => each.matches(STOPS) && each.checkVisibility());
    const first = within || firstOf(form) || document.querySelector(".form-header h1");
    if (!target || document.readyState === "complete") return first.focus();
    window.addEventListener("load", () => setTimeout(() => first.focus())); // behind the browser's own jump to the place
  };
  // A page that the browser takes out of its memory is for the person who opened it, while they are signed in.
  window.addEventListener("pageshow", async (event) => {
    const box = document.getElementById("session");
    if (!event.persisted || !box) return;
    document.body.hidden = true;
    const answer = await fetch(box.dataset.stay).then((each) => each.json()).catch(() => ({}));
    if (answer.who !== box.dataset.user) return location.reload();
    document.body.hidden = false;
  });

  document.addEventListener("shown", start);
  start();
})();
