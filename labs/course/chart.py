"""The course of a participant as a chart: from records to rows of marks. Reads nothing itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from enrollment.codelists.history import NADRUG
from enrollment.protocol import value_of
from labs.course.records import Records, Result, Virus
from prtras.clinical.constants import HBSAG_LLOQ, HBVDNA_LLOQ
from prtras.crf.models import Participant
from prtras.crf.numbers import plain
from prtras.labels import T
from prtras.ui.charts import course as chart
from prtras.ui.charts.scales import month_ticks
from visits.casebook import Story
from visits.codelists.imaging import MRIOVR
from visits.codelists.treatment import PGSTAT
from visits.timeline import adverse_events

#: Adverse events that are drawn, the gravest.
EVENTS = 12
_CONCLUSIONS = {"NED": "good", "SUSP": "warn", "RECUR": "bad", "NE": "note"}
_SEROLOGY = (
    ("hbsag_res", T("HBsAg", "HBsAg")), ("hbeag_res", T("HBeAg", "HBeAg")), ("hbsab_res", T("抗-HBs", "Anti-HBs")),
)  # fmt: skip


def draw(participant: Participant, records: Records, story: Story, today: date) -> str:
    """The chart as SVG, from a month before the first sample, dose or scan; empty before there is any."""
    days = list(_days(records))
    if not days:
        return ""
    first, last = min(days) - timedelta(days=30), max([*days, min(today, max(days) + timedelta(days=60))])
    last += timedelta(days=21)
    drawn = chart.Course(
        first, last, today,
        month_ticks(first, last),
        list(_rows(records, story)), adverse_events(story, first, last, EVENTS),
        str(T("不良事件", "Adverse events")),
    )  # fmt: skip
    title = T("{n} 的病程", "Course of {n}").format(n=participant.number)
    desc = T(
        "治疗、HBV DNA、HBsAg、血清学、ALT、血小板、影像、不良事件；同样的数据见下表",
        "Treatment, HBV DNA, HBsAg, serology, ALT, platelets, imaging, adverse events; the same data are in the table",
    )
    return chart.course(drawn, title=str(title), desc=str(desc))


def _days(records: Records) -> Iterator[date]:
    for listed in (records.viruses, records.alt, records.platelets, records.doses, records.scans):
        yield from (each.day for each in listed)


def _rows(records: Records, story: Story) -> Iterator[chart.Track | chart.Row]:
    yield chart.Row(
        str(T("核苷(酸)类似物", "NA")),
        [chart.Span(r.start, r.end, str(NADRUG.text(r.drug)) if r.drug else "") for r in records.regimens],
    )
    if records.doses:
        yield chart.Row(str(T("干扰素剂量", "Peg-IFN doses")), marks=list(_dose_marks(records)))
    yield _load(records.viruses)
    yield _surface(records.viruses)
    for item, label in _SEROLOGY:
        yield chart.Row(str(label), marks=list(_reactions(records.viruses, item)))
    yield _enzyme(records.alt)
    yield _count(records.platelets)
    yield chart.Row(str(T("MRI", "MRI")), marks=list(_scans(records, story)))


def _dose_marks(records: Records) -> Iterator[chart.Mark]:
    full = int(value_of("pg_std_dose"))  # the height of a full mark
    for dose in records.doses:
        status = PGSTAT.text(dose.status) if dose.status else T("", "")
        hint = f"{dose.day} · {dose.micrograms} μg · {status}"
        tone = "good" if dose.micrograms >= full else "warn" if dose.micrograms else "bad"
        weight = dose.micrograms / full if dose.micrograms else 0.0
        yield chart.Mark(dose.day, tone, hint, weight=min(weight, 1.0))


def _load(samples: Sequence[Virus]) -> chart.Track:
    """HBV DNA in log10; the stretch below the limit of quantification is tinted."""
    limit = float(HBVDNA_LLOQ.value.log10())
    readings = [
        chart.Reading(s.day, float(s["hbvdna_log"]), f"{s.day} {s.visit}: {s['hbvdna_raw']} {s['hbvdna_u'] or ''}",
                      s["hbvdna_q"] != "QUANT")
        for s in samples if s["hbvdna_log"] is not None
    ]  # fmt: skip
    high = max([4.0, *(reading.value + 0.5 for reading in readings)])
    levels = [(limit, str(T("定量下限", "LLOQ"))), *((float(n), str(n)) for n in range(2, int(high) + 1, 2))]
    return chart.Track("HBV DNA", "log10 IU/mL", 0, high, readings, levels, (0, limit))


def _surface(samples: Sequence[Virus]) -> chart.Track:
    readings = [
        chart.Reading(s.day, float(s["hbsag_log"]), f"{s.day} {s.visit}: {s['hbsag_raw']} IU/mL",
                      s["hbsag_q"] != "QUANT")
        for s in samples if s["hbsag_log"] is not None
    ]  # fmt: skip
    high = max([4.0, *(reading.value + 0.3 for reading in readings)])
    low = -1.7
    cut = float(HBSAG_LLOQ.value.log10())
    levels = [(cut, plain(HBSAG_LLOQ.value)), *((float(n), str(n)) for n in range(0, int(high) + 1, 2))]
    return chart.Track(str(T("HBsAg定量", "HBsAg")), "log10 IU/mL", low, high, readings, levels, (low, cut))


def _reactions(samples: Iterable[Virus], item: str) -> Iterator[chart.Mark]:
    for sample in samples:
        if sample[item] in ("POS", "NEG"):
            sign = "+" if sample[item] == "POS" else "−"
            tone = "note" if sign == "+" else "good"
            if item == "hbsab_res":
                tone = "good" if sign == "+" else "note"
            yield chart.Mark(sample.day, tone, f"{sample.day} {sample.visit}: {sign}", sign)


def _enzyme(results: Sequence[Result]) -> chart.Track:
    """ALT in multiples of its upper limit: laboratories and sexes compare."""
    known = [each for each in results if each.upper]
    readings = [
        chart.Reading(
            each.day, float(each.value / (each.upper or 1)), _hint(each), bool(each.qualifier)
        )
        for each in known
    ]  # fmt: skip
    high = max([3.0, *(reading.value * 1.1 for reading in readings)])
    levels = [(1.0, "1"), *((n, f"{n:g}") for n in (3.0, 5.0, 10.0, 20.0) if n < high)]
    return chart.Track("ALT", str(T("ULN倍数", "x ULN")), 0, high, readings, levels, (0, 1))


def _count(results: Sequence[Result]) -> chart.Track:
    readings = [chart.Reading(each.day, float(each.value), _hint(each), bool(each.qualifier)) for each in results]
    high = max([300.0, *(reading.value * 1.05 for reading in readings)])
    levels = [(float(n), str(n)) for n in (50, 100, 200, 300) if n < high]
    return chart.Track(str(T("血小板", "Platelets")), "10⁹/L", 0, high, readings, levels)


def _hint(result: Result) -> str:
    graded = f" · G{result.grade}" if result.grade not in ("", "0") else ""
    limits = f" ({plain(result.lower)}–{plain(result.upper)})" if result.lower is not None and result.upper else ""
    return f"{result.day} {result.visit}: {result.text}{limits}{graded}"


def _scans(records: Records, story: Story) -> Iterator[chart.Mark]:
    for scan in records.scans:
        words = MRIOVR.text(scan.conclusion) if scan.conclusion else T("", "")
        yield chart.Mark(scan.day, _CONCLUSIONS.get(scan.conclusion, "note"), f"{scan.day} {scan.visit}: {words}")
    for day, words in ((story.recurrence, T("复发", "recurrence")), (story.died, T("死亡", "death"))):
        if day:
            yield chart.Mark(day, "bad", f"{day}: {words}", str(words))
