"""How one participant counts in the analysis, and why: the rows of the endpoints in words. Reads; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from analysis import plan
from analysis.endpoints import PARAMETERS, adtte
from analysis.models import AnalysisRun
from analysis.outputs.participants import EXCLUDED, caution_text, why_unscanned
from prtras.crf.dates import PartialDate
from prtras.crf.models import Participant, Visit
from prtras.crf.records import Stored, source_of
from prtras.crf.registry import form_of
from prtras.crf.schedule import SCHEDULE
from prtras.datacut.cutting import reopen
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Row
from prtras.labels import T

#: The forms that the endpoints look at, and the tables of a cut that are of no form.
OF_NO_FORM = ("participants", "visits", "blind_rounds", "blind_readings")
FORMS = ("mri", "recur", "death", "subtx", "dm", "hcc", "radtx", "lbviro", "eos")


@dataclass(frozen=True)
class Counted:
    """One endpoint: until when the participant counts, as what, and by which record; `excluded` says why not."""

    title: T
    event: bool
    excluded: T | None
    day: str
    days: int
    week: int
    reason: T
    source: T
    page: str
    last_negative: str


@dataclass(frozen=True)
class Baseline:
    """What the adjusted model and the weights know of the participant; None is missing."""

    age: Any
    bclc: Any
    hbsag: float | None

    @property
    def complete(self) -> bool:
        """Only who has all of them is in the adjusted model."""
        return None not in (self.age, self.bclc, self.hbsag)


def counted(participant: Participant, run: AnalysisRun | None = None) -> tuple[list[Counted], Baseline | None, list[T]]:
    """The endpoints, the covariates, and what is uncertain: as of today, or of a finished run
    by its data cut. Raises DamagedFile where that cannot be read.
    """
    if run is not None and run.cut is not None:
        tables, cutoff = tables_in(run.cut, participant.number), run.cutoff
    else:
        tables, cutoff = tables_of(participant), timezone.localdate()
    rows, cautions = adtte(tables, cutoff)
    why = EXCLUDED[why_unscanned(tables, cutoff)(participant.number)]
    lines = [_line(row, why) for row in rows]
    baseline = Baseline(rows[0]["AGE"], rows[0]["BCLC"], rows[0]["HBSAGLOG"]) if rows else None
    return lines, baseline, [caution_text(caution) for caution in cautions]


def tables_in(cut: DataCut, number: str) -> dict[str, list[Row]]:
    """The tables of one participant as a data cut has them; its rows name no pages."""
    tables = reopen(cut).tables
    return {
        name: [row for row in tables[name] if row["SUBJID"] == number]
        for name in tables
        if name in (*FORMS, *OF_NO_FORM)
    }


def tables_of(participant: Participant) -> dict[str, list[Row]]:
    """The tables of one participant as a data cut has them, from what is submitted now; each row names its page."""
    who = {"SITEID": participant.site.code, "SUBJID": participant.number}
    day_0 = participant.anchor.isoformat() if participant.anchor else None
    source = source_of(participant.pk)
    tables = {form: [Row(who | _row(stored)) for stored in source(form)] for form in FORMS}
    visits = Visit.objects.filter(participant=participant).values_list("code", "sequence", "date", "closes")
    tables["participants"] = [Row(who | {"STATE": participant.state, "ARMCD": participant.arm, "DAY0": day_0})]
    tables["visits"] = [
        Row(who | {"VISIT": code, "VISITSEQ": sequence, "SVSTDTC": _plain(day), "CLOSES": _plain(closes)})
        for code, sequence, day, closes in visits
    ]
    return tables


def _row(stored: Stored) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in stored.values.items()}
    return values | {"VISIT": stored.visit, "VISITSEQ": stored.sequence, "PAGE": stored.page}


def _plain(value: Any) -> Any:
    """Days as a cut has them."""
    if isinstance(value, date):
        return value.isoformat()
    return value.text if isinstance(value, PartialDate) else value


def _line(row: Mapping[str, Any], why: T) -> Counted:
    parameter, event = row["PARAMCD"], row["CNSR"] == 0
    return Counted(
        title=plan.ENDPOINTS[parameter],
        event=event,
        excluded=None if PARAMETERS[parameter].population == "ALL" or row["FASFL"] == "Y" else why,
        day=row["ADT"],
        days=row["AVAL"],
        week=row["NOMWEEK"],
        reason=plan.REASONS[row["EVNTDESC"]],
        source=_source(row["SRCDOM"], row["SRCVAR"], row["SRCVISIT"]),
        page=row["SRCPAGE"],
        last_negative=row["LASTNEG"] or "",
    )


def _source(form: str, item: str, visit: str) -> T:
    """The record that decides, in words."""
    if form == "participants":
        return T("第0天", "Day 0")
    if form == "visits":
        return T("{visit}访视日期", "date of {visit}").format(visit=SCHEDULE.brief(visit))
    declared = form_of(form)
    text = T("{form}：{item}", "{form}: {item}").format(form=declared.brief, item=declared.items[item].label)
    return T("{text}（{visit}）", "{text} ({visit})").format(text=text, visit=SCHEDULE.brief(visit)) if visit else text
