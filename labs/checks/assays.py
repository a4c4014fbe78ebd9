"""What the check language cannot say about the assay texts of the virology form."""

from labs.deriving.virology import other_limits
from prtras.clinical.constants import HBVDNA_LLOQ, HBVDNA_ULOQ
from prtras.clinical.printed_number import folded, is_ambiguous
from prtras.crf.checks import Finding
from prtras.crf.context import PageContext
from prtras.crf.numbers import plain
from prtras.crf.typed_values import AMBIGUOUS
from prtras.labels import T

LESS_SENSITIVE = T(
    "HBV DNA：该检测的定量下限为 {limit} IU/mL，方案要求 {lloq} IU/mL，请核实。",
    "HBV DNA: the lower limit of this assay is {limit} IU/mL; the study uses {lloq} IU/mL. Please check.",
)
LOWER_TOP = T(
    "HBV DNA：该检测的定量上限为 {limit} IU/mL，方案为 {uloq} IU/mL，请核实。",
    "HBV DNA: the upper limit of this assay is {limit} IU/mL; the study has {uloq} IU/mL. Please check.",
)


def examine_virology(context: PageContext) -> list[Finding]:
    """Both texts without an ambiguous comma; HBV DNA by an assay that measures as far as the study's."""
    findings = [
        Finding("RES", name, "", "hard", AMBIGUOUS.format(typed=typed))
        for name in ("hbvdna_raw", "hbsag_raw")
        if (typed := context.values.get(name)) and is_ambiguous(folded(typed))
    ]
    limits = other_limits(context.values.get("hbvdna_raw"), context.values.get("hbvdna_u"))
    if "lloq" in limits:
        text = LESS_SENSITIVE.format(limit=plain(limits["lloq"]), lloq=plain(HBVDNA_LLOQ.value))
        findings.append(Finding("LLOQ", "hbvdna_raw", "", "soft", text))
    if "uloq" in limits:
        text = LOWER_TOP.format(limit=plain(limits["uloq"]), uloq=plain(HBVDNA_ULOQ.value))
        findings.append(Finding("ULOQ", "hbvdna_raw", "", "soft", text))
    return findings
