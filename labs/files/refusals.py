"""What is wrong with a file as a whole, or at one place of it. Pure."""

from dataclasses import dataclass

from prtras.labels import T


class FileRefused(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Problem:
    """What is wrong in which line and column: the value, and the rule it breaks."""

    line: int
    column: str
    value: str
    text: T


class CellRefused(ValueError):
    """One cell cannot be read; the column, and the text that says why."""

    def __init__(self, column: str, text: T) -> None:
        super().__init__(text.en)
        self.column, self.text = column, text
