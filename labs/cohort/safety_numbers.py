"""The numbers of the safety page, pooled or by treatment. Reads; a fixed number of statements, aggregated there.

Treatment-emergent is the rule of the analysis (`prtras.clinical.treatment_emergent`). Time at risk runs from Day 0 to
death, end of study or today. Limits of a rate are Garwood's (exact Poisson, 95 %).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, QuerySet

from enrollment.codelists.arm import COMBINATION
from enrollment.deriving.doses import GIVEN
from enrollment.models import ArmChoice
from enrollment.protocol import value_of
from labs.deriving.panels import BASELINE
from labs.models import LabResult, Virology
from labs.panels import ANALYTES
from prtras.accounts.models import User
from prtras.clinical.treatment_emergent import Window, is_emergent, window
from prtras.coding.open_terms import preferred_terms
from prtras.crf.access import participants_visible_to
from prtras.crf.models import CrfPage, Participant
from visits.models import AdverseEvent, Death, EndOfStudy, PegIfnDose

DAYS_PER_YEAR = 365.25
#: Multiples of the upper limits from which a peak is drug-induced injury until shown otherwise (Hy's law; FDA 2009).
ALT_LIMIT, BILIRUBIN_LIMIT = 3.0, 2.0
GRADES = ("0", "1", "2", "3", "4")


@dataclass
class TermLine:
    """One term: participants by worst grade, participants, events, and events per 100 participant-years with limits."""

    term: str
    worst: Counter[int] = field(default_factory=Counter)
    participants: int = 0
    events: int = 0
    rate: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Peak:
    """A participant's highest ALT and bilirubin after Day 0 in multiples of the upper limit; None without a result."""

    number: str
    alt: float | None
    bilirubin: float | None

    @property
    def quadrant(self) -> str:
        """`hy` for both over their limits, `alt`, `bilirubin`, or `` for neither."""
        alt, bilirubin = (self.alt or 0) > ALT_LIMIT, (self.bilirubin or 0) > BILIRUBIN_LIMIT
        return "hy" if alt and bilirubin else "alt" if alt else "bilirubin" if bilirubin else ""


@dataclass(frozen=True)
class Change:
    """A participant's change of HBsAg from baseline to the last sample, log10 IU/mL."""

    number: str
    change: float
    baseline: Decimal
    last: Decimal
    on: date


def followed(user: User, arm: str = "") -> QuerySet[Participant]:
    """The participants at the person's sites with a Day 0; those of an arm by the treatment that they really had."""
    people = participants_visible_to(user).filter(anchor__isnull=False)
    if not arm:
        return people
    treated = ArmChoice.objects.filter(page__state="submitted", arm_actual=arm)
    return people.filter(pk__in=treated.values("page__participant"))


def years_at_risk(user: User, today: date, arm: str = "") -> tuple[int, float]:
    """How many participants, and their time from Day 0 to death, end of study or today, in years."""
    people = dict(followed(user, arm).values_list("pk", "anchor"))
    ends: dict[int, date] = {}
    submitted = {"page__participant__in": followed(user, arm), "page__state": "submitted"}
    for model, item in ((Death, "dth_date"), (EndOfStudy, "eos_date")):
        for person, day in model.objects.filter(**submitted, **{f"{item}__isnull": False}).values_list(
            "page__participant", item
        ):
            ends[person] = min(day, ends.get(person, day))
    days = sum(max(0, (min(ends.get(person, today), today) - start).days) for person, start in people.items() if start)
    return len(people), days / DAYS_PER_YEAR


def events_by_term(user: User, years: float, arm: str = "") -> list[TermLine]:
    """Treatment-emergent events by preferred term (as reported where it is not coded), the most frequent first."""
    events = AdverseEvent.objects.filter(page__participant__in=followed(user, arm), page__state="submitted")
    coded = preferred_terms(events.values("page"))
    listed = events.select_related("page__participant").only(
        "ae_term", "ae_pt", "ae_start", "ae_grade", "ae_out", "ae_sdth", "page__participant", "page__state"
    )
    windows = _windows(user, arm)
    lines: dict[str, TermLine] = {}
    worst: dict[tuple[str, int], int] = defaultdict(int)
    for event in listed:
        if not is_emergent(str(event.ae_start or ""), windows[event.page.participant_id]):
            continue
        term = coded.get(event.page_id) or event.ae_pt or event.ae_term or "–"
        line = lines.setdefault(term, TermLine(term))
        line.events += 1
        key = term, event.page.participant_id
        worst[key] = max(worst[key], event.severity or 0)
    for (term, _), grade in worst.items():
        lines[term].participants += 1
        lines[term].worst[grade] += 1
    for line in lines.values():
        line.rate = rate_of(line.events, years)
    return sorted(lines.values(), key=lambda line: (-line.participants, -line.events, line.term))


