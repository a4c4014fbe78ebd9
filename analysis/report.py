"""The nightly report as PDF: the same outputs as on the dashboard by arm."""

from django.utils import timezone
from django.utils.translation import override

from analysis.looks import plan_changed_after_a_look
from analysis.outputs.output import View
from analysis.results import Results
from prtras.datacut.models import DataCut
from prtras.files import pdf


def render(results: Results, cut: DataCut, results_sha256: str, language: str) -> bytes:
    """The report of a run as PDF bytes in `zh-hans` or `en`."""
    with override(language):
        context = {
            "shown": results.show(View.REPORT),
            "warnings": results.warnings(by_arm=True),
            "cut": cut,
            "plan_changed": plan_changed_after_a_look(),
            "results_sha256": results_sha256,
            "printed": timezone.localtime(cut.created_at).strftime("%Y-%m-%d %H:%M %Z"),
        }
        return pdf.render("analysis/report.html", context, language)
