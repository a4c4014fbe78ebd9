// The form page asks only what applies: the conditions that the server wrote beside each field.
(() => {
  const start = () => {
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

    const apply = () => {
      for (const field of form.querySelectorAll("[data-show]")) {
        const shown = evaluate(JSON.parse(field.dataset.show), prefix(field.dataset.place)) === true;
        field.hidden = !shown && !field.classList.contains("has-error");
      }
      for (const section of form.querySelectorAll("section.form-section:not(#rows)")) { // a head without a question is not shown
        section.hidden = [...section.querySelectorAll(".field")].every((field) => field.hidden);
      }
    };
    form.addEventListener("change", apply);
    form.addEventListener("row-added", apply);
    apply();
  };

  document.addEventListener("shown", start);
  start();
})();
