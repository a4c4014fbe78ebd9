// Arrows and Enter walk a laboratory sheet as on paper, and a group of boxes as one stop.
(() => {
  const STEP = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Enter: 1 };

  const walkBoxes = (event) => {
    const boxes = [...event.target.closest(".checkbox-group").querySelectorAll("input")];
    event.preventDefault();
    boxes[(boxes.indexOf(event.target) + STEP[event.key] + boxes.length) % boxes.length].focus();
  };

  // Up, down and Enter stay in the column; left and right leave a text at its end. Lists keep their own up and down.
  const walkSheet = (event) => {
    const { target, key } = event;
    const upright = !key.endsWith("Left") && !key.endsWith("Right");
    const text = target.matches("input");
    const end = key === "ArrowLeft" ? 0 : target.value.length;
    if (upright ? !text : text && (target.selectionStart !== end || target.selectionEnd !== end)) return;
    const column = target.closest("td").cellIndex + 1;
    const line = upright
      ? target.closest("table").querySelectorAll(`td:nth-child(${column}) input`)
      : target.closest("tr").querySelectorAll("input, select");
    event.preventDefault();
    const next = line[[...line].indexOf(target) + STEP[key]];
    next?.focus();
    if (next?.matches("input")) next.select();
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.key in STEP) || event.ctrlKey || event.altKey || event.isComposing) return;
    if (event.target.matches(".lab-panel tr:not(.message-row) td :is(input, select)")) walkSheet(event);
    else if (event.key !== "Enter" && event.target.matches(".checkbox-group input")) walkBoxes(event);
  });
})();
