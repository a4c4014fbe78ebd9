"""LI-RADS v2018 CT/MRI diagnostic category of an untreated observation.

Source: ACR CT/MRI LI-RADS v2018 CORE (read as stored copy:
https://ro.scribd.com/document/397143707/LI-RADS-CORE-2018); Elsayes 2019 doi:10.2147/JHC.S186239
(https://pmc.ncbi.nlm.nih.gov/articles/PMC6368120). Study document: LI-RADS v2018 by name (crf-spec D1).
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.inputs import YES_NO, MissingInput, Number, code, codes, number

TARGETOID = ("RIM_APHE", "PERIPH_WO", "DELAYED_CENTRAL", "TARGET_DWI", "TARGET_TP_HBP")
NONTARGETOID = ("INFILTRATIVE", "MARKED_DWI", "NECROSIS", "OTHER_NONHCC")
ANCILLARY_MALIGNANCY = (
    "CORONA",
    "DWI",
    "FATSPARE",
    "HBPHYPO",
    "IRONSPARE",
    "SUBTHR",
    "T2MILD",
    "TPHYPO",
    "US_VIS",
)
ANCILLARY_HCC = ("BLOOD", "FATINMASS", "MOSAIC", "NECAPS", "NODINNOD")
ANCILLARY_BENIGN = (
    "BLOODPOOL",
    "HBPISO",
    "IRONINMASS",
    "SIZERED",
    "STABLE2Y",
    "T2MARKED",
    "UNDISTVES",
)

# The diagnostic table: (APHE, least size in mm) -> category with 0, 1, 2 or more additional major features.
TABLE = {
    ("NONE", 0): ("LR-3", "LR-3", "LR-4"),
    ("NONE", 20): ("LR-3", "LR-4", "LR-4"),
    ("NONRIM", 0): ("LR-3", "LR-4", "LR-4"),
    ("NONRIM", 10): ("LR-3", "LR-5", "LR-5"),  # capsule alone: LR-4
    ("NONRIM", 20): ("LR-4", "LR-5", "LR-5"),
}
SCALE = ("LR-1", "LR-2", "LR-3", "LR-4", "LR-5")


@dataclass(frozen=True)
class Observation:
    """What the reader saw. Codes as on the MRI observation form; size in mm; None is not recorded.

    An unsure major feature is entered as absent.
    """

    path_proven: str | None = None
    nc: str | None = None
    tiv: str | None = None
    benign: str | None = None
    size_mm: Number | None = None
    aphe: str | None = None
    washout: str | None = None
    capsule: str | None = None
    tg: str | None = None
    lrm: Collection[str] | None = None
    afmal: Collection[str] | None = None
    afhcc: Collection[str] | None = None
    afben: Collection[str] | None = None


@dataclass(frozen=True)
class LiradsResult:
    """The category from major features, and after ancillary features."""

    base: str
    adjusted: str


def category(observation: Observation) -> LiradsResult:
    """The LI-RADS v2018 category: PATH, LR-NC, LR-TIV, LR-1 to LR-5 or LR-M.

    Each step needs only its own inputs. Raises BadInput and MissingInput.
    Source: ACR CT/MRI LI-RADS v2018 CORE (algorithm, diagnostic table, ancillary features).
    """
    _check(observation)
    base = _without_table(observation) or _by_table(observation)
    return LiradsResult(base, _adjusted(base, observation))


def _check(o: Observation) -> None:
    for field in ("path_proven", "nc", "tiv"):
        code(field, getattr(o, field), YES_NO)
    code("benign", o.benign, ("NONE", "PROB", "DEF"))
    number("size_mm", o.size_mm, at_least=1, at_most=300)
    code("aphe", o.aphe, ("NONE", "NONRIM", "RIM"))
    code("washout", o.washout, ("NONE", "NONPERIPH", "PERIPH"))
    code("capsule", o.capsule, YES_NO)
    code("tg", o.tg, YES_NO)
    codes("lrm", o.lrm, TARGETOID + NONTARGETOID)
    codes("afmal", o.afmal, ANCILLARY_MALIGNANCY)
    codes("afhcc", o.afhcc, ANCILLARY_HCC)
    codes("afben", o.afben, ANCILLARY_BENIGN)


def _without_table(o: Observation) -> str | None:
    """The category of an observation that never reaches the diagnostic table; first match wins."""
    steps = (
        ("path_proven", {"Y": "PATH"}),
        ("nc", {"Y": "LR-NC"}),
        ("tiv", {"Y": "LR-TIV"}),
        ("benign", {"DEF": "LR-1", "PROB": "LR-2"}),
    )
    for field, categories in steps:
        answer = getattr(o, field)
        if answer is None:
            raise MissingInput(field)
        if answer in categories:
            return categories[answer]
    return None


def _by_table(o: Observation) -> str:
    size_mm = number("size_mm", o.size_mm)
    if size_mm is None or o.aphe is None or o.washout is None or o.capsule is None or o.tg is None:
        raise MissingInput.among(size_mm=size_mm, aphe=o.aphe, washout=o.washout, capsule=o.capsule, tg=o.tg)
    lrm = set(o.lrm or ())
    if o.aphe == "RIM" or o.washout == "PERIPH" or lrm.intersection(TARGETOID):
        return "LR-M"
    category = _diagnostic_table(size_mm, o.aphe, o.washout == "NONPERIPH", o.capsule == "Y", o.tg == "Y")
    return "LR-M" if lrm and category != "LR-5" else category


def _diagnostic_table(size_mm: Decimal, aphe: str, washout: bool, capsule: bool, growth: bool) -> str:
    features = washout + capsule + growth
    least = max(mm for row, mm in TABLE if row == aphe and size_mm >= mm)
    if (aphe, least) == ("NONRIM", 10) and features == 1 and capsule:
        return "LR-4"
    return TABLE[aphe, least][min(features, 2)]


def _adjusted(base: str, o: Observation) -> str:
    """One category up for malignancy features (never above LR-4), one down for benign ones, not for both."""
    malignant, benign = bool(o.afmal or o.afhcc), bool(o.afben)
    if base not in SCALE or malignant == benign:
        return base
    place = SCALE.index(base)
    if benign:
        return SCALE[max(place - 1, 0)]
    return SCALE[max(place, min(place + 1, SCALE.index("LR-4")))]
