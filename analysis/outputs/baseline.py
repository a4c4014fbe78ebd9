"""Demographics and baseline characteristics by arm, without tests. Pure but for the reader's language.

Source: crf-spec E1 (virology at W0, else at screening); CONSORT 2010 item 15 and STROBE item 14: no p-values, what is
missing is counted. The standardised difference says how far the arms, which are chosen, lie apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.endpoints import at_baseline
from analysis.outputs.characteristics import (
    Category,
    Characteristic,
    Quantity,
    Values,
    Variable,
    described,
    heads,
    numbers_of,
    places_of,
    rows,
)
from analysis.outputs.expectations import Numbers
from analysis.outputs.output import Output, Shown, Table, View
from analysis.survival.results import Result
from enrollment.codelists.common import BCLC, POSNEG
from enrollment.codelists.consent import SEX
from enrollment.codelists.disease import CPCLASS, TXTYPE
from enrollment.codelists.history import CIRRH
from enrollment.codelists.pathology import MVI
from prtras.codelists import CodeList
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

NUMBER_OF_TUMOURS = CodeList(
    "TUMOURS", T("肿瘤数目", "Number of tumours"), {"1": T("1", "1"), "2": T("2", "2"), "3+": T("≥3", "≥ 3")}
)
#: ng/mL; 20 is the usual upper limit of normal, 400 the diagnostic level of the Chinese guideline (2024).
AFP_LEVELS = (20, 400)
AFP = CodeList(
    "AFP", T("AFP水平", "AFP level"),
    {"<20": T("<20", "< 20"), "20-": T("20–<400", "20 to < 400"), "400-": T("≥400", "≥ 400")},
)  # fmt: skip
#: What is described, each with the form and the item that hold it; virology is that of the baseline.
SOURCES: tuple[tuple[Variable, str, str], ...] = (
    (Quantity("age", T("年龄（岁）", "Age, years")), "dm", "age_consent"),
    (Category("sex", T("性别", "Sex"), SEX), "dm", "sex"),
    (Category("bclc", T("BCLC分期", "BCLC stage"), BCLC), "hcc", "bclc_ent"),
    (Category("tumours", NUMBER_OF_TUMOURS.title, NUMBER_OF_TUMOURS), "hcc", "n_tumours"),
    (Quantity("size", T("最大肿瘤直径（mm）", "Largest tumour, mm")), "hcc", "largest_mm"),
    (Category("mvi", T("微血管侵犯（病理）", "Microvascular invasion (pathology)"), MVI), "path", "mvi"),
    (Category("treatment", T("根治性治疗方式", "Radical treatment"), TXTYPE), "radtx", "tx_type"),
    (Quantity("wait", T("根治性治疗至第0天（天）", "Radical treatment to Day 0, days")), "radtx", "days_to_w0"),
    (Category("cirrhosis", T("肝硬化", "Cirrhosis"), CIRRH), "hbvhx", "cirrhosis"),
    (Category("child", T("治疗前Child-Pugh分级", "Child-Pugh class before treatment"), CPCLASS), "hcc", "cp_pre"),
    (Quantity("afp", T("治疗前AFP（ng/mL）", "AFP before treatment, ng/mL"), skewed=True), "hcc", "pre_afp"),
    (Category("afp_level", T("治疗前AFP水平（ng/mL）", "AFP level before treatment, ng/mL"), AFP), "hcc", "pre_afp"),
    (Quantity("hbsag", T("HBsAg（log10 IU/mL）", "HBsAg, log10 IU/mL"), 2), "lbviro", "hbsag_log"),
    (Quantity("hbvdna", T("HBV DNA（log10 IU/mL）", "HBV DNA, log10 IU/mL"), 2), "lbviro", "hbvdna_log"),
    (Category("hbeag", T("HBeAg", "HBeAg"), POSNEG), "lbviro", "hbeag_res"),
)
VARIABLES = tuple(variable for variable, _, _ in SOURCES)


@dataclass(frozen=True)
class Baseline(Result):
    """The participants of each arm (everybody with an arm and a Day 0), and what they are like."""

    participants: dict[str, int]
    lines: tuple[Characteristic, ...]


def compute(data: AnalysisData) -> Baseline:
    """Describe everybody with a chosen arm."""
    arms = {each["SUBJID"]: each["ARMCD"] for each in data.tables["participants"] if each["ARMCD"] and each["DAY0"]}
    lines = [described(variable, _values(data.tables, variable.code, form, item), arms)
             for variable, form, item in SOURCES]  # fmt: skip
    return Baseline({arm: list(arms.values()).count(arm) for arm in plan.ARMS}, tuple(lines))


def _values(tables: Tables, code: str, form: str, item: str) -> Values:
    values = _of_the_baseline(tables, item) if form == "lbviro" else _first(tables.get(form, ()), item)
    grouping = GROUPINGS.get(code)
    return {each: grouping(value) for each, value in values.items() if value is not None} if grouping else values


def _first(records: Iterable[Mapping[str, Any]], item: str) -> dict[str, Any]:
    """The value of each participant on the first page of a form."""
    values: dict[str, Any] = {}
    for row in records:
        values.setdefault(row["SUBJID"], row[item])
    return values


def _of_the_baseline(tables: Tables, item: str) -> dict[str, Any]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in tables.get("lbviro", ()):
        grouped.setdefault(row["SUBJID"], []).append(row)
    return {each: at_baseline(records, item) for each, records in grouped.items()}


def _number_of_tumours(n: int) -> str:
    return str(n) if n < 3 else "3+"


def _afp_level(value: str) -> str:
    normal, diagnostic = AFP_LEVELS
    return "<20" if float(value) < normal else "20-" if float(value) < diagnostic else "400-"


#: How the values of a category that is no code of its form are grouped.
GROUPINGS: Mapping[str, Callable[[Any], str]] = {"tumours": _number_of_tumours, "afp_level": _afp_level}


def show(result: Baseline, _view: View) -> Shown:
    """A table."""
    columns = (T("特征", "Characteristic"), *heads(result.participants), T("|SMD|", "|SMD|"))
    note = T(
        "全部已选择治疗组者。均数（标准差）、中位数（四分位数）或n（%，以已知者为分母）。SMD：标准化差异；"
        "治疗组为选择而非随机，故不作基线检验。未列“缺失”者无缺失。HBsAg、HBV DNA、HBeAg为第0周，缺则筛选期。",
        "Everybody with a chosen arm. Mean (SD), median (quartiles) or n (% of those known). SMD: standardised"
        " difference; the arms are chosen, not randomized, and no baseline test is done. Where no line counts what is"
        " missing, nothing is. HBsAg, HBV DNA and HBeAg of week 0, else of screening.",
    )
    shown = tuple(rows(VARIABLES, result.lines, smd=True))
    return Shown(tables=(Table(OUTPUT.title, columns, shown, note=note),))


def expected(result: Baseline) -> Numbers:
    """The participants of each arm, and every line."""
    numbers: Numbers = {f"{arm} n": n for arm, n in result.participants.items()}
    for line in result.lines:
        numbers |= numbers_of(line)
    return numbers


OUTPUT = Output(
    code="baseline",
    title=T("人口学与基线特征（按所选治疗组）", "Demographics and baseline characteristics by arm"),
    by_arm=True,
    result=Baseline,
    compute=compute,
    show=show,
    expected=expected,
    places=places_of(VARIABLES),
)
