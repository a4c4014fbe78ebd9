"""The state of the data in the cut: visits, pages, queries, verification, signatures. Pure but for the language.

Of everybody together: nothing in it is by arm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.outputs.expectations import Numbers, at
from analysis.outputs.imaging import ENDS, last_days
from analysis.outputs.number_texts import percent
from analysis.outputs.output import Output, Row, Share, Shown, Table, Text, Tile, View
from analysis.survival.results import Result
from prtras.crf.registry import all_forms
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

#: Days of an open query up to which it is new, and up to which it is late.
NEW, LATE = 7, 30
OPEN, ANSWERED = "open", "answered"
#: A page: whose, at which visit, which form and which of several.
PAGE = ("SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT")


@dataclass(frozen=True)
class FormQuality(Result):
    """Pages of a form in the cut, how many are verified (whole or in part) and signed, its queries and the open ones.

    A verification or a signature that a later change ended is none.
    """

    form: str
    pages: int
    verified: int
    signed: int
    queries: int
    open: int


@dataclass(frozen=True)
class DataQuality(Result):
    """Visits whose window had closed, queries by state, the open ones by age at the cut-off, and every form."""

    due: int
    done: int
    answered: int
    new: int
    late: int
    overdue: int
    forms: tuple[FormQuality, ...]

    def total(self, name: str) -> int:
        """A count over all forms."""
        return sum(getattr(each, name) for each in self.forms)


def compute(data: AnalysisData) -> DataQuality:
    """Count the rows of the cut."""
    queries = data.tables.get("queries", ())
    days = [_age(query["OPENED"], data.cutoff) for query in queries if query["STATE"] == OPEN]
    due = list(_due(data.tables, data.cutoff))
    return DataQuality(
        due=len(due),
        done=sum(due),
        answered=sum(query["STATE"] == ANSWERED for query in queries),
        new=sum(age <= NEW for age in days),
        late=sum(NEW < age <= LATE for age in days),
        overdue=sum(age > LATE for age in days),
        forms=tuple(_forms(data)),
    )


def _age(opened: str, cutoff: date) -> int:
    return (cutoff - date.fromisoformat(opened[:10])).days


def _due(tables: Tables, cutoff: date) -> Iterator[bool]:
    """Of each visit that was due whether it took place; one after the end of the study, or not needed, was not due."""
    ends = last_days(tables, ENDS)
    for visit in tables["visits"]:
        if not visit["CLOSES"] or visit["CLOSES"] > cutoff.isoformat() or visit["STATE"] == "dropped":
            continue
        if visit["SVSTDTC"]:
            yield True
        elif visit["STATE"] != "planned" or visit["OPENS"] <= ends.get(visit["SUBJID"], "9999"):
            yield False


def _forms(data: AnalysisData) -> Iterator[FormQuality]:
    verified = _pages(data.tables.get("verifications", ()), "DROPPED")
    signed = _pages(data.tables.get("signatures", ()), "BROKEN")
    queries = Counter(query["FORM"] for query in data.tables.get("queries", ()))
    waiting = Counter(query["FORM"] for query in data.tables.get("queries", ()) if query["STATE"] == OPEN)
    for form in all_forms():
        pages = data.count(form.code)
        if pages or queries[form.code]:
            yield FormQuality(
                form.code, pages, verified[form.code], signed[form.code], queries[form.code], waiting[form.code]
            )


def _pages(rows: Iterable[Mapping[str, Any]], ended: str) -> Counter[str]:
    """How many pages of each form have such a row that holds."""
    held = {tuple(row[column] for column in PAGE) for row in rows if not row[ended]}
    return Counter(page[PAGE.index("FORM")] for page in held)


def show(result: DataQuality, view: View) -> Shown:
    """A summary; on the dashboards also a line for each form, and a tile."""
    summary = Table(OUTPUT.title, (T("项目", "Quantity"), T("数值", "Value")), tuple(_summary(result)), note=NOTE)
    if view is View.REPORT:
        return Shown(tables=(summary,))
    heads: tuple[Text, ...] = (T("表单", "Form"), *COUNTS.values())
    titles = {form.code: form.title for form in all_forms()}
    rows = tuple(
        Row(titles.get(each.form, each.form), (each.pages, *_shares(each), each.queries, each.open))
        for each in result.forms
    )
    by_form = Table(T("各表单的数据质量", "Data quality by form"), heads, rows)
    opened = result.total("open")
    note = T("其中超过{d}天 {n}", "{n} older than {d} days").format(d=LATE, n=result.overdue)
    tile = Tile(T("未答复的质疑", "Open queries"), (str(opened),), note=note)
    return Shown(tiles=(tile,) if view is View.POOLED else (), tables=(summary, by_form))


NOTE = T(
    "截至数据截止日；访视以窗口已结束者计。修改后失效的核查和签名不计。",
    "At the cut-off; a visit is due once its window has closed. A verification or signature that a later change ended"
    " does not count.",
)
COUNTS = {
    "pages": T("已提交页", "Pages"), "verified": T("已核查页", "Verified"), "signed": T("已签名页", "Signed"),
    "queries": T("质疑", "Queries"), "open": T("未答复", "Open"),
}  # fmt: skip


def _summary(result: DataQuality) -> Iterator[Row]:
    yield Row(T("已完成 / 应完成访视", "Visits done / due"), (_of(result.done, result.due),))
    pages = result.total("pages")
    yield Row(COUNTS["pages"], (pages,))
    for name in ("verified", "signed"):
        yield Row(COUNTS[name], (_of(result.total(name), pages),))
    yield Row(T("提出的质疑", "Queries raised"), (result.total("queries"),))
    yield Row(T("已答复待关闭", "Answered, not closed"), (result.answered,))
    ages = T("未答复：≤{a}天、{b}–{c}天、>{c}天", "Open: ≤ {a}, {b}–{c}, > {c} days")
    yield Row(ages.format(a=NEW, b=NEW + 1, c=LATE), (f"{result.new} / {result.late} / {result.overdue}",))


def _of(part: int, whole: int) -> str:
    return f"{part} / {whole} ({percent(part / whole, 0)}%)" if whole else f"{part} / {whole}"


def _shares(each: FormQuality) -> tuple[Share | int, ...]:
    counts = (each.verified, each.signed)
    return tuple(Share(n, percent(n / each.pages, 0)) if each.pages else n for n in counts)


def expected(result: DataQuality) -> Numbers:
    """Every count."""
    numbers = at("visits", {"due": result.due, "done": result.done})
    numbers |= at("all", {name: result.total(name) for name in COUNTS})
    numbers |= at("queries", {"answered": result.answered, "new": result.new, "late": result.late})
    numbers |= {"queries overdue": result.overdue}
    for each in result.forms:
        numbers |= at(each.form, {name: getattr(each, name) for name in COUNTS})
    return numbers


class _Places(Mapping[str, T]):
    """The words of the places; forms are registered after this module is imported."""

    def _words(self) -> dict[str, T]:
        own = {
            "visits": T("访视", "visits"), "due": T("应完成", "due"), "done": T("已完成", "done"),
            "answered": T("已答复", "answered"), "new": T("≤7天", "up to 7 days"), "late": T("8–30天", "8 to 30 days"),
            "overdue": T("超过30天", "over 30 days"),
        }  # fmt: skip
        return {form.code: form.title for form in all_forms()} | COUNTS | own

    def __getitem__(self, name: str) -> T:
        return self._words()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words())

    def __len__(self) -> int:
        return len(self._words())


OUTPUT = Output(
    code="data_quality",
    title=T("数据质量", "Data quality"),
    by_arm=False,
    result=DataQuality,
    compute=compute,
    show=show,
    expected=expected,
    places=_Places(),
)
