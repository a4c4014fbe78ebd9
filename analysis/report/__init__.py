"""The report of a run as PDF: the same outputs as on the dashboard by arm, in the order of the plan, and how they come.

It names no output: a new one stands where the plan has it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from analysis import plan_items
from analysis.interim_looks import plan_changed_after_a_look
from analysis.outputs.output import View
from analysis.report.chapters import CAUTIONS, RULES, SUMMARY, chapters
from analysis.report.methods import METHODS
from analysis.results import Results
from prtras.crf.study import protocol
from prtras.datacut.models import DataCut
from prtras.files import pdf


def render(
    results: Results, cut: DataCut, results_sha256: str, program: Mapping[str, Any] | None, language: str
) -> bytes:
    """The report of a run as PDF bytes in `zh-hans` or `en`; `program` is what computed it, if on record."""
    with override(language):
        shown = results.show(View.REPORT)
        context: dict[str, object] = {
            "study": protocol(),
            "plan": plan_items.version_of(program),
            "cut": cut,
            "entered": f"{timezone.localtime(cut.entered_until or cut.created_at):%Y-%m-%d %H:%M %Z}",
            "results_sha256": results_sha256,
            "program": program,
            "plan_changed": plan_changed_after_a_look(),
            "facts": shown.facts,
            "tiles": shown.tiles,
            "summary": SUMMARY,
            "chapters": chapters(results),
            "rules": RULES,
            "methods": METHODS,
            "cautions": CAUTIONS,
            "warnings": results.warnings(by_arm=True),
        }
        return pdf.render("analysis/report.html", context, language, tagged=True)
