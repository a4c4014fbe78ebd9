"""The statistical analysis plan as data. Source: study document; crf-spec section E; statistics rules 1-7."""

from dataclasses import dataclass

from analysis.survival.design import required_events
from enrollment.codelists.arm import ARM_BRIEF
from enrollment.protocol import value_of
from prtras.labels import T

#: The first visit with a follow-up scan.
FIRST_SCAN = "W12"
READ_WEEK = int(value_of("km_read_week"))
INTERIM_WEEK = 48
READ_DAY = int(value_of("km_read_days_sensitivity"))
#: Days after the last peginterferon dose in which an adverse event still counts as treatment-emergent.
EMERGENT_DAYS = int(value_of("teae_window_days"))
#: A recurrence is early up to this day after Day 0 (as day 1): two years of 365 days.
EARLY_DAYS = 730
PLANNED = int(value_of("n_planned"))
TICKS = tuple(range(0, READ_WEEK + 1, 24)) + ((READ_WEEK,) if READ_WEEK % 24 else ())
ALPHA = float(value_of("alpha"))
POWER = float(value_of("power"))
HAZARD_RATIO = float(value_of("hr_expected"))
EVENTS_NEEDED = required_events(HAZARD_RATIO, alpha=ALPHA, power=POWER)
#: A hazard ratio is not shown while an arm has fewer events (statistics rule 6).
FEWEST_EVENTS = 5
#: Missing baseline covariates are imputed so many times.
IMPUTATIONS = 20
#: Subgroups divide at these values: years, IU/mL.
AGE_CUT = 60
HBSAG_CUT = 1000
#: The weeks of the landmark analyses of peginterferon.
LANDMARKS = (12, 24)
#: An estimate for which fewer are at risk is marked (rule 6).
FEW_AT_RISK = 10
#: Of the participants analysed, the share that needs a verdict before the blind review is analysed by arm.
FEWEST_REVIEWED = 0.8

ARMS = ARM_BRIEF


@dataclass(frozen=True)
class Covariate:
    """One term of the Cox model: column, text, and the reference level of a category."""

    column: str
    text: T
    reference: str = ""


#: Study: group, age, BCLC stage, baseline HBsAg.
COVARIATES = (
    Covariate("ARMCD", T("治疗组：联合 对 单药", "Arm: NA + Peg-IFN vs NA"), "A1"),
    Covariate("AGE", T("年龄（每岁）", "Age (per year)")),
    Covariate("BCLC", T("BCLC分期：A 对 0", "BCLC stage: A vs 0"), "0"),
    Covariate("HBSAGLOG", T("基线HBsAg（每log10 IU/mL）", "Baseline HBsAg (per log10 IU/mL)")),
)


@dataclass(frozen=True)
class Subgroup:
    """A baseline variable and its two levels, the first one the reference of the interaction."""

    text: T
    levels: dict[str, T]


SUBGROUPS = {
    "AGE": Subgroup(
        T("年龄", "Age"),
        {
            "under": T("<{n}岁", "< {n} years").format(n=AGE_CUT),
            "over": T("≥{n}岁", "≥ {n} years").format(n=AGE_CUT),
        },
    ),
    "SEX": Subgroup(T("性别", "Sex"), {"M": T("男", "Male"), "F": T("女", "Female")}),
    "BCLC": Subgroup(T("BCLC分期", "BCLC stage"), {"0": T("0期", "0"), "A": T("A期", "A")}),
    "HBSAG": Subgroup(
        T("基线HBsAg", "Baseline HBsAg"),
        {
            "under": T("<{n} IU/mL", "< {n} IU/mL").format(n=HBSAG_CUT),
            "over": T("≥{n} IU/mL", "≥ {n} IU/mL").format(n=HBSAG_CUT),
        },
    ),
}

#: The endpoints of ADTTE, by their parameter.
ENDPOINTS = {
    "TTR": T("复发时间（主要终点）", "Time to recurrence (primary)"),
    "RFS": T("无复发生存", "Recurrence-free survival"),
    "OS": T("总生存", "Overall survival"),
    "TTRGAP": T("复发时间，连续缺失两次影像前删失", "Time to recurrence, censored before two missed scans"),
    "TTRRAD": T(
        "自根治性治疗起的复发时间（治疗日为第1天）",
        "Time to recurrence from radical treatment (its day is day 1)",
    ),
    "TTHBSL": T("至HBsAg确认消失时间", "Time to confirmed HBsAg loss"),
    "TTRBICR": T("复发时间，盲法评审判定", "Time to recurrence by blind review"),
}

REASONS = {
    "RECURRENCE": T("确认复发", "confirmed recurrence"),
    "DEATH": T("死亡", "death"),
    "NEWTX": T("开始新的抗肿瘤治疗", "new anti-tumour therapy"),
    "CUTOFF": T("数据截止", "data cut-off"),
    "LASTIMG": T("末次可评估影像", "last evaluable imaging"),
    "NOIMG": T(
        "在新治疗、死亡或数据截止前无基线后影像", "no imaging between baseline and new therapy, death or cut-off"
    ),
    "ALIVE": T("末次已知存活", "last known alive"),
    "HBSAGLOSS": T("HBsAg确认消失", "confirmed HBsAg loss"),
    "LASTHBS": T("末次HBsAg检测", "last HBsAg sample"),
    "MISSED2": T("连续缺失两次影像后", "after two missed scans"),
}
