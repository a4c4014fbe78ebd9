"""The section that every laboratory page has."""

from prtras.crf.registry import Section
from prtras.labels import T

#: What a laboratory prints above its results.
REPORT = Section(
    T("报告信息", "Report"), ("lab_time", "lab_name", "lab_report", "lab_specimen", "lab_method"), folded=True
)
