"""The line listing of serious adverse events, and what in it does not agree with other forms. Reads; writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from prtras.accounts.models import User
from prtras.codelists import NYU
from prtras.crf.access import pages_visible_to
from prtras.crf.dates import days_of
from prtras.crf.models import CrfPage
from prtras.labels import T
from visits.codelists.safety import AEACN, AEOUT, AEREL
from visits.deriving.safety import hours_to_report
from visits.models import AdverseEvent, Death, EndOfStudy, SaeReport
from visits.sae.clock import clock_of, within
from visits.sae.expectedness import References, expectedness_of, references_for
from visits.sae.reporting import KINDS

#: The criteria of seriousness, with the words of a narrow column.
CRITERIA = {
    "ae_sdth": T("死亡", "death"),
    "ae_slife": T("危及生命", "life-threatening"),
    "ae_shosp": T("住院", "hospitalisation"),
    "ae_sdisab": T("致残", "disability"),
    "ae_scong": T("先天异常", "congenital anomaly"),
    "ae_smie": T("重要医学事件", "medically important"),
}
COLUMNS = (
    T("受试者", "Participant"), T("AE编号", "AE no."), T("事件", "Event"), T("首选语", "Preferred term"),
    T("开始", "Start"), T("结束", "End"), T("分级", "Grade"), T("严重性", "Criteria"),
    T("与干扰素", "To Peg-IFN"), T("与NA", "To NA"), T("措施(干扰素)", "Action, Peg-IFN"), T("转归", "Outcome"),
    T("预期性", "Expectedness"), T("SUSAR", "SUSAR"), T("获知", "Aware"), T("上报", "Reported"),
    T("用时（小时）", "Hours"), T("报告", "Reports"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One serious event of the listing: the event, its cells in words, and its clock while it runs."""

    event: AdverseEvent
    cells: tuple[str, ...]
    late: bool
    left: T | None

    @property
    def labelled(self) -> list[tuple[T, str]]:
        """The cells with their columns."""
        return list(zip(COLUMNS, self.cells, strict=True))


def serious_events(user: User, *, waiting: bool = False, number: str = "") -> QuerySet[AdverseEvent]:
    """The serious events that a person may see, the newest first; only those that wait for their report."""
    reports = SaeReport.objects.filter(status="done").order_by("number")
    events = AdverseEvent.objects.filter(page__in=pages_visible_to(user), page__state="submitted", ae_ser="Y")
    if waiting:
        events = events.filter(ae_report__isnull=True)
    if number:
        events = events.filter(page__participant__number=number)
    return (
        events.select_related("page__participant")
        .prefetch_related(Prefetch("page__sae_reports", reports))
        .order_by("-ae_aware", "page__participant__number", "page__repeat")
    )


def lines_of(events: Iterable[AdverseEvent]) -> Iterator[Line]:
    """Events as lines of the listing, in the active language. Two statements besides those of the events."""
    listed = list(events)
    references = references_for(listed)
    for event in listed:
        yield _line(event, references)