def _windows(user: User, arm: str) -> dict[int, Window]:
    """From when to when an event is treatment-emergent, by participant, by the treatment that they really had."""
    people = followed(user, arm)
    of_them = {"page__participant__in": people, "page__state": "submitted"}
    doses: defaultdict[int, list[str]] = defaultdict(list)
    given = PegIfnDose.objects.filter(**of_them, pg_status__in=GIVEN, pg_date__isnull=False)
    for person, day in given.values_list("page__participant", "pg_date"):
        doses[person].append(day.isoformat())
    arms = {
        person: actual or chosen
        for person, actual, chosen in ArmChoice.objects.filter(**of_them).values_list(
            "page__participant", "arm_actual", "arm"
        )
    }
    days_after = int(value_of("teae_window_days"))
    return {
        person: window(
            anchor.isoformat(), doses[person], combination=arms.get(person) == COMBINATION, days_after=days_after
        )
        for person, anchor in people.values_list("pk", "anchor")
        if anchor is not None
    }


def rate_of(events: int, years: float) -> tuple[float, float, float] | None:
    """Events per 100 years with its exact 95 % limits; None without time at risk."""
    from scipy.stats import chi2  # its import takes a moment

    if years <= 0:
        return None
    low = chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = chi2.ppf(0.975, 2 * (events + 1)) / 2
    return 100 * events / years, 100 * float(low) / years, 100 * float(high) / years


def _results(user: User, analyte: str) -> QuerySet[LabResult]:
    return LabResult.objects.filter(
        page__participant__in=followed(user), page__state="submitted", void_reason="", analyte=analyte
    )


def _after_day_0(results: QuerySet[LabResult]) -> QuerySet[LabResult]:
    """Those of visits after baseline; not of an unscheduled one before Day 0."""
    later = results.exclude(page__visit__code__in=BASELINE)
    return later.exclude(page__visit__date__lte=F("page__participant__anchor"))


def shifts(user: User, analyte: str) -> dict[tuple[str, str], int]:
    """Participants by grade at baseline (W0, else screening; `` without one) and worst grade after it."""
    graded = _results(user, analyte).filter(toxgr__in=GRADES)
    before: dict[int, str] = {}
    for visit in reversed(BASELINE):
        at_visit = graded.filter(page__visit__code=visit)
        before |= dict(at_visit.values_list("page__participant").annotate(worst=Max("toxgr")))
    after = _after_day_0(graded)
    worst = dict(after.values_list("page__participant").annotate(worst=Max("toxgr")))
    return Counter((before.get(person, ""), grade) for person, grade in worst.items())


def graded_analytes() -> list[str]:
    """The analytes that the CTCAE grades."""
    return [code for code, analyte in ANALYTES.items() if analyte.terms]


def peaks(user: User) -> list[Peak]:
    """Each participant's peaks after baseline, the worst first."""
    highest_of: dict[str, dict[str, float]] = defaultdict(dict)
    for analyte in ("alt", "tbil"):
        after = _after_day_0(_results(user, analyte)).filter(stnrhi__gt=0, stresn__isnull=False)
        highest = after.values_list("page__participant__number").annotate(peak=Max(F("stresn") / F("stnrhi")))
        for number, peak in highest:
            highest_of[number][analyte] = float(peak)
    listed = [Peak(number, values.get("alt"), values.get("tbil")) for number, values in highest_of.items()]
    order = ("hy", "alt", "bilirubin", "")
    return sorted(listed, key=lambda peak: (order.index(peak.quadrant), -(peak.alt or 0), peak.number))


def hbsag_changes(user: User) -> list[Change]:
    """The change of HBsAg of everyone with a baseline and a later quantity, the largest decline first."""
    pages = CrfPage.objects.filter(participant__in=followed(user), form="lbviro", state="submitted")
    samples = Virology.objects.filter(page__in=pages, hbsag_log__isnull=False, viro_date__isnull=False).order_by(
        "page__participant__number", "viro_date"
    )
    by_person: dict[str, list[tuple[str, date, Decimal]]] = defaultdict(list)
    for number, visit, day, log in samples.values_list(
        "page__participant__number", "page__visit__code", "viro_date", "hbsag_log"
    ):
        by_person[number].append((visit, day, log))
    changes = [_change(number, listed) for number, listed in by_person.items()]
    return sorted((c for c in changes if c is not None), key=lambda change: (change.change, change.number))


def _change(number: str, samples: Sequence[tuple[str, date, Decimal]]) -> Change | None:
    base = next((s for code in BASELINE for s in samples if s[0] == code), None)
    if base is None:
        return None
    _, on, last = samples[-1]
    if on <= base[1]:
        return None
    return Change(number, float(last - base[2]), base[2], last, on)
