// The form page by keyboard: Tab stops at inputs only, digits take choices, Alt and a letter do what stands beside the form.
(() => {
  const formInHand = () => document.querySelector("form.crf[data-form]");
  const dispatch = (field, ...kinds) => kinds.forEach((kind) => field.dispatchEvent(new Event(kind, { bubbles: true })));

  // One stop for several boxes, one stop a line in a laboratory sheet; what a check asks about stays a stop.
  const start = () => {
    for (const summary of document.querySelectorAll(".missing-pick summary")) summary.tabIndex = -1;
    for (const boxes of document.querySelectorAll(".checkbox-group")) {
      [...boxes.querySelectorAll("input")].forEach((box, place) => { box.tabIndex = place ? -1 : 0; });
    }
    const aside = ".lab-panel tbody:not(.has-question, .has-error) tr:not(.message-row) :is(select, input:not([data-kind=result]))";
    for (const field of document.querySelectorAll(aside)) field.tabIndex = -1;
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  };

  const jump = (form, step) => {
    const places = [...form.querySelectorAll(".has-error, .message-question, .is-changed, .has-query")].filter((e) => e.offsetParent);
    if (!places.length) return;
    const now = places.findIndex((e) => e.contains(document.activeElement) || e === document.activeElement);
    const next = places[(now + step + places.length) % places.length];
    const value = next.querySelector("[data-kind]") ?? next.querySelector("input:not([type=hidden]), select, textarea");
    (value ?? next).focus();
  };

  const openMissing = (target) => {
    const pick = target.closest(".field")?.querySelector(".missing-pick");
    if (!pick) return;
    pick.open = true;
    pick.querySelector("select").focus();
  };

  // The value of the visit before, where the form allows it.
  const takePrevious = (button) => {
    if (!button) return;
    const fields = [...button.closest(".field").querySelectorAll(`[name="${CSS.escape(button.dataset.name)}"]`)];
    for (const field of fields) {
      if (!/radio|checkbox/.test(field.type)) field.value = button.dataset.copy;
      else field.checked = field.value === button.dataset.copy;
    }
    dispatch(fields[0], "input", "change");
    (fields.find((field) => field.checked) ?? fields[0]).focus();
  };

  // A digit takes the choice whose code has this number (grade 2, LR-5, S6); where no code has one, the first to ninth.
  const choose = (target, digit) => {
    const choices = target.matches("select")
      ? [...target.options].filter((option) => option.value)
      : [...target.closest(".choice-buttons, .checkbox-group").querySelectorAll("input")];
    const numbers = choices.map((choice) => /\d+/.exec(choice.value)?.[0]);
    const fitting = numbers.some(Boolean) ? choices.filter((_, place) => numbers[place] === digit) : [choices[digit - 1]];
    if (fitting.length !== 1 || !fitting[0]) return;
    if (target.matches("select")) {
      target.value = fitting[0].value;
      dispatch(target, "input", "change");
    } else {
      fitting[0].focus();
      fitting[0].click();
    }
  };

  const CHOICES = ".choice-buttons input, .checkbox-group input, select";
  // Under an input method the place of the key says the digit: nothing can be composed at a choice.
  const digitOf = (event) => (/^[0-9]$/.test(event.key) ? event.key : /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1]);

  document.addEventListener("keydown", (event) => {
    const form = formInHand();
    const { target, key } = event;
    const composes = event.isComposing || event.keyCode === 229;
    if (!form || (composes && !target.matches?.(CHOICES))) return;
    const button = event.ctrlKey && form.querySelector(`button[data-key="${CSS.escape(key)}"]`);
    const acts = {
      m: () => openMissing(target), p: () => takePrevious(target.closest(".field")?.querySelector("[data-copy]")),
      ArrowDown: () => jump(form, 1), ArrowUp: () => jump(form, -1),
      "+": () => dispatch(form, "add-row"), "=": () => dispatch(form, "add-row"),
    };
    const act = button ? () => button.click() : event.altKey && acts[key.length === 1 ? key.toLowerCase() : key];
    if (act) {
      event.preventDefault();
      if (!event.repeat) act(); // a key held down submits once
    } else if (event.ctrlKey || event.altKey || event.metaKey || !form.contains(target)) {
      return;
    } else if (target.matches(CHOICES) && digitOf(event)) {
      event.preventDefault();
      choose(target, digitOf(event));
    } else if (key === "Enter" && target.matches("input")) {
      event.preventDefault(); // a stray Enter, or one that chooses a candidate, does not submit
    }
  });
  document.addEventListener("click", (event) => takePrevious(event.target.closest?.("[data-copy]")));
  document.addEventListener("shown", start);
  document.addEventListener("row-added", start, true);
  start();
})();
