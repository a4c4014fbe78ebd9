"""What a report of a serious adverse event says: the event, the person, treatment and findings around it.

From the casebook as it is, in the active language. Reads; writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from enrollment.deriving.consent import completed_years
from enrollment.deriving.doses import GIVEN
from prtras.codelists import CTCGR
from prtras.coding.open_terms import coding_of
from prtras.coding.terms import LEVEL_TITLES
from prtras.crf.dates import days_of
from prtras.crf.models import CrfPage
from prtras.crf.numbers import between
from prtras.crf.records import Source, Stored, source_of
from prtras.crf.registry import Form, all_forms, form_of
from prtras.crf.units import shown
from prtras.entry.in_words import in_words
from prtras.entry.parsing import as_typed
from prtras.labels import T
from visits.sae.expectedness import DRUGS, expectedness_of

#: Laboratory results of so many days before and after the beginning are listed.
AROUND = timedelta(days=30)
#: Injections that are listed one by one; all are counted.
LAST_DOSES = 6
_NONE = T("无记录", "none recorded")
_UNKNOWN_DOSE = T("不详（{n} 次剂量未填）", "not known ({n} doses not entered)")


@dataclass
class Part:
    """A titled part of the report: facts with their labels, or a table."""

    title: T
    facts: list[tuple[T, str]] = field(default_factory=list)
    head: list[T] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def parts_of(page: CrfPage) -> list[Part]:
    """The parts of a report on the event of a page. The page is submitted."""
    source = source_of(page.participant_id)
    event = next(record for record in source("ae") if record.page == page.pk)
    began, latest = days_of(event.values.get("ae_start"))
    listed = [(DRUGS.text(each.drug), str(each.text)) for each in expectedness_of(page.adverseevent)]
    return [
        Part(T("受试者", "Participant"), list(_person(page, source, began))),
        *_event(event),
        *_grades(event, source),
        *_coding(page),
        *([Part(T("预期性", "Expectedness"), listed)] if listed else []),
        _interferon(source, latest),
        _table(T("核苷(酸)类似物", "Nucleos(t)ide analogue"), "na", source,
               ("na_drug", "na_dose", "na_freq", "na_start", "na_end")),
        _findings(source, began, latest),
        _table(T("病史与合并症", "Medical history"), "mh", source, ("mh_term", "mh_start", "mh_status")),
        _table(T("合并用药", "Concomitant medication"), "cm", source,
               ("cm_name", "cm_ind", "cm_dose", "cm_doseu", "cm_freq", "cm_start", "cm_end"),
               [record for record in source("cm") if overlaps(record.values, began, "cm_start", "cm_end")]),
    ]  # fmt: skip


def _person(page: CrfPage, source: Source, began: date | None) -> Iterator[tuple[T, str]]:
    """Who it is, without what identifies the person: number, sex, age, weight, day of the study."""
    person = page.participant
    demographics: Mapping[str, Any] = next((record.values for record in source("dm")), {})
    yield T("受试者编号", "Participant number"), person.number
    yield T("研究中心", "Site"), f"{person.site.code} {person.site}"
    yield form_of("dm").items["sex"].label, _word(form_of("dm"), "sex", demographics.get("sex"))
    if (born := demographics.get("brthdat")) and began and born <= began:
        yield T("发生时年龄", "Age at onset"), f"{completed_years(born, began)}"
    if weight := latest_value(source("vs"), "vs_date", "weight", began):
        yield form_of("vs").items["weight"].label, f"{weight} kg"
    if person.anchor and began:
        yield T("发生于第0天后（天）", "Days from Day 0 to onset"), str((began - person.anchor).days)


def latest_value(records: Iterable[Stored], dated: str, item: str, until: date | None) -> Any:
    """The last value of an item up to a day; None where there is none."""
    known = [(r.values[dated], r.values[item]) for r in records if r.values.get(dated) and r.values.get(item)]
    return max((each for each in known if until is None or each[0] <= until), default=(None, None))[1]


def _event(event: Stored) -> list[Part]:
    """The event's own page, section by section: what is filled, in the words of the screen."""
    form = form_of("ae")
    parts = []
    for section in form.sections:
        filled = [name for name in section.items if event.values.get(name) not in (None, [])]
        parts.append(Part(section.title, [(form.items[n].label, _word(form, n, event.values[n])) for n in filled]))
    return [part for part in parts if part.facts]


def _grades(event: Stored, source: Source) -> Iterator[Part]:
    """From when the event had which grade, where it changed."""
    grades = sorted(
        (row.values["aeg_date"], row.values["aeg_grade"]) for row in source("aegr")
        if row.page == event.page and row.values.get("aeg_date") and row.values.get("aeg_grade")
    )  # fmt: skip
    if grades:
        rows = [[f"{day}", f"{CTCGR.text(grade)}"] for day, grade in grades]
        yield Part(T("分级变化", "Grade over time"), [], [T("起始日期", "From"), T("分级", "Grade")], rows)


