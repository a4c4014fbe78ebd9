"""What has to be settled before data are locked: the monitoring plan, coding and reconciliation.

The plan is the monitor's: what decides about consent, eligibility, arm and the endpoint is compared for everyone, the
rest for one participant in five. Source: monitoring plan version 1; ICH E6(R3) 3.11.4 (risk-proportionate monitoring).
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from prtras.coding.open_terms import to_code
from prtras.coding.releases import dictionary_in_force
from prtras.crf.models import CrfPage
from prtras.labels import T
from prtras.review.plan import Plan
from prtras.review.readiness import Measure
from visits.models import AdverseEvent, EndOfStudy

PLAN = Plan(
    version="1",
    seed="PRTRAS-001 monitoring 1",
    whole=frozenset({"consent", "reconsent", "ie", "radtx", "alloc", "recur", "death", "eos"}),
    items={
        "mri": ("mri_date", "mri_quality", "mri_overall"),
        "lbviro": ("hbvdna_raw", "hbsag_raw"),
        "ae": ("ae_term", "ae_start", "ae_grade", "ae_ser"),
    },
    percent=20,
)


def uncoded(pages: QuerySet[CrfPage]) -> QuerySet[CrfPage]:
    """Terms that are not coded by the release of MedDRA in force; without one, events whose preferred term is empty."""
    if dictionary := dictionary_in_force():
        return to_code(pages, dictionary)
    without = AdverseEvent.objects.filter(page=OuterRef("pk")).filter(Q(ae_pt="") | Q(ae_pt=None))
    return pages.filter(Exists(without), form="ae", state="submitted")


def unreconciled(pages: QuerySet[CrfPage]) -> QuerySet[CrfPage]:
    """Serious adverse events without the day of their report, and deaths that the end of study does not know of."""
    unreported = AdverseEvent.objects.filter(page=OuterRef("pk"), ae_ser="Y", ae_report=None)
    known = EndOfStudy.objects.filter(
        page__participant=OuterRef("participant"), page__state="submitted", eos_status="DEATH"
    )
    return pages.filter(Q(Exists(unreported), form="ae") | Q(~Exists(known), form="death"), state="submitted")


MEASURES = (
    Measure("uncoded", T("待编码", "to be coded"), uncoded),
    Measure("unreconciled", T("待一致性核对", "to be reconciled"), unreconciled),
)
