"""Acts that draft a protocol deviation when a form says that one happened; a person completes and classifies it.

Each rule looks at one saved form and says what happened, where, since when; the page of the deviation waits with what
is known filled in. The same thing is drafted once, and not again when a person took the draft out. Call inside an act.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from enrollment.deriving.doses import GIVEN
from enrollment.models import Consent
from enrollment.protocol import value_of
from prtras.accounts.models import User
from prtras.crf.models import CrfPage, FormPage, Visit
from prtras.crf.planning import add_page
from prtras.entry.models import Draft
from prtras.labels import T
from visits.codelists.treatment import PGACT
from visits.deriving.safety import hours_to_report
from visits.models import AdverseEvent, Deviation, Mri, PegIfnDose, VisitRecord


@dataclass(frozen=True)
class Happened:
    """A deviation as a rule sees it. `reason_code` is the code of the page's reason, `place` where it happened."""

    reason_code: str
    place: str
    category: str
    importance: str
    text: T
    since: date | None
    visit: str = ""


#: What happened, by code: why the page of the deviation is there.
PAGE_REASONS = {
    "window": T("{place} 在访视窗外完成", "{place} took place outside its window"),
    "missed": T("{place} 访视缺失", "{place} was missed"),
    "nomri": T("{place} 的MRI未做或超窗", "MRI at {place} missed or outside its window"),
    "dose": T("第 {place} 次给药与剂量建议不符", "dose {place} differs from the dose advice"),
    "arm": T("第 {place} 次给药不属于所选治疗组", "dose {place} does not belong to the chosen arm"),
    "consent": T("知情同意：{place}", "informed consent: {place}"),
    "saelate": T("第 {place} 号SAE上报延迟", "SAE {place} was reported late"),
}
OUT_OF_WINDOW = T("{visit}访视在访视窗外完成。", "Visit {visit} took place outside its window.")
DAYS_OUT_OF_WINDOW = T(
    "{visit}访视在访视窗外完成（与计划日相差 {days} 天）。",
    "Visit {visit} took place outside its window ({days} days from the target day).",
)
MISSED = T("{visit}访视缺失，该访视的检查均未完成。", "Visit {visit} was missed; none of its assessments was done.")
NO_MRI = T("{visit}未完成MRI检查。", "MRI at {visit} was not done.")
LATE_MRI = T(
    "{visit}的MRI在访视窗外完成（相差 {days} 天）。", "MRI at {visit} was done outside its window ({days} days)."
)
DOSE = T(
    "给药 {dose} μg，而检验结果提示应{advice}。",
    "{dose} µg was given although the laboratory results advised: {advice}.",
)
NOT_HIS_ARM = T(
    "所选治疗组不含聚乙二醇干扰素，但已给药。", "Peginterferon was given although the chosen arm does not include it."
)
NO_COPY = T("未向受试者提供知情同意书副本。", "The participant was not given a copy of the consent form.")
SIGNED_LATER = T("研究者签署日期晚于受试者签署日期。", "The investigator signed on a later date than the participant.")
SAE_LATE = T("SAE获知后 {hours} 小时才上报。", "The SAE was reported {hours} hours after awareness.")
#: The highest dose (µg a week) that an advice still allows.
HIGHEST = {"REDUCE_135": 135, "REDUCE_90": 90, "HOLD": 0, "STOP": 0}


def after_visit_record(page: CrfPage, saved: FormPage, user: User) -> None:
    """The visit was outside its window, or missed."""
    assert isinstance(saved, VisitRecord)
    _draft(page, _of_visit(page, saved), user)


def after_mri(page: CrfPage, saved: FormPage, user: User) -> None:
    """The MRI of a planned visit was not done, or outside its window."""
    assert isinstance(saved, Mri)
    _draft(page, _of_mri(page, saved), user)


def after_dose(page: CrfPage, saved: FormPage, user: User) -> None:
    """A dose was given that the arm or the results do not allow."""
    assert isinstance(saved, PegIfnDose)
    _draft(page, deviations_of_dose(page, saved), user)


def after_consent(page: CrfPage, saved: FormPage, user: User) -> None:
    """Consent was not given as it should be."""
    assert isinstance(saved, Consent)
    _draft(page, _of_consent(page, saved), user)


def after_adverse_event(page: CrfPage, saved: FormPage, user: User) -> None:
    """A serious event was reported late."""
    assert isinstance(saved, AdverseEvent)
    _draft(page, _of_event(page, saved), user)


