"""Which texts of a picture are looked at a second time; the reader of pictures itself is in tests/ocr."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from labs.sheets import recogniser


@dataclass
class Reader:
    """Reads the same texts of every picture, and another one at every second look."""

    texts: tuple[str, ...]
    looks: list[Any] = field(default_factory=list)

    def __call__(self, dots: Any) -> SimpleNamespace:
        boxes = [[(0, 40 * n), (90, 40 * n), (90, 40 * n + 24), (0, 40 * n + 24)] for n in range(len(self.texts))]
        return SimpleNamespace(boxes=boxes, txts=self.texts, scores=[1.0] * len(self.texts))

    def recognize_txt(self, pictures: list[Any]) -> SimpleNamespace:
        self.looks += pictures
        return SimpleNamespace(txts=[f"again {n}" for n, _ in enumerate(pictures)])


def test_what_has_a_figure_and_thirty_characters_at_most_is_looked_at_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(("9" + "x" * 29, "9" + "x" * 30, "no figure", "35.2"))
    monkeypatch.setattr(recogniser, "_engine", lambda: reader)
    monkeypatch.setattr(recogniser, "_dots", lambda picture: picture)
    monkeypatch.setattr(recogniser, "_enlarged", lambda dots, corners: corners[0])
    texts = recogniser.recognise(b"")
    assert [each.again for each in texts] == ["again 0", None, None, "again 1"]
    assert reader.looks == [(0, 0), (0, 120)]
