// The form page: makes typed text plain, adds rows, warns before leaving.
(() => {
  const plain = (text) => text.normalize("NFKC").replace(/。/g, ".").trim();
  const asDate = (text) => {
    const match = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(text.replace(/\s/g, ""));
    return match ? `${match[1]}-${match[2].padStart(2, "0")}-${match[3].padStart(2, "0")}` : text;
  };

  // One more empty row is opened; behind the last one waits a copy of it with the next number.
  const addRow = (form) => {
    const waiting = [...form.querySelectorAll(".new-row:not([open])")];
    if (!waiting.length) return;
    if (waiting.length === 1) copyBehind(waiting[0].closest(".row-card"));
    waiting[0].open = true;
    form.dispatchEvent(new Event("row-added"));
    [...waiting[0].querySelectorAll("input, select")].find((field) => field.offsetParent)?.focus();
  };
  const copyBehind = (card) => {
    const number = Number(card.id.slice("row-".length));
    const title = card.dataset.title;
    card.insertAdjacentHTML("afterend", card.outerHTML
      .replaceAll(`row.${number}.`, `row.${number + 1}.`)
      .replaceAll(`row-${number}`, `row-${number + 1}`)
      .replaceAll(new RegExp(`(["\\s.])${number}:`, "g"), `$1${number + 1}:`)
      .replaceAll(title, title.replace(String(number), String(number + 1))));
    for (const before of card.nextElementSibling.querySelectorAll(".field-previous")) before.remove();
  };

  // In a date, T is today and = the visit's day; under an input method they come as what was composed.
  const takeDay = (form, field, key) => {
    field.value = (/[tTｔＴ]/.test(key) ? form.dataset.today : form.dataset.visitDate) ?? field.value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  const isDay = (field, text) => field.dataset?.kind === "date" && /^[=＝tTｔＴ]$/.test(text);

  let dirty = false;
  const start = () => {
    dirty = false;
    const form = document.querySelector("form.crf[data-form]");
    if (!form) return;
    form.addEventListener("focusout", (event) => {
      const input = event.target;
      if (!input.dataset?.kind || event.isComposing) return;
      const text = plain(input.value);
      const made = input.dataset.kind === "date" ? asDate(text) : text;
      if (made !== input.value) input.value = made;
    });
    form.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || !isDay(target, key)) return;
      event.preventDefault();
      takeDay(form, target, key);
    });
    form.addEventListener("compositionend", ({ target }) => {
      if (isDay(target, target.value.trim())) takeDay(form, target, target.value);
    });
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
    form.addEventListener("not-sent", () => { dirty = true; });
    form.addEventListener("draft-saved", () => { dirty = false; });
    form.addEventListener("add-row", () => addRow(form));
    form.addEventListener("click", (event) => {
      if (!event.target.closest(".new-row:not([open]) > summary")) return;
      event.preventDefault();
      addRow(form);
    });
  };
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  document.addEventListener("shown", start);
  start();
})();
