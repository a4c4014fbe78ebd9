"""The course as a table: a line per visit's day, the same values as the chart. Reads nothing itself."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from enrollment.codelists.common import POSNEG
from labs.course.records import Records, Result
from prtras.crf.numbers import plain
from prtras.labels import T
from visits.codelists.imaging import MRIOVR

COLUMNS = (
    T("日期", "Date"), T("访视", "Visit"), T("HBV DNA", "HBV DNA"), T("HBV DNA log10", "HBV DNA log10"),
    T("HBsAg (IU/mL)", "HBsAg (IU/mL)"), T("HBsAg log10", "HBsAg log10"), T("HBsAg定性", "HBsAg qualitative"),
    T("HBeAg", "HBeAg"), T("抗-HBs (mIU/mL)", "Anti-HBs (mIU/mL)"), T("ALT", "ALT"), T("ALT × ULN", "ALT x ULN"),
    T("血小板", "Platelets"), T("干扰素 (μg)", "Peg-IFN (μg)"), T("影像结论", "Imaging"),
)  # fmt: skip


def lines(records: Records) -> Iterator[tuple[str, ...]]:
    """The lines in the order of days, cells in the active language; an empty cell where nothing was recorded."""
    by_day: dict[date, dict[str, str]] = defaultdict(dict)
    for sample in records.viruses:
        by_day[sample.day] |= {
            "visit": sample.visit,
            "dna": f"{sample['hbvdna_raw'] or ''} {sample['hbvdna_u'] or ''}".strip() if sample["hbvdna_raw"] else "",
            "dna log": _plain(sample["hbvdna_log"]), "hbsag": sample["hbsag_raw"] or "",
            "hbsag log": _plain(sample["hbsag_log"]), "hbsag sign": _sign(sample["hbsag_res"]),
            "hbeag": _sign(sample["hbeag_res"]), "hbsab": f"{sample['hbsab_q'] or ''}{_plain(sample['hbsab_val'])}",
        }  # fmt: skip
    for result in records.alt:
        times = f"{result.value / result.upper:.1f}" if result.upper else ""
        by_day[result.day] |= _of(result, "alt") | {"times": times}
    for result in records.platelets:
        by_day[result.day] |= _of(result, "plt")
    for dose in records.doses:
        by_day[dose.day] |= {"dose": str(dose.micrograms)}
    for scan in records.scans:
        conclusion = str(MRIOVR.text(scan.conclusion)) if scan.conclusion else ""
        by_day[scan.day] |= {"visit": scan.visit, "scan": conclusion}
    keys = ("visit", "dna", "dna log", "hbsag", "hbsag log", "hbsag sign", "hbeag", "hbsab", "alt", "times", "plt",
            "dose", "scan")  # fmt: skip
    for day in sorted(by_day):
        yield (day.isoformat(), *(by_day[day].get(key, "") for key in keys))


def _of(result: Result, key: str) -> dict[str, str]:
    return {"visit": result.visit, key: result.text}


def _plain(value: Any) -> str:
    return "" if value is None else plain(value)


def _sign(code: str | None) -> str:
    return str(POSNEG.text(code)) if code else ""
