"""What of a data cut leaves the house, and for whom: real numbers and dates, pseudonyms, or relative days. Pure.

Rules: HIPAA Safe Harbor (45 CFR 164.514(b)(2)) for what identifies; PHUSE De-Identification Standard for SDTM 3.2 for a
constant shift of a participant's dates; Personal Information Protection Law, article 73, for what remains personal.
Every format and every number of a bundle is made from what comes out here, so all say the same.
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from prtras.codelists import CodeList
from prtras.crf.items import Item
from prtras.crf.registry import all_forms
from prtras.datacut.snapshot import Row, Snapshot, Tables
from prtras.exports.columns import Column, columns_of
from prtras.labels import T

SITE, ANALYSIS, SHARE = "SITE", "ANALYSIS", "SHARE"
PROFILES = CodeList(
    "EXPORT_PROFILE",
    T("去标识化", "De-identification"),
    {
        ANALYSIS: T("统计分析：编号以代码代替，日期按受试者整体平移，不含自由文本",
                    "Analysis: codes for numbers, each participant's dates shifted as a whole, no free text"),
        SHARE: T("对外共享：每次另行编码，第0天统一为 2000-01-01，年龄分段，不含中心，小格隐去",
                 "Sharing: new codes each time, Day 0 on 2000-01-01, ages in bands, no site, small cells withheld"),
        SITE: T("本中心存档：真实受试者编号、日期和文本",
                "Archive of the site: real participant numbers, dates and texts"),
    },
)  # fmt: skip
#: Of texts only results, tests, units and links, by the beginning of their SDTM name, and only where they read as such;
#: every other text may say anything. A telephone number has eleven digits.
_RESULT = re.compile(
    r"(?!.*\d{11})(?:[-\d\s<>≤≥.,^*×+/()%↑↓⁰¹²³⁴-⁹eExXHL]|低于检测下限|检测下限|未检出|阴性|阳性|TND|IU/mL|copies/mL)*"
)
_CODE = re.compile(r"(?!.*\d{4})[\w^*/.%·-]{1,16}", re.ASCII)
READABLE_TEXTS = {
    "LB.LBORRESU": _CODE, "LB.LBTESTCD": _CODE, "LB.LBORRES": _RESULT, "MB.MBORRES": _RESULT, "TU.TULNKID": _CODE,
}  # fmt: skip
PLAIN_COLUMNS = frozenset({
    "VISIT", "FORM", "PLACE", "CHECKID", "STATE", "SCHEDULE", "ARMCD", "ROLE", "DICTVER",
    *(f"{level}{language}" for level in ("LLT", "PT", "HLT", "HLGT", "SOC") for language in ("ZH", "EN")),
})  # fmt: skip
DAY_0 = date(2000, 1, 1)
#: Days by which dates are shifted at most; ages above the highest are the highest; years of a band; people of a cell.
LONGEST_SHIFT, HIGHEST_AGE, BAND, FEWEST = 364, 90, 5, 5


@dataclass(frozen=True)
class Person:
    """What stands for a participant: a code, and the days that are added to their dates. `withheld`: age and sex."""

    code: str
    shift: timedelta
    withheld: bool = False


#: How many share sex, first year of the age band and arm, and whether age and sex are withheld from them.
Cell = tuple[str, str, str, int, bool]


@dataclass(frozen=True)
class Released:
    """The picture that leaves, and its cells."""

    picture: Snapshot
    cells: tuple[Cell, ...] = ()


def released(picture: Snapshot, profile: str, key: bytes, cutoff: date) -> Released:
    """The picture of a profile; itself for the site. `key` makes codes and shifts: the same key, the same bytes.

    Visits to come at the cut-off are left out, as they would look overdue in a shifted calendar.
    """
    if profile == SITE:
        return Released(picture)
    cells, withheld = _cells(picture.tables, profile)
    people = _people(picture.tables, profile, key, withheld)
    to_come, terms = _to_come(picture.tables, cutoff), _coded_terms(picture.tables)
    coded = {form.code: form.coded for form in all_forms() if form.coded}
    lines = {}
    for name in picture.lines:
        actions = {column: _action(each, column, profile) for column, each in columns_of(name).items()}
        rows = []
        for row in picture.tables[name]:
            if name == "visits" and _visit(row) in to_come:
                continue
            rows.append(_row(row, people[row["SUBJID"]], actions))
            if name in coded and (term := terms.get((name, *_page(row)))):
                rows[-1][coded[name]] = term
        rows.sort(key=lambda row: (row["SITEID"], row["SUBJID"]))  # the order of enrolment says who is who
        lines[name] = [json.dumps(row, ensure_ascii=False) for row in rows]
    return Released(replace(picture, lines=lines, moment=None), cells)


def _people(tables: Tables, profile: str, key: bytes, withheld: set[str]) -> dict[str, Person]:
    numbers = [row["SUBJID"] for row in tables["participants"]]
    length = next(n for n in range(6, 64) if len({_digest(key, "code", each)[:n] for each in numbers}) == len(numbers))
    shifts = _to_day_0(tables) if profile == SHARE else {}
    return {
        each: Person(f"P{_digest(key, 'code', each)[:length].upper()}", shifts.get(each) or _shift(key, each),
                     each in withheld)
        for each in numbers
    }  # fmt: skip


def _digest(key: bytes, what: str, number: str) -> str:
    return hmac.new(key, f"{what} {number}".encode(), hashlib.sha256).hexdigest()


def _shift(key: bytes, number: str) -> timedelta:
    return timedelta(days=-1 - int(_digest(key, "shift", number), 16) % LONGEST_SHIFT)


def _to_day_0(tables: Tables) -> dict[str, timedelta]:
    """From Day 0, or without one from the first day that is known of a participant, to the common one."""
    first: dict[str, str] = {}
    for name in tables:
        days = [column for column, each in columns_of(name).items() if each.kind == "date" and not _stays(each)]
        for row in tables[name]:
            for day in filter(None, (row[column] for column in days)):
                first[row["SUBJID"]] = min(first.get(row["SUBJID"], day), day)
    first |= {row["SUBJID"]: row["DAY0"] for row in tables["participants"] if row["DAY0"]}
    return {number: DAY_0 - date.fromisoformat(day) for number, day in first.items()}


def _cells(tables: Tables, profile: str) -> tuple[tuple[Cell, ...], set[str]]:
    """How many share sex, age band and arm; who is in a cell of too few, of which age and sex are withheld."""
    arms = {row["SUBJID"]: row["ARMCD"] or "" for row in tables["participants"]}
    cell_of = {number: ("", "", arm) for number, arm in arms.items()}
    for name in tables:
        sex, age = _item(name, "DM.SEX"), _item(name, "DM.AGE")
        for row in tables[name] if sex and age else ():
            band = "" if row[age] is None else str(_banded(row[age]))
            cell_of[row["SUBJID"]] = (row[sex] or "", band, arms[row["SUBJID"]])
    sizes = Counter(cell_of.values())
    small = {cell for cell, n in sizes.items() if n < FEWEST} if profile == SHARE else set()
    listed = tuple((*cell, n, cell in small) for cell, n in sorted(sizes.items()))
    return listed, {number for number, cell in cell_of.items() if cell in small}


def _item(table: str, sdtm: str) -> str:
    return next((name for name, each in columns_of(table).items() if isinstance(each, Item) and each.sdtm == sdtm), "")


def _coded_terms(tables: Tables) -> dict[tuple[Any, ...], str]:
    """The lowest level term, in English, of every text that a person coded, by its page."""
    return {(row["FORM"], *_page(row)): row["LLTEN"] for row in tables["codings"] if row["LLTEN"]}


def _page(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("SUBJID", "VISIT", "VISITSEQ", "REPEAT"))


def _visit(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("SUBJID", "VISIT", "VISITSEQ"))


def _to_come(tables: Tables, cutoff: date) -> set[tuple[Any, ...]]:
    """The visits whose window is not over, of which nothing is on record yet."""
    begun = {_visit(row) for name in tables if name not in ("visits", "participants") for row in tables[name]}
    undone = (row for row in tables["visits"] if not row["SVSTDTC"])
    return {_visit(row) for row in undone if (row["CLOSES"] or "") >= cutoff.isoformat()} - begun


Action = Callable[[Any, Person], Any]


def _action(column: Column | Item, name: str, profile: str) -> Action | None:
    """What becomes of a column's values; None: they stay in the house."""
    sdtm: str = column.sdtm if isinstance(column, Item) else ""
    dated: Action | None = DATES.get(column.kind)
    if name == "SUBJID" or sdtm == "DM.SUBJID":
        return lambda value, person: person.code
    if name == "SITEID":
        return (lambda value, person: "00") if profile == SHARE else _same
    if _stays(column):
        return None
    if sdtm in ("DM.AGE", "DM.SEX"):
        return _of_cell(sdtm, profile)
    if column.kind in ("text", "long"):
        if isinstance(column, Item):
            forms = [form for begin, form in READABLE_TEXTS.items() if sdtm.startswith(begin)]
            return _reading_as(forms[0]) if forms else None
        return _same if name in PLAIN_COLUMNS else None
    return dated or _same


