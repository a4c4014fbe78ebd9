"""Rows of a form: which of them there can be, and how each is named."""

import pytest

from prtras.crf.registry import form_of


@pytest.mark.parametrize(("key", "possible"), [("1", True), ("999", True), ("1000", False), ("0", False)])
def test_numbered_rows_go_from_1_to_999(key, possible):
    assert form_of("mri").rows.may_have(key) is possible
