"""The flow of participants: every count in its box, no box on another, however long the words."""

from __future__ import annotations

import pytest

from prtras.ui.charts.flow import Box, flow_diagram
from tests.ui.chart_samples import SVG, duplicate_ids, font_sizes, parsed, words

TRUNK = (
    Box("Screened: 357", beside=Box("", ("screening failures: 25", "arm not chosen yet: 0"))),
    Box("Arm chosen: 332"),
)
LONG = "首次随访影像尚未到期、首次影像前死亡或结束研究、第0天后无可评估影像" * 3
BRANCHES = (
    (Box("NA: 176"), Box("Analysed: 174", ("not analysed: 2",))),
    (Box("NA + Peg-IFN: 156"), Box(LONG, (LONG,))),
)


def test_it_is_well_formed_and_holds_every_word() -> None:
    markup = flow_diagram(TRUNK, BRANCHES, title="Flow", desc="332 chosen")
    assert parsed(markup).get("role") == "img"
    assert not duplicate_ids(markup)
    assert min(font_sizes(markup)) >= 11
    shown = words(markup)
    for text in ("Screened: 357", "screening failures: 25", "Arm chosen: 332", "NA + Peg-IFN: 156", "not analysed: 2"):
        assert text in shown


@pytest.mark.parametrize("branches", [(), BRANCHES[:1], BRANCHES])
def test_no_box_lies_on_another_and_all_lie_in_the_picture(branches: tuple[tuple[Box, ...], ...]) -> None:
    drawing = parsed(flow_diagram(TRUNK, branches, title="Flow", desc=""))
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    _ground, *boxes = [
        tuple(float(each.attrib[name]) for name in ("x", "y", "width", "height")) for each in drawing.iter(f"{SVG}rect")
    ]
    assert len(boxes) == 3 + sum(map(len, branches))
    for n, (x, y, w, h) in enumerate(boxes):
        assert min(x, y) >= 0
        assert x + w <= width
        assert y + h <= height
        for x2, y2, w2, h2 in boxes[n + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