def _line(event: AdverseEvent, references: References) -> Line:
    clock = clock_of(event)
    fewest, hours = _hours(event)
    written = ", ".join(f"{each.number} {KINDS.text(each.kind)}" for each in event.page.sae_reports.all())
    criteria = str(T("、", ", ")).join(str(text) for name, text in CRITERIA.items() if getattr(event, name) == "Y")
    codes = (AEREL, event.ae_rel_pg), (AEREL, event.ae_rel_na), (AEACN, event.ae_acn_pg), (AEOUT, event.ae_out)
    cells = (
        event.page.participant.number, f"{event.ae_no or ''}", event.ae_term or "",
        references.preferred_term(event),
        f"{event.ae_start or ''}", f"{event.ae_end or ''}", f"{event.severity or ''}", criteria,
        *(str(codelist.text(code)) if code else "" for codelist, code in codes),
        str(T("；", "; ")).join(str(each.brief) for each in expectedness_of(event, references)),
        str(NYU.text(event.ae_susar)) if event.ae_susar else "",
        _at(event.ae_aware, event.ae_aware_time), _at(event.ae_report, event.ae_report_time), hours, written,
    )  # fmt: skip
    return Line(event, cells, fewest > within().total_seconds() // 3600, clock.left if clock else None)


def _at(day: Any, at: str | None) -> str:
    return f"{day or ''} {at or ''}".strip()


def _hours(event: AdverseEvent) -> tuple[int, str]:
    """The fewest hours that the report can have taken, and what is known of them in words: `5`, `0–23`."""
    if event.ae_aware is None or event.ae_report is None:
        return 0, ""
    fewest, most = hours_to_report(event.ae_aware, event.ae_aware_time, event.ae_report, event.ae_report_time)
    return fewest, f"{most}" if fewest == most else f"{fewest}–{most}"


@dataclass(frozen=True)
class Mismatch:
    """Two forms of a participant that do not agree: what it is, and the page where it is put right."""

    page: CrfPage
    text: T


NO_DEATH_FORM = T("AE {n} 转归为死亡，但无死亡记录。", "AE {n} is fatal and there is no death form.")
NO_FATAL_EVENT = T("有死亡记录，但没有致死的不良事件。", "There is a death form and no fatal adverse event.")
OTHER_DAY = T("AE {n} 结束于 {a}，死亡日期为 {b}。", "AE {n} ended on {a}; the date of death is {b}.")
NO_SUCH_EVENT = T("关联的不良事件 {n} 不存在。", "The linked adverse event {n} does not exist.")
NOT_FATAL = T("死亡记录关联的 AE {n} 并非死亡转归。", "The death form names AE {n}, which was not fatal.")
EARLY_STAY = T("AE {n} 的入院日期 {a} 早于事件开始日期 {b}。", "AE {n}: admitted on {a}, before it began on {b}.")
END_IS_DEATH = T("研究结束状态为死亡，但无死亡记录。", "End of study is death and there is no death form.")
END_NOT_DEATH = T("有死亡记录，但研究结束状态不是死亡。", "There is a death form and end of study is not death.")
NO_REPORT = T("AE {n} 为严重不良事件，尚无首次报告。", "AE {n} is serious and has no initial report.")
LATE = T("AE {n} 获知后 {h} 小时上报。", "AE {n} was reported {h} hours after awareness.")


@dataclass
class _Casebook:
    """The forms of one participant that are compared."""

    events: list[AdverseEvent]
    death: Death | None = None
    end: EndOfStudy | None = None


def mismatches(user: User) -> list[Mismatch]:
    """What does not agree, by participant. Four statements."""
    casebooks: dict[int, _Casebook] = defaultdict(lambda: _Casebook([]))
    visible = pages_visible_to(user).filter(state="submitted")
    written = SaeReport.objects.filter(status="done").order_by("number")
    events = AdverseEvent.objects.filter(page__in=visible).select_related("page__participant")
    for event in events.prefetch_related(Prefetch("page__sae_reports", written)):
        casebooks[event.page.participant_id].events.append(event)
    for death in Death.objects.filter(page__in=visible).select_related("page__participant"):
        casebooks[death.page.participant_id].death = death
    for end in EndOfStudy.objects.filter(page__in=visible).select_related("page__participant"):
        casebooks[end.page.participant_id].end = end
    listed = [each for casebook in casebooks.values() for each in _of_casebook(casebook)]
    return sorted(listed, key=lambda each: (each.page.participant.number, each.page.form, each.page.repeat))


def _of_casebook(casebook: _Casebook) -> Iterator[Mismatch]:
    yield from _of_deaths(casebook)
    for event in casebook.events:
        if event.ae_ser == "Y":
            yield from _of_event(event)
    end, death = casebook.end, casebook.death
    numbers = {event.ae_no for event in casebook.events}
    if end is not None:
        if end.eos_status == "DEATH" and death is None:
            yield Mismatch(end.page, END_IS_DEATH)
        if end.eos_status not in (None, "DEATH") and death is not None:
            yield Mismatch(end.page, END_NOT_DEATH)
        if end.eos_ae_no is not None and end.eos_ae_no not in numbers:
            yield Mismatch(end.page, NO_SUCH_EVENT.format(n=end.eos_ae_no))


def _of_deaths(casebook: _Casebook) -> Iterator[Mismatch]:
    death = casebook.death
    fatal = [event for event in casebook.events if event.severity == 5]
    if death is None:
        for event in fatal:
            yield Mismatch(event.page, NO_DEATH_FORM.format(n=event.ae_no))
        return
    if not fatal and death.dth_cause != "HCC":  # the tumour is the end point, and no adverse event
        yield Mismatch(death.page, NO_FATAL_EVENT)
    for event in fatal:
        first, last = days_of(event.ae_end)
        if first and last and death.dth_date and not first <= death.dth_date <= last:
            yield Mismatch(event.page, OTHER_DAY.format(n=event.ae_no, a=event.ae_end, b=death.dth_date))
    if death.dth_ae_no is not None:
        if death.dth_ae_no not in {event.ae_no for event in casebook.events}:
            yield Mismatch(death.page, NO_SUCH_EVENT.format(n=death.dth_ae_no))
        elif death.dth_ae_no not in {event.ae_no for event in fatal}:
            yield Mismatch(death.page, NOT_FATAL.format(n=death.dth_ae_no))


def _of_event(event: AdverseEvent) -> Iterator[Mismatch]:
    began, _ = days_of(event.ae_start)
    if event.ae_hosp_start and began and event.ae_hosp_start < began:
        yield Mismatch(event.page, EARLY_STAY.format(n=event.ae_no, a=event.ae_hosp_start, b=event.ae_start))
    if not event.page.sae_reports.all():
        yield Mismatch(event.page, NO_REPORT.format(n=event.ae_no))
    fewest, hours = _hours(event)
    if fewest > within().total_seconds() // 3600:
        yield Mismatch(event.page, LATE.format(n=event.ae_no, h=hours))
