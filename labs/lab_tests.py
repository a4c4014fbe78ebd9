"""What a column or item of a hospital file can hold: an analyte of a panel, or a result of virology. Pure."""

from dataclasses import dataclass
from functools import cache

from labs.panels import PANELS
from labs.panels.synonyms import SYNONYMS
from prtras.clinical.printed_number import LONGEST_NUMBER, folded
from prtras.labels import T


@dataclass(frozen=True)
class LabTest:
    """One thing that laboratories report, and where the casebook has it.

    On a panel the result stands in the row `code`. On the virology form the number or text goes to the item `quantity`,
    its unit to `unit_item`, and what is only positive or negative to `quality`; "" where the form has no such item.
    """

    code: str
    title: T
    form: str
    units: tuple[str, ...]
    synonyms: tuple[str, ...]
    loinc: str = ""
    quantity: str = ""
    quality: str = ""
    unit_item: str = ""

    @property
    def on_panel(self) -> bool:
        return self.form in PANELS

    @property
    def unit(self) -> str:
        """The unit in which the study keeps it; empty for what has none."""
        return self.units[0] if self.units else ""

    @property
    def items(self) -> tuple[str, ...]:
        """The places of the casebook that it fills."""
        return tuple(item for item in (self.quantity, self.unit_item, self.quality) if item)


def _hbv(code: str, zh: str, en: str, units: tuple[str, ...], **items: str) -> LabTest:
    return LabTest(code, T(zh, en), "lbviro", units, SYNONYMS[code], **items)


HEPATITIS_B = (
    _hbv("hbvdna", "HBV DNA", "HBV DNA", ("IU/mL", "copies/mL", "log10 IU/mL"), loinc="42595-9",
         quantity="hbvdna_raw", unit_item="hbvdna_u"),
    _hbv("hbsag", "HBsAg", "HBsAg", ("IU/mL",), loinc="63557-3", quantity="hbsag_raw", quality="hbsag_res"),
    _hbv("hbsab", "抗-HBs", "Anti-HBs", ("mIU/mL", "IU/L"), quantity="hbsab_val", quality="hbsab_res"),
    _hbv("hbeag", "HBeAg", "HBeAg", ("S/CO",), quantity="hbeag_val", quality="hbeag_res"),
    _hbv("hbvrna", "HBV RNA", "HBV RNA", ("copies/mL",), quantity="hbvrna"),
    _hbv("hbeab", "抗-HBe", "Anti-HBe", (), quality="hbeab_res"),
    _hbv("hbcab", "抗-HBc", "Anti-HBc", (), quality="hbcab_res"),
)  # fmt: skip

LAB_TESTS: dict[str, LabTest] = {
    analyte.code: LabTest(
        analyte.code, analyte.title, form, analyte.units, SYNONYMS.get(analyte.code, ()), analyte.loinc
    )
    for form, panel in PANELS.items()
    for analyte in panel
} | {lab_test.code: lab_test for lab_test in HEPATITIS_B}

#: The same unit in other letters, as analysers and hospitals print it.
UNIT_SPELLINGS = {
    "U/L": ("IU/L",), "mIU/L": ("mU/L",), "uIU/mL": ("uU/mL",), "U/mL": ("kU/L",), "s": ("sec", "秒"),
    "1": ("ratio", "INR", "R", "比值"), "10^9/L": ("G/L",), "10^12/L": ("T/L",),
}  # fmt: skip
#: What laboratories print where a result has no unit.
NO_UNIT = ("-", "--", "/", "—", "无")
#: The form's item that holds the day of the sample.
DAY_ITEM = {
    "lbhem": "hem_date", "lbchem": "chem_date", "lbcoag": "coag_date", "lbthy": "thy_date", "lbtm": "tm_date",
    "lbviro": "viro_date",
}  # fmt: skip


def unit_in(lab_test: LabTest, text: str) -> str | None:
    """The unit of a lab test that a text spells, if it is one of them."""
    return _units(lab_test.code).get(folded_unit(text)) if len(text) <= LONGEST_NUMBER else None


@cache
def _units(code: str) -> dict[str, str]:
    spellings = [(unit, unit) for unit in LAB_TESTS[code].units]
    spellings += [(other, unit) for unit in LAB_TESTS[code].units for other in UNIT_SPELLINGS.get(unit, ())]
    return {folded_unit(spelling): unit for spelling, unit in spellings}


def folded_unit(text: str) -> str:
    """One spelling of a unit: `×10⁹/L`, `10*9/L` and `10^9/l`; `μmol/L` and `umol/l`; `IU/ml` and `IU/mL`."""
    spelled = folded(text).replace(" ", "").replace("\N{GREEK CAPITAL LETTER MU}", "U")
    spelled = spelled.replace("拷贝", "COPIES").replace("COPY/", "COPIES/").replace("LOGIU", "LOG10IU")
    for power in ("9/", "12/", "3/", "6/"):
        for sign in ("X10^", "10X", "X10E", "10E", "X10X", "X10", "10"):
            if spelled.startswith(sign + power):
                return "10^" + spelled.removeprefix(sign)
    return spelled
