"""The names under which the study appears on screen, on paper and in files."""

from datetime import timedelta

from prtras.crf.study import StudyProtocol
from prtras.labels import T

STUDY = StudyProtocol("S-1", "NCT1", T("研究", "Study"), "0.1", timedelta(14), institution_number="IRB-7")


def test_what_is_printed_bears_the_hospitals_number_and_a_screen_does_not():
    assert STUDY.all_identifiers == "S-1 · NCT1 · IRB-7"
    assert STUDY.identifiers == "S-1 · NCT1"