def _of_visit(page: CrfPage, saved: VisitRecord) -> Iterator[Happened]:
    visit = page.visit
    if visit is None:
        return
    if saved.window_status in ("EARLY", "LATE"):
        words = OUT_OF_WINDOW if saved.window_dev is None else DAYS_OUT_OF_WINDOW
        text = words.format(visit=visit.code, days=saved.window_dev)
        yield Happened("window", visit.code, "VISITWIN", "MINOR", text, saved.visit_date, visit.code)
    if saved.visit_status == "MISSED":
        text = MISSED.format(visit=visit.code)
        yield Happened("missed", visit.code, "VISITMISS", "MINOR", text, visit.target or visit.closes, visit.code)


def _of_mri(page: CrfPage, saved: Mri) -> Iterator[Happened]:
    visit = page.visit
    if visit is None or visit.target is None or not page.required:
        return
    if saved.mri_done == "N" and visit.state != "missed":
        yield Happened(
            "nomri", visit.code, "MRIMISS", "MAJOR", NO_MRI.format(visit=visit.code), visit.target, visit.code
        )
    elif saved.mri_win in ("EARLY", "LATE") and not _outside(visit):
        text = LATE_MRI.format(visit=visit.code, days=saved.mri_dev)
        yield Happened("nomri", visit.code, "MRIMISS", "MINOR", text, saved.mri_date, visit.code)


def _outside(visit: Visit) -> bool:
    """The visit as a whole was outside its window: that is drafted once, not again for its MRI."""
    if visit.date is None or visit.opens is None or visit.closes is None:
        return False
    return not visit.opens <= visit.date <= visit.closes


def deviations_of_dose(page: CrfPage, saved: PegIfnDose) -> Iterator[Happened]:
    """What was given although the results or the arm do not allow it."""
    given = saved.pg_status in GIVEN and saved.pg_dose is not None
    if not given:
        return
    allowed = HIGHEST.get(saved.pg_advice or "")
    if allowed is not None and saved.pg_dose > allowed:
        advice = PGACT.text(saved.pg_advice)
        text = DOSE.format(dose=saved.pg_dose, advice=advice)
        yield Happened("dose", str(page.repeat), "DOSING", "MAJOR", text, saved.pg_date)
    if page.participant.arm == "A1":
        yield Happened("arm", str(page.repeat), "ALLOC", "MAJOR", NOT_HIS_ARM, saved.pg_date)


def _of_consent(page: CrfPage, saved: Consent) -> Iterator[Happened]:
    if saved.copy_given == "N":
        yield Happened("consent", "copy", "CONSENT", "MAJOR", NO_COPY, saved.icf_date, "SCR")
    if saved.inv_sign_date and saved.icf_date and saved.inv_sign_date > saved.icf_date:
        yield Happened("consent", "date", "CONSENT", "MINOR", SIGNED_LATER, saved.inv_sign_date, "SCR")


def _of_event(page: CrfPage, saved: AdverseEvent) -> Iterator[Happened]:
    if saved.ae_ser == "Y" and saved.ae_aware and saved.ae_report:
        fewest, _ = hours_to_report(saved.ae_aware, saved.ae_aware_time, saved.ae_report, saved.ae_report_time)
        if timedelta(hours=fewest) > timedelta(days=int(value_of("sae_report_days"))):
            text = SAE_LATE.format(hours=fewest)
            yield Happened("saelate", str(page.repeat), "SAEREPORT", "MAJOR", text, saved.ae_report)


def _draft(page: CrfPage, happenings: Iterator[Happened], user: User) -> None:
    """A page for each that has none yet, with what is known typed in."""
    for happened in happenings if page.state != "void" else ():
        deviations = page.participant.pages.filter(form="dv")
        reason_code = f"{happened.reason_code} {happened.place}"
        known = Deviation.objects.filter(
            page__in=deviations, dv_cat=happened.category, dv_visit=happened.visit or None, dv_start=happened.since
        )
        if deviations.filter(reason_code=reason_code).exists() or known.exists():
            continue
        drafted = add_page(page.participant, "dv", required=True, reason_code=reason_code, fresh=True)
        typed = {
            "dv_cat": happened.category,
            "dv_sev": happened.importance,
            "dv_desc": happened.text.in_language(user.language or "zh-hans"),
            "dv_start": happened.since.isoformat() if happened.since else "",
            "dv_found": timezone.localdate().isoformat(),
            "dv_visit": happened.visit,
        }
        draft_typed = {name: [value] for name, value in typed.items() if value}
        Draft.objects.create(page=drafted, user=user, typed=draft_typed, seen_version=0)
