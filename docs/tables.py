"""Markdown tables. Pure."""

from collections.abc import Iterable, Sequence

HEAD = "<!-- Written by `make docs`; change the code, not this page. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a Markdown table; a bar within a cell is written so that it stays in its cell."""
    lines = [_line(head), _line(["---"] * len(head))]
    return [*lines, *(_line([str(cell).replace("|", "\\|").replace("\n", " ") for cell in row]) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
