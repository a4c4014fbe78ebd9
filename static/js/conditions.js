// Questions that do not apply are not shown: the conditions that the server wrote beside the fields, judged while someone
// types as the server judges them, until nothing changes. What stands where nothing applies is named before it goes.
(() => {
  const start = () => {
    const form = document.querySelector("form.crf[data-form]");
    const notice = form?.querySelector("[data-emptied]");
    if (!notice) return; // a page that only shows is as the server made it

    let away = new Set(); // the controls of questions that do not apply: they count as empty
    const filled = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
      .filter((e) => (!/radio|checkbox/.test(e.type) || e.checked) && e.value.trim());
    const values = (name) => (away.has(name) ? [] : filled(name).map((e) => e.value.trim()));

    // Three-valued like the server: null is unknown, and unknown does not show.
    const evaluate = (condition) => {
      if (condition === null || typeof condition !== "object") return condition;
      if (!Array.isArray(condition)) return values(condition.control)[0] ?? null;
      const [word, ...rest] = condition;
      if (word === "contains") {
        const list = values(rest[0].control);
        return list.length ? list.includes(rest[1]) : null;
      }
      const parts = rest.map(evaluate);
      if (word === "empty") return parts[0] === null;
      if (word === "not") return parts[0] === null ? null : !parts[0];
      if (word === "and") return parts.includes(false) ? false : parts.includes(null) ? null : true;
      if (word === "or") return parts.includes(true) ? true : parts.includes(null) ? null : false;
      if (parts.includes(null)) return null;
      return (word === "==") === (String(parts[0]) === String(parts[1]));
    };

    const settle = (fields) => {
      away = new Set();
      for (const _ of fields) {
        const now = fields.filter((field) => evaluate(JSON.parse(field.dataset.show)) !== true);
        const same = now.length === away.size && now.every((field) => away.has(field.dataset.control));
        away = new Set(now.map((field) => field.dataset.control));
        if (same) return;
      }
    };

    const shownText = (control) => control.selectedOptions?.[0].text
      ?? (/radio|checkbox/.test(control.type) ? control.closest("label").textContent.trim() : control.value);
    const nameEmptied = (fields) => {
      const going = fields.filter((field) => away.has(field.dataset.control) && filled(field.dataset.control).length);
      const parts = going.flatMap((field, place) => {
        const value = document.createElement("b");
        value.textContent = filled(field.dataset.control).map(shownText).join("、");
        const between = document.documentElement.lang === "en" ? "; " : "；";
        return [`${place ? between : ""}${field.dataset.label} `, value];
      });
      notice.hidden = !going.length;
      notice.querySelector("[data-emptied-list]").replaceChildren(...parts);
      notice.querySelector("[name=emptied]").value = going.map((field) => field.dataset.place).join("|");
    };

    const apply = () => {
      const fields = [...form.querySelectorAll(".field[data-show]")];
      settle(fields);
      for (const field of fields) field.hidden = away.has(field.dataset.control) && !field.hasAttribute("data-noted");
      for (const section of form.querySelectorAll("section.form-section:not(#rows)")) { // a head without a question is not shown
        section.hidden = [...section.querySelectorAll(".field")].every((field) => field.hidden);
        const link = document.querySelector(`.section-nav a[href="#${section.id}"]`);
        if (link) link.parentNode.hidden = section.hidden;
      }
      nameEmptied(fields);
    };
    for (const event of ["input", "change", "row-added"]) form.addEventListener(event, apply);
    apply();
  };

  document.addEventListener("shown", start);
  start();
})();
