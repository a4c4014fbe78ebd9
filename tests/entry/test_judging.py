"""Which checks matter at a save."""

from prtras.crf.registry import all_checks
from prtras.entry.judging import _matters


def test_of_the_checks_of_the_night_a_save_runs_those_with_an_open_query_only():
    check, other = [check for check in all_checks() if check.severity == "later"][:2]
    assert _matters(check, {check.id})
    assert not _matters(other, {check.id})
    assert _matters(other, None)
