"""A participant's visits as they read them: when, within which days, what is done. Reads nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from prtras.crf.models import CrfPage, Visit
from prtras.crf.schedule import SCHEDULE
from prtras.labels import T

WEEKDAYS = (
    T("周一", "Mon"), T("周二", "Tue"), T("周三", "Wed"), T("周四", "Thu"), T("周五", "Fri"), T("周六", "Sat"),
    T("周日", "Sun"),
)  # fmt: skip
#: What happens at a visit, by the forms that record it.
DONE_BY = (
    (("mri",), T("腹部MRI", "MRI of the abdomen")),
    (("lbchem",), T("空腹抽血", "blood sample, fasting")),
    (("lbpbmc",), T("免疫检测抽血", "blood sample for the immune profile")),
    (("pregtest",), T("妊娠试验", "pregnancy test")),
    (("pe", "vs"), T("体检", "examination")),
)


@dataclass(frozen=True)
class Appointment:
    """One visit to come."""

    visit: Visit
    title: T
    weekday: T
    what: tuple[T, ...]


def to_come(visits: Iterable[Visit], pages: Iterable[CrfPage], today: date) -> list[Appointment]:
    """The planned visits whose window has not closed, with what is expected there."""
    forms: dict[int | None, set[str]] = {}
    for page in pages:
        if page.state == "expected" and page.required:
            forms.setdefault(page.visit_id, set()).add(page.form)
    dated = [v for v in visits if v.state == "planned" and v.opens and v.closes and v.closes >= today]
    return [_appointment(visit, visit.target, forms.get(visit.pk, set())) for visit in dated if visit.target]


def _appointment(visit: Visit, on: date, forms: set[str]) -> Appointment:
    return Appointment(visit, SCHEDULE.title(visit.code), WEEKDAYS[on.weekday()], _what(forms))


def _what(forms: set[str]) -> tuple[T, ...]:
    return tuple(text for codes, text in DONE_BY if forms & set(codes))
