// The form page: asks only what applies, makes typed text plain, jumps between issues, warns before leaving.
(() => {
  const form = document.querySelector("form.crf[data-form]");
  if (!form) return;

  const prefix = (place) => (place.includes(":") ? `row.${place.split(":")[0]}.` : "");
  const values = (name) => {
    const found = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    return found.filter((e) => !/radio|checkbox/.test(e.type) || e.checked).map((e) => e.value).filter(Boolean);
  };

  // Three-valued like the server: null is unknown, and unknown does not show.
  const evaluate = (condition, scope) => {
    if (condition === null || typeof condition !== "object") return condition;
    if (!Array.isArray(condition)) return values(scope + condition.item)[0] ?? null;
    const [word, ...rest] = condition;
    if (word === "contains") {
      const list = values(scope + rest[0].item);
      return list.length ? list.includes(rest[1]) : null;
    }
    const parts = rest.map((part) => evaluate(part, scope));
    if (word === "empty") return parts[0] === null;
    if (word === "not") return parts[0] === null ? null : !parts[0];
    if (word === "and") return parts.includes(false) ? false : parts.includes(null) ? null : true;
    if (word === "or") return parts.includes(true) ? true : parts.includes(null) ? null : false;
    if (parts.includes(null)) return null;
    return word === "==" ? parts[0] === String(parts[1]) : parts[0] !== String(parts[1]);
  };

  const fields = [...form.querySelectorAll("[data-show]")];
  const apply = () => {
    for (const field of fields) {
      const shown = evaluate(JSON.parse(field.dataset.show), prefix(field.dataset.place)) === true;
      field.hidden = !shown && !field.classList.contains("has-err");
    }
  };
  form.addEventListener("change", apply);
  apply();

  const plain = (text) => text.normalize("NFKC").replace(/。/g, ".").trim();
  const asDate = (text) => {
    const match = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(text.replace(/\s/g, ""));
    return match ? `${match[1]}-${match[2].padStart(2, "0")}-${match[3].padStart(2, "0")}` : text;
  };
  form.addEventListener("focusout", (event) => {
    const input = event.target;
    if (!input.dataset?.kind || event.isComposing) return;
    const text = plain(input.value);
    const made = input.dataset.kind === "date" ? asDate(text) : text;
    if (made !== input.value) input.value = made;
  });

  // Tab reaches inputs only; Alt+M opens "missing" of the field in hand.
  for (const summary of form.querySelectorAll(".missing-pick summary")) summary.tabIndex = -1;
  const missing = () => {
    const pick = document.activeElement?.closest(".f")?.querySelector(".missing-pick");
    if (!pick) return;
    pick.open = true;
    pick.querySelector("select").focus();
  };

  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  form.addEventListener("draft-saved", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  const jump = (step) => {
    const places = [...form.querySelectorAll(".has-err, .m-soft, .is-chg, .has-q")].filter((e) => e.offsetParent);
    if (!places.length) return;
    const now = places.findIndex((e) => e.contains(document.activeElement) || e === document.activeElement);
    const next = places[(now + step + places.length) % places.length];
    (next.querySelector("input:not([type=hidden]), select, textarea") ?? next).focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const button = event.ctrlKey && form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    } else if (event.altKey && event.key.toLowerCase() === "m") {
      event.preventDefault();
      missing();
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      jump(event.key === "ArrowDown" ? 1 : -1);
    } else if ("=＝".includes(event.key) && event.target.dataset.kind === "date" && form.dataset.visitDate) {
      event.preventDefault();
      event.target.value = form.dataset.visitDate;
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  // Enter that chooses a candidate must not submit; nor does a stray Enter in a one-line field.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && event.target.matches("input")) event.preventDefault();
  });
})();
