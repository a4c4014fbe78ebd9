// The visit x form matrix is one tab stop: arrow keys move, Enter opens. It starts at the current visit, or where work waits.
(() => {
  const start = () => {
    const table = document.querySelector("[data-matrix]");
    if (!table) return;

    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("a")));
    const links = rows.flat().filter(Boolean);
    if (!links.length) return;
    const place = (link) => {
      const row = rows.findIndex((cells) => cells.includes(link));
      return [row, rows[row].indexOf(link)];
    };
    const roam = (link) => {
      for (const each of links) each.tabIndex = -1;
      link.tabIndex = 0;
    };

    const waits = table.querySelector("a.state-over, a.state-due, a.state-half");
    const current = table.querySelector("thead th.current") ?? (waits && table.tHead.rows[0].cells[waits.closest("td").cellIndex]);
    const column = current ? current.cellIndex - 1 : 0;
    roam(rows.map((cells) => cells[column]).find(Boolean) ?? links[0]);
    if (current) table.parentNode.scrollLeft = current.offsetLeft - table.parentNode.clientWidth / 2;

    const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    table.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || !links.includes(event.target)) return;
      event.preventDefault();
      let [row, col] = place(event.target);
      for (;;) {
        row += step[0];
        col += step[1];
        if (row < 0 || col < 0 || row >= rows.length || col >= rows[0].length) return;
        if (rows[row][col]) break;
      }
      roam(rows[row][col]);
      rows[row][col].focus();
    });
  };

  document.addEventListener("shown", start);
  start();
})();
