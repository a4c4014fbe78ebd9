"""Laboratory panels: which analytes, in which unit, with which limits.

Source: forms lbhem and lbchem of the CRF specification 0.1.

Reference ranges are fallbacks (Chinese adults) until the laboratory's own table is entered.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.crf.items import Need, Range
from prtras.labels import T


@dataclass(frozen=True)
class Analyte:
    """One laboratory test: its standard unit, other units with their factor to it, limits in the standard unit.

    `hard` refuses, `soft` asks; `reference` ranges by sex or for `all`; `ctcae` names the CTCAE v5.0 grading rule.
    """

    code: str
    title: T
    unit: str
    other_units: dict[str, Decimal]
    need: Need
    hard: Range
    soft: Range
    reference: dict[str, Range]
    lbtestcd: str
    loinc: str
    ctcae: str

    @property
    def units(self) -> tuple[str, ...]:
        return (self.unit, *self.other_units)

    def factor(self, unit: str) -> Decimal:
        """What a value in `unit` is multiplied by to be in the standard unit. Raises KeyError for a foreign unit."""
        return Decimal(1) if unit == self.unit else self.other_units[unit]

    def range_for(self, sex: str | None) -> Range | None:
        """The fallback reference range."""
        return self.reference.get("all") or self.reference.get(sex or "")


HAEMATOLOGY = (
    Analyte(
        "wbc",
        T("白细胞计数", "White blood cells"),
        "10^9/L",
        {"10^3/uL": Decimal("1"), "/uL": Decimal("0.001")},
        "required",
        Range.of("0.05", "300"),
        Range.of("1.0", "20"),
        {"all": Range.of("3.5", "9.5")},
        "WBC",
        "6690-2",
        "WBC",
    ),
    Analyte(
        "neut",
        T("中性粒细胞绝对值", "Neutrophils, absolute"),
        "10^9/L",
        {"10^3/uL": Decimal("1"), "/uL": Decimal("0.001")},
        "required",
        Range.of("0", "150"),
        Range.of("0.5", "12"),
        {"all": Range.of("1.8", "6.3")},
        "NEUT",
        "751-8",
        "NEUT",
    ),
    Analyte(
        "neutp",
        T("中性粒细胞百分比", "Neutrophils, %"),
        "%",
        {},
        "optional",
        Range.of("0", "100"),
        Range.of("20", "90"),
        {"all": Range.of("40", "75")},
        "NEUTLE",
        "770-8",
        "",
    ),
    Analyte(
        "lym",
        T("淋巴细胞绝对值", "Lymphocytes, absolute"),
        "10^9/L",
        {"10^3/uL": Decimal("1"), "/uL": Decimal("0.001")},
        "expected",
        Range.of("0", "150"),
        Range.of("0.3", "6"),
        {"all": Range.of("1.1", "3.2")},
        "LYM",
        "731-0",
        "LYM",
    ),
    Analyte(
        "mono",
        T("单核细胞绝对值", "Monocytes, absolute"),
        "10^9/L",
        {"10^3/uL": Decimal("1"), "/uL": Decimal("0.001")},
        "optional",
        Range.of("0", "50"),
        Range.of("0", "2"),
        {"all": Range.of("0.1", "0.6")},
        "MONO",
        "742-7",
        "",
    ),
    Analyte(
        "eos",
        T("嗜酸性粒细胞绝对值", "Eosinophils, absolute"),
        "10^9/L",
        {"10^3/uL": Decimal("1"), "/uL": Decimal("0.001")},
        "optional",
        Range.of("0", "50"),
        Range.of("0", "2"),
        {"all": Range.of("0.02", "0.52")},
        "EOS",
        "711-2",
        "",
    ),
    Analyte(
        "rbc",
        T("红细胞计数", "Red blood cells"),
        "10^12/L",
        {"10^6/uL": Decimal("1")},
        "optional",
        Range.of("0.5", "10"),
        Range.of("2", "7"),
        {"M": Range.of("4.3", "5.8"), "F": Range.of("3.8", "5.1")},
        "RBC",
        "789-8",
        "",
    ),
    Analyte(
        "hgb",
        T("血红蛋白", "Haemoglobin"),
        "g/L",
        {"g/dL": Decimal("10"), "mmol/L": Decimal("16.114")},
        "required",
        Range.of("20", "260"),
        Range.of("70", "190"),
        {"M": Range.of("130", "175"), "F": Range.of("115", "150")},
        "HGB",
        "718-7",
        "HGB",
    ),
    Analyte(
        "plt",
        T("血小板计数", "Platelets"),
        "10^9/L",
        {"10^3/uL": Decimal("1"), "/uL": Decimal("0.001")},
        "required",
        Range.of("1", "2000"),
        Range.of("40", "450"),
        {"all": Range.of("125", "350")},
        "PLAT",
        "777-3",
        "PLT",
    ),
)

BIOCHEMISTRY = (
    Analyte(
        "alt",
        T("丙氨酸氨基转移酶(ALT)", "Alanine aminotransferase"),
        "U/L",
        {"ukat/L": Decimal("60")},
        "required",
        Range.of("0", "20000"),
        Range.of("3", "400"),
        {"M": Range.of("9", "50"), "F": Range.of("7", "40")},
        "ALT",
        "1742-6",
        "ALT",
    ),
    Analyte(
        "ast",
        T("天冬氨酸氨基转移酶(AST)", "Aspartate aminotransferase"),
        "U/L",
        {"ukat/L": Decimal("60")},
        "required",
        Range.of("0", "20000"),
        Range.of("5", "400"),
        {"M": Range.of("15", "40"), "F": Range.of("13", "35")},
        "AST",
        "1920-8",
        "AST",
    ),
    Analyte(
        "ggt",
        T("γ-谷氨酰转移酶(GGT)", "Gamma-glutamyl transferase"),
        "U/L",
        {"ukat/L": Decimal("60")},
        "expected",
        Range.of("0", "10000"),
        Range.of("5", "600"),
        {"M": Range.of("10", "60"), "F": Range.of("7", "45")},
        "GGT",
        "2324-2",
        "GGT",
    ),
    Analyte(
        "alp",
        T("碱性磷酸酶(ALP)", "Alkaline phosphatase"),
        "U/L",
        {"ukat/L": Decimal("60")},
        "expected",
        Range.of("0", "10000"),
        Range.of("20", "500"),
        {"M": Range.of("45", "125"), "F": Range.of("35", "135")},
        "ALP",
        "6768-6",
        "ALP",
    ),
    Analyte(
        "tbil",
        T("总胆红素(TBil)", "Total bilirubin"),
        "umol/L",
        {"mg/dL": Decimal("17.1")},
        "required",
        Range.of("0", "1000"),
        Range.of("2", "60"),
        {"M": Range.of("0", "26"), "F": Range.of("0", "21")},
        "BILI",
        "14631-6",
        "TBIL",
    ),
    Analyte(
        "dbil",
        T("直接胆红素(DBil)", "Direct bilirubin"),
        "umol/L",
        {"mg/dL": Decimal("17.1")},
        "optional",
        Range.of("0", "900"),
        Range.of("0", "40"),
        {"all": Range.of("0", "8")},
        "BILDIR",
        "14629-0",
        "",
    ),
    Analyte(
        "tp",
        T("总蛋白(TP)", "Total protein"),
        "g/L",
        {"g/dL": Decimal("10")},
        "optional",
        Range.of("20", "150"),
        Range.of("50", "95"),
        {"all": Range.of("65", "85")},
        "PROT",
        "2885-2",
        "",
    ),
    Analyte(
        "alb",
        T("白蛋白(ALB)", "Albumin"),
        "g/L",
        {"g/dL": Decimal("10")},
        "required",
        Range.of("10", "80"),
        Range.of("28", "55"),
        {"all": Range.of("40", "55")},
        "ALB",
        "1751-7",
        "ALB",
    ),
    Analyte(
        "creat",
        T("肌酐(Cr)", "Creatinine"),
        "umol/L",
        {"mg/dL": Decimal("88.4")},
        "required",
        Range.of("10", "2000"),
        Range.of("30", "180"),
        {"M": Range.of("57", "97"), "F": Range.of("41", "73")},
        "CREAT",
        "14682-9",
        "CREAT",
    ),
    Analyte(
        "urea",
        T("尿素(Urea)", "Urea"),
        "mmol/L",
        {"mg/dL(BUN)": Decimal("0.357")},
        "optional",
        Range.of("0.2", "100"),
        Range.of("1.5", "15"),
        {"all": Range.of("2.6", "9.5")},
        "UREA",
        "22664-7",
        "",
    ),
    Analyte(
        "urate",
        T("尿酸(UA)", "Uric acid"),
        "umol/L",
        {"mg/dL": Decimal("59.48")},
        "optional",
        Range.of("20", "2000"),
        Range.of("100", "700"),
        {"M": Range.of("208", "428"), "F": Range.of("155", "357")},
        "URATE",
        "14933-6",
        "",
    ),
    Analyte(
        "gluc",
        T("血糖(GLU)", "Glucose"),
        "mmol/L",
        {"mg/dL": Decimal("0.0555")},
        "expected",
        Range.of("0.5", "80"),
        Range.of("3.0", "16"),
        {"all": Range.of("3.9", "6.1")},
        "GLUC",
        "14749-6",
        "GLUC_LOW",
    ),
    Analyte(
        "k",
        T("钾(K)", "Potassium"),
        "mmol/L",
        {"mEq/L": Decimal("1")},
        "optional",
        Range.of("1.0", "10"),
        Range.of("3.0", "6.0"),
        {"all": Range.of("3.5", "5.3")},
        "K",
        "2823-3",
        "K_LOW",
    ),
    Analyte(
        "na_",
        T("钠(Na)", "Sodium"),
        "mmol/L",
        {"mEq/L": Decimal("1")},
        "optional",
        Range.of("90", "190"),
        Range.of("125", "155"),
        {"all": Range.of("137", "147")},
        "SODIUM",
        "2951-2",
        "NA_LOW",
    ),
    Analyte(
        "phos",
        T("无机磷(P)", "Phosphate"),
        "mmol/L",
        {"mg/dL": Decimal("0.3229")},
        "optional",
        Range.of("0.1", "6"),
        Range.of("0.5", "2.0"),
        {"all": Range.of("0.85", "1.51")},
        "PHOS",
        "14879-1",
        "",
    ),
    Analyte(
        "trig",
        T("甘油三酯(TG)", "Triglycerides"),
        "mmol/L",
        {"mg/dL": Decimal("0.01129")},
        "optional",
        Range.of("0.05", "50"),
        Range.of("0.3", "6"),
        {"all": Range.of("0", "1.7")},
        "TRIG",
        "14927-8",
        "",
    ),
    Analyte(
        "ck",
        T("肌酸激酶(CK)", "Creatine kinase"),
        "U/L",
        {"ukat/L": Decimal("60")},
        "optional",
        Range.of("0", "100000"),
        Range.of("10", "1000"),
        {"M": Range.of("50", "310"), "F": Range.of("40", "200")},
        "CK",
        "2157-6",
        "",
    ),
)


PANELS = {"lbhem": HAEMATOLOGY, "lbchem": BIOCHEMISTRY}
ANALYTES = {analyte.code: analyte for panel in PANELS.values() for analyte in panel}
