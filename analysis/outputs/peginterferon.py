"""When peginterferon was started, and time before and after it: what makes immortal time visible. Pure.

Source: crf-spec E4 (a dose counts when it was given); statistics rules, section 4.6 (simulated bias of "ever treated").
Days are actual ones with Day 0 as day 1, as AVAL has them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.endpoints import Contradiction, whole_day
from enrollment.deriving.doses import GIVEN

if TYPE_CHECKING:
    from analysis.endpoints import Tables


def with_start(rows: pd.DataFrame, tables: Tables, cutoff: date) -> pd.DataFrame:
    """The rows with START, the day of the first dose: infinite without a dose up to the cut-off, NaN where unknown."""
    starts = _starts(tables, cutoff)
    days = [_day(starts, str(who), str(day_0)) for who, day_0 in zip(rows["SUBJID"], rows["STARTDT"], strict=True)]
    return rows.assign(START=np.array(days, dtype=np.float64))


def _day(starts: dict[str, date | None], who: str, day_0: str) -> float:
    if who not in starts:
        return np.inf
    start = starts[who]
    return np.nan if start is None else float((start - date.fromisoformat(day_0)).days + 1)


def _starts(tables: Tables, cutoff: date) -> dict[str, date | None]:
    """The first day of a given dose by participant; None where doses were given and no day is known."""
    days: dict[str, list[date]] = defaultdict(list)
    given: set[str] = set()
    for dose in tables.get("pegifn", ()):
        if dose["pg_status"] in GIVEN:
            day = _whole(dose["pg_date"])
            if day is None or day <= cutoff:
                given.add(dose["SUBJID"])
                days[dose["SUBJID"]] += [] if day is None else [day]
    return {who: min(days[who], default=None) for who in given}


def _whole(text: Any) -> date | None:
    try:
        return whole_day(text, "pg_date")
    except Contradiction:
        return None


def ever_started(rows: pd.DataFrame) -> pd.DataFrame:
    """PEG is 1 in who had a first dose before the end of follow-up, from Day 0 on: the biased comparison."""
    return rows.assign(PEG=(rows["START"] < rows["AVAL"]).astype(float))


def from_landmark(rows: pd.DataFrame, week: int) -> pd.DataFrame:
    """Who is still at risk after the week; PEG is 1 with a first dose by then, SINCE are the days from then on."""
    day = 7 * week + 1
    after = rows[rows["AVAL"] > day]
    return after.assign(PEG=(after["START"] <= day).astype(float), SINCE=after["AVAL"] - day)


def gone_before(rows: pd.DataFrame, week: int) -> dict[str, int]:
    """Who is not at risk after the week, by why."""
    gone = rows[rows["AVAL"] <= 7 * week + 1]
    events = int(gone["EVENT"].sum())
    return {"event_before": events, "censored_before": len(gone) - events}


def by_time(rows: pd.DataFrame) -> pd.DataFrame:
    """The counting process: PEG is 0 on (0, START] and 1 on (START, AVAL], in columns SINCE and UNTIL."""
    started = rows["START"] < rows["AVAL"]
    waiting = rows["START"] > 0
    before = rows[waiting].assign(
        SINCE=0.0,
        UNTIL=np.minimum(rows["START"], rows["AVAL"])[waiting],
        PEG=0.0,
        EVENT=rows["EVENT"].where(~started, 0)[waiting],
    )
    after = rows[started].assign(
        SINCE=np.maximum(rows["START"], 0)[started], UNTIL=rows["AVAL"][started].astype(float), PEG=1.0
    )
    return pd.concat([before, after], ignore_index=True)
