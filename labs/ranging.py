"""Act: take over a laboratory's table of normal ranges from a file, whole or not at all."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from labs.files.refusals import Problem
from labs.files.tables import Table
from labs.measures import MEASURES, unit_in
from labs.models import NormalRange
from labs.panels import ANALYTES, PANELS
from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.crf.items import DateItem, DecimalItem
from prtras.crf.models import Participant, assign_changed
from prtras.crf.planning import lock
from prtras.crf.registry import form_of
from prtras.crf.typed_values import Unreadable, value_of
from prtras.entry.rederiving import renew_rows
from prtras.jobs.scheduling import defer
from prtras.labels import T

#: What the worker does after a new table.
RENEWAL = "renew_results"
COLUMNS = ("analyte", "sex", "unit", "low", "high", "valid_from")
LACKS = T("缺少列“{column}”。", "Column “{column}” is missing.")
UNKNOWN = T("检验项目“{value}”不存在。", "Analyte “{value}” does not exist.")
SEX = T("性别应为 M、F 或留空。", "Sex must be M, F or empty.")
UNIT = T("单位“{value}”不适用，可用：{units}。", "“{value}” is not a unit of this analyte; use {units}.")
REVERSED = T("下限应低于上限。", "The lower limit is not below the upper one.")
NO_LIMIT = T("上限与下限至少填写一项。", "Enter at least one limit.")
NO_DAY = T("请填写生效日期。", "Enter the date from which this range applies.")
TWICE = T("该行在文件中重复。", "This line appears twice in the file.")
_NUMBER, _DAY = DecimalItem("", "", places=4), DateItem("", "")


class RangesRefused(Exception):
    """The file was not taken; nothing was written."""

    def __init__(self, wrong: list[Problem]) -> None:
        super().__init__(f"{len(wrong)} problems")
        self.wrong = wrong


def load_ranges(site: Site, table: Table, *, user: User) -> int:
    """Lay the lines of a file over the site's table: new ones are added, those of the same day put right. How many.

    Raises RangesRefused with every problem of the file.
    """
    lacking = [Problem(1, column, "", LACKS.format(column=column)) for column in COLUMNS if column not in table.columns]
    if lacking:
        raise RangesRefused(lacking)
    with acting(user, source="normal ranges"):
        there = {(r.analyte, r.sex, r.valid_from): r for r in NormalRange.objects.filter(site=site)}
        fresh: dict[tuple[str, str, date], NormalRange] = {}
        wrong: list[Problem] = []
        for line, cells in table.rows:
            limits_read = _line(line, cells, site)
            if isinstance(limits_read, list):
                wrong += limits_read
                continue
            key = (limits_read.analyte, limits_read.sex, limits_read.valid_from)
            if key in fresh:
                wrong.append(Problem(line, "analyte", limits_read.analyte, TWICE))
            else:
                fresh[key] = limits_read
        if wrong:
            raise RangesRefused(wrong)
        NormalRange.objects.bulk_create(limits_read for key, limits_read in fresh.items() if key not in there)
        new = sum(key not in there for key in fresh)
        for key, limits_read in fresh.items():
            limits = {"unit": limits_read.unit, "low": limits_read.low, "high": limits_read.high}
            if key in there and (names := assign_changed(there[key], limits)):
                there[key].save(update_fields=names)
                new += 1
        defer(RENEWAL, site.pk, user.pk)
    return new


def renew_results(site: Site, *, user: User) -> int:
    """Flag and grade the stored results of a site by its table as it is now; one act per participant. Pages changed."""
    changed = 0
    for participant in Participant.objects.filter(site=site).order_by("number"):
        with acting(user, source="normal ranges"):
            lock(participant)
            changed += sum(len(renew_rows(form_of(form), participant.pk)) for form in PANELS)
    return changed


def _line(line: int, cells: Mapping[str, str], site: Site) -> NormalRange | list[Problem]:
    """A line as it will be stored, or what is wrong with it."""
    typed = {column: (cells.get(column) or "").strip() for column in COLUMNS}
    values: dict[str, Any] = {}
    wrong: list[Problem] = []
    for column, item in (("low", _NUMBER), ("high", _NUMBER), ("valid_from", _DAY)):
        try:
            values[column] = value_of(item, [typed[column]])
        except Unreadable as unreadable:
            wrong.append(Problem(line, column, typed[column], unreadable.text))
    wrong += [Problem(line, column, typed[column], text) for column, text in _refused(typed, values)]
    if wrong:
        return wrong
    analyte = ANALYTES[typed["analyte"].lower()]
    unit = unit_in(MEASURES[analyte.code], typed["unit"])
    assert unit is not None  # refused above
    return NormalRange(site=site, analyte=analyte.code, sex=typed["sex"].upper(), unit=unit, **values)


def _refused(typed: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[tuple[str, T]]:
    analyte = ANALYTES.get(typed["analyte"].lower())
    if analyte is None:
        yield "analyte", UNKNOWN.format(value=typed["analyte"])
    elif unit_in(MEASURES[analyte.code], typed["unit"]) is None:
        yield "unit", UNIT.format(value=typed["unit"], units=", ".join(analyte.units))
    if typed["sex"].upper() not in ("", "M", "F"):
        yield "sex", SEX
    if not typed["valid_from"]:
        yield "valid_from", NO_DAY
    low, high = values.get("low"), values.get("high")
    if not (typed["low"] or typed["high"]):
        yield "low", NO_LIMIT
    elif isinstance(low, Decimal) and isinstance(high, Decimal) and low >= high:
        yield "low", REVERSED
