// Terms suggested while a text is typed: by any language or the initials of the pinyin; free text stays allowed.
(() => {
  const lists = {};
  const MOST = 12;
  let list = null;
  let places = [];
  let at = -1;

  const termsOf = (address) => {
    lists[address] ??= fetch(address).then((each) => each.json()).then((each) => each.terms).catch(() => []);
    return lists[address];
  };

  const close = () => {
    if (!list) return;
    list.field.setAttribute("aria-expanded", "false");
    list.field.removeAttribute("aria-activedescendant");
    list.remove();
    list = null;
    at = -1;
  };

  // What begins with the typed letters comes before what only holds them.
  const fitting = (terms, typed) => {
    const text = typed.trim().toLowerCase();
    if (!text) return [];
    const begins = terms.filter((term) => term.keys.some((key) => key.startsWith(text)));
    return [...begins, ...terms.filter((term) => !begins.includes(term) && term.keys.some((key) => key.includes(text)))].slice(0, MOST);
  };

  const choose = (field, text) => {
    field.value = text;
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const mark = (step) => {
    at = (at + step + places.length) % places.length;
    places.forEach((place, number) => place.setAttribute("aria-selected", String(number === at)));
    list.field.setAttribute("aria-activedescendant", places[at].id);
    places[at].scrollIntoView({ block: "nearest" });
  };

  const show = async (field) => {
    const typed = field.value;
    const terms = fitting(await termsOf(field.dataset.suggest), typed);
    if (field.value !== typed || document.activeElement !== field) return;
    close();
    if (!terms.length || (terms.length === 1 && terms[0].text === typed)) return;
    list = document.createElement("ul");
    list.field = field;
    list.classList.add("suggestions");
    list.id = `${field.id}-list`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
    places = terms.map((term, number) => {
      const place = document.createElement("li");
      place.id = `${list.id}-${number}`;
      place.setAttribute("role", "option");
      place.setAttribute("aria-selected", "false");
      place.append(term.text, Object.assign(document.createElement("small"), { textContent: term.group }));
      place.addEventListener("mousedown", (event) => { event.preventDefault(); choose(field, term.text); });
      list.append(place);
      return place;
    });
    field.after(list);
    field.setAttribute("aria-expanded", "true");
    field.setAttribute("aria-controls", list.id);
  };

  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.dataset?.suggest) show(event.target);
  });
  document.addEventListener("focusout", (event) => { if (list?.field === event.target) close(); });
  document.addEventListener("keydown", (event) => {
    if (!list || list.field !== event.target || event.isComposing || event.altKey || event.ctrlKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) choose(list.field, places[at].firstChild.textContent);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
