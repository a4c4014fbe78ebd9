"""The SVG builder: safe by construction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import prtras.ui.charts
from prtras.ui.charts.captioned_figure import captioned
from prtras.ui.charts.svg import Markup, clean, element, figure, number, text
from prtras.ui.charts.typesetting import text_width
from tests.ui.chart_samples import SVG, curve, parsed, recurrence


def test_text_and_attributes_are_escaped() -> None:
    written = str(element("text", "a < b & \"c\" 'd' <script>", id='x" onload="y'))
    node = parsed(written)
    assert node.text == "a < b & \"c\" 'd' <script>"
    assert node.get("id") == 'x" onload="y'
    assert "<script>" not in written
    assert node.get("onload") is None


def test_characters_that_xml_cannot_hold_are_dropped() -> None:
    assert clean("a\x00b\x0bc\ud800d\u4e2d😀\n") == "abcd中😀\n"


@pytest.mark.parametrize("name", ["style", "onclick", "onload", "href", "xlink_href", "srcdoc"])
def test_an_attribute_that_is_not_listed_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not one these charts may write"):
        element("rect", **{name: "x"})


@pytest.mark.parametrize("tag", ["script", "style", "foreignObject", "image", "a", "animate"])
def test_an_element_that_is_not_listed_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="not an element"):
        element(tag)


@pytest.mark.parametrize(
    ("value", "written"),
    [(12.0, "12"), (12.345, "12.35"), (-0.001, "0"), (100, "100"), (0.5, "0.5"), (-3.1, "-3.1")],
)
def test_numbers_are_rounded_and_short(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_coordinate_that_is_not_a_number_fails_loudly(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number(value)


def test_an_empty_text_draws_nothing() -> None:
    assert text(0, 0, "") is None


def test_a_template_recognises_finished_markup() -> None:
    markup = figure([], ident="a", kind="test", size=(10, 10), title="T")
    assert isinstance(markup, str)
    assert isinstance(markup, Markup)
    assert markup.__html__() == markup


def test_a_chart_names_itself_to_screen_readers() -> None:
    root = parsed(figure([], ident="a", kind="test", size=(10, 10), title="<T>", desc="D & E"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "a-title a-desc"
    named = {node.get("id"): node.text for node in root}
    assert named["a-title"] == "<T>"
    assert named["a-desc"] == "D & E"


@pytest.mark.parametrize("ident", ["", "1a", "a b", 'a"', "图"])
def test_an_identifier_that_cannot_be_an_id_is_refused(ident: str) -> None:
    with pytest.raises(ValueError, match="cannot be the id"):
        figure([], ident=ident, kind="test", size=(10, 10), title="T")


def test_a_chart_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a title"):
        figure([], ident="a", kind="test", size=(10, 10), title="")


def drawings() -> Iterator[str]:
    """The functions that draw a chart."""
    for path in sorted(Path(prtras.ui.charts.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and node.returns and ast.unparse(node.returns) == "Markup":
                yield node.name


@pytest.mark.parametrize("name", sorted(drawings()))
def test_every_chart_is_drawn_by_a_test(name: str) -> None:
    trees = [ast.parse(path.read_text()) for path in Path(__file__).parent.glob("*.py")]
    calls = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert name in {getattr(function, "attr", getattr(function, "id", "")) for function in calls}


def test_a_figure_that_stands_alone_has_its_words_below_it_and_its_own_size() -> None:
    below = "PRTRAS-001 · 计划 E1 · cut-off date 2026-11-23 <&> " + "long " * 40
    alone = parsed(captioned(recurrence(curve()), below))
    width, height = float(alone.attrib["width"]), float(alone.attrib["height"])
    assert alone.attrib["viewBox"] == f"0 0 {alone.attrib['width']} {alone.attrib['height']}"
    inner = alone.find(f"{SVG}svg")
    assert inner is not None
    lines = alone.findall(f"{SVG}text")
    assert "".join("".join(line.itertext()) for line in lines).replace(" ", "") == below.replace(" ", "")
    assert all(float(inner.attrib["height"]) < float(line.attrib["y"]) < height for line in lines)
    assert all(text_width("".join(line.itertext()), 11) <= width for line in lines)


def test_what_is_no_figure_gets_no_words() -> None:
    with pytest.raises(ValueError, match="no figure"):
        captioned("<svg/>", "words")