def _coding(page: CrfPage) -> Iterator[Part]:
    """The event in the dictionary's terms, once a person accepted them."""
    coding = coding_of(page)
    if coding and coding.path:
        facts = [(LEVEL_TITLES[level], f"{term.title} ({term.code})") for level, term in coding.path.terms()]
        yield Part(T(f"医学编码（{coding.dictionary}）", f"Coding ({coding.dictionary})"), facts)


def _interferon(source: Source, until: date | None) -> Part:
    """Injections up to the event: how many, how much in all, the last ones with their days."""
    form = form_of("pegifn")
    before = injections(source, until)
    part = Part(T("聚乙二醇干扰素α-2b", "Peginterferon alfa-2b"))
    part.facts = [(T("发生前给药次数", "Doses before onset"), str(len(before)))]
    if before:
        amounts = [values.get("pg_dose") for values in before]
        unknown = amounts.count(None)
        total = str(_UNKNOWN_DOSE.format(n=unknown) if unknown else sum(each or 0 for each in amounts))
        part.facts.append((T("发生前累计剂量（μg）", "Cumulative dose before onset (μg)"), total))
        part.facts.append((T("首次给药", "First dose"), f"{before[0]['pg_date']}"))
        shown = ("pg_date", "pg_dose", "pg_status")
        part.head = [form.items[name].label for name in shown]
        part.rows = [[_word(form, name, values.get(name)) for name in shown] for values in before[-LAST_DOSES:]]
    return part


def injections(source: Source, until: date | None) -> list[Mapping[str, Any]]:
    """The injections that were given up to a day, in their order; all where the day is not known."""
    given = [r.values for r in source("pegifn") if r.values.get("pg_status") in GIVEN and r.values.get("pg_date")]
    return sorted((v for v in given if until is None or v["pg_date"] <= until), key=lambda v: v["pg_date"])


def _findings(source: Source, began: date | None, latest: date | None) -> Part:
    """Laboratory results outside their range around the beginning of the event."""
    part = Part(T("发生前后30天的异常检验结果", "Abnormal results within 30 days of onset"))
    part.head = [
        T("日期", "Date"),
        T("项目", "Analyte"),
        T("结果", "Result"),
        T("参考范围", "Range"),
        T("分级", "Grade"),
    ]
    part.rows = sorted(
        [f"{day}", str(title), *_result(row, unit)] for day, title, row, unit in results_around(source, began, latest)
    )
    return part


def results_around(
    source: Source, began: date | None, latest: date | None
) -> Iterator[tuple[date, T, Mapping[str, Any], str]]:
    """Results outside their range, or graded, around the beginning of an event: day, name, row, standard unit."""
    if began is None or latest is None:
        return
    for form in all_forms():
        if form.rows is None or "nrind" not in form.rows.items:
            continue
        for record in source(form.code):
            day = record.values.get(form.first_date)
            if not day or not began - AROUND <= day <= latest + AROUND:
                continue
            for key, row in record.rows.items():
                if row.get("nrind") in ("HIGH", "LOW") or row.get("toxgr") not in (None, "0"):
                    yield day, form.rows.title_of(key), row, form.rows.units[key][0]


def _result(row: Mapping[str, Any], unit: str) -> list[str]:
    """Result with its unit (the standard one where the page has none), range in the standard unit, grade."""
    own = row.get("orresu") or unit
    grade = row.get("toxgr") or ""
    limits = between(row.get("stnrlo"), row.get("stnrhi"))
    beside = f" {shown(unit)}" if limits and own != unit else ""
    result = f"{row.get('orres') or ''} {shown(own) if own != '1' else ''}".strip()
    return [result, limits + beside, grade if grade != "0" else ""]


def _table(title: T, code: str, source: Source, items: tuple[str, ...], records: list[Stored] | None = None) -> Part:
    """A log as a table; what is none says so."""
    form = form_of(code)
    listed = source(code) if records is None else records
    rows = [[_word(form, name, record.values.get(name)) for name in items] for record in listed]
    return Part(title, [] if rows else [(title, str(_NONE))], [form.items[name].label for name in items], rows)


def overlaps(values: Mapping[str, Any], on: date | None, start: str, end: str) -> bool:
    """Whether a drug may have been taken on a day; where a date is missing, it may."""
    if on is None:
        return True
    first, _ = days_of(values.get(start))
    _, last = days_of(values.get(end))
    return (first is None or first <= on) and (last is None or last >= on)


def _word(form: Form, name: str, value: Any) -> str:
    """A value as people read it."""
    item = form.items[name]
    if name == "ae_grade" and value:
        return f"{CTCGR.text(value)}"
    return in_words(item, as_typed(value)) if value is not None else ""
