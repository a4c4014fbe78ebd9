"""LI-RADS v2018 treatment response (LR-TR) category of a treated observation.

Source: ACR CT/MRI LI-RADS v2018 CORE (read as stored copy:
https://ro.scribd.com/document/397143707/LI-RADS-CORE-2018); Elsayes 2019 doi:10.2147/JHC.S186239
(https://pmc.ncbi.nlm.nih.gov/articles/PMC6368120); the contradiction check is a project rule.
"""

from prtras.clinical.inputs import YES_NO, BadInput, MissingInput, code


def category(
    *,
    tr_eval: str | None,
    tr_pattern: str | None,
    tr_morph: str | None,
    tr_aphe: str | None,
    tr_wo: str | None,
    tr_sim: str | None,
) -> str:
    """LR-TR-NE, LR-TR-NV, LR-TR-EQ or LR-TR-V.

    tr_morph: nodular, mass-like or thick irregular tissue; tr_aphe, tr_wo, tr_sim: its APHE, washout,
    enhancement similar to pretreatment. Raises MissingInput, and BadInput (also "tr_pattern" when no or
    expected enhancement is contradicted by viable tissue).
    Source: ACR CT/MRI LI-RADS v2018 CORE, treatment response algorithm.
    """
    code("tr_eval", tr_eval, YES_NO)
    code("tr_pattern", tr_pattern, ("NOENH", "EXPECTED", "OTHER"))
    signs = {"tr_aphe": tr_aphe, "tr_wo": tr_wo, "tr_sim": tr_sim}
    for field, answer in {"tr_morph": tr_morph, **signs}.items():
        code(field, answer, YES_NO)
    viable = tr_morph == "Y" and "Y" in signs.values()
    if tr_eval == "N":
        return "LR-TR-NE"
    if viable and tr_pattern in ("NOENH", "EXPECTED"):
        raise BadInput("tr_pattern")
    if tr_eval is None:
        raise MissingInput("tr_eval")
    if tr_pattern is None:
        raise MissingInput("tr_pattern")
    if tr_pattern != "OTHER":
        return "LR-TR-NV"
    if tr_morph is None:
        raise MissingInput("tr_morph")
    if viable:
        return "LR-TR-V"
    if tr_morph == "Y" and None in signs.values():
        raise MissingInput.among(**signs)
    return "LR-TR-EQ"