def _stays(column: Column | Item) -> bool:
    """It names a person, or is a day that many share, which would say how far theirs were moved."""
    return isinstance(column, Item) and (column.identifies or column.shared)


def _of_cell(sdtm: str, profile: str) -> Action:
    def change(value: Any, person: Person) -> Any:
        if person.withheld:
            return None
        if sdtm == "DM.SEX":
            return value
        return _banded(value) if profile == SHARE else min(value, HIGHEST_AGE)

    return change


def _banded(age: int) -> int:
    """The first year of its band."""
    return min(age, HIGHEST_AGE) // BAND * BAND


def _reading_as(form: re.Pattern[str]) -> Action:
    return lambda value, person: value if form.fullmatch(value) else None


def _same(value: Any, person: Person) -> Any:
    return value


def _day(value: str, person: Person) -> str:
    return (date.fromisoformat(value) + person.shift).isoformat()


def _partial(value: str, person: Person) -> str:
    """As exact as it was: its middle is shifted."""
    middle = {4: "-07-01", 7: "-15"}.get(len(value), "")
    return _day(value + middle, person)[: len(value)]


def _moment(value: str, person: Person) -> str:
    """Only its day: many rows of one batch share a time, which would say whose dates were moved how far."""
    moved = datetime.fromisoformat(value) + person.shift
    return moved.replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


DATES: dict[str, Action] = {"date": _day, "partial": _partial, "datetime": _moment}


def _row(row: Row, person: Person, actions: Mapping[str, Action | None]) -> Row:
    changed = Row({name: row[name] for name in ("missing", "reported") if row[name]})
    for name, value in row.items():
        action = actions.get(name)
        new = action(value, person) if action is not None and value is not None else None
        if new is not None:
            changed[name] = new
    return changed
