"""The items of the statistical analysis plan, and which tables and figures answer each. Pure but for the language.

The numbers in the sentences are those of `analysis.plan` and of the protocol's constants, so that the page cannot say
something else than what is computed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis import plan
from enrollment.protocol import value_of
from prtras.labels import T


@dataclass(frozen=True)
class Change:
    """A version of the plan: since when, and what it changed."""

    version: str
    on: date
    what: T


@dataclass(frozen=True)
class Item:
    """One item of the plan: its number, of whom, what it plans, by which rule, and the outputs that answer it."""

    number: str
    population: T
    title: T
    rule: T
    outputs: tuple[str, ...] = ()


#: Every version of the plan, oldest first.
CHANGES = (
    Change("1.0", date(2026, 11, 30), T("首版", "First version")),
    Change(
        "1.1",
        date(2026, 12, 1),
        T(
            "各条目注明人群；增加合并图表；仅知月份或年份的后续治疗不早于其间的确认复发；死亡、确认复发及不再需要的访视不计应查影像；"
            "按访视分组的模型取计划访视。",
            "Populations named; pooled figures; a therapy known to month or year begins no earlier than a confirmed"
            " recurrence in that time; no scan due after death, a confirmed recurrence or at a visit not needed;"
            " hazards grouped by the nominal visit.",
        ),
    ),
)
_FACTS = {
    "week": plan.READ_WEEK, "day": plan.READ_DAY, "planned": plan.PLANNED, "events": plan.EVENTS_NEEDED,
    "few": plan.FEWEST_EVENTS, "emergent": plan.EMERGENT_DAYS, "gap": value_of("missed_img_gap_days"),
    "hr": value_of("hr_expected"), "early": plan.LANDMARKS[0], "late": plan.LANDMARKS[1],
    "imputations": plan.IMPUTATIONS, "age": plan.AGE_CUT, "hbsag": plan.HBSAG_CUT, "early_days": plan.EARLY_DAYS,
    "reviewed": round(100 * plan.FEWEST_REVIEWED),
}  # fmt: skip


def _item(number: str, population: T, title: T, zh: str, en: str, *outputs: str) -> Item:
    return Item(number, population, title, T(zh, en).format(**_FACTS), outputs)


ALL = T("全部筛选者", "all screened")
ARM = T("已选择治疗组者", "all with a chosen arm")
FAS = T("全分析集", "full analysis set")
SAF = T("安全性集", "safety set")
OWN = T("各行所列人群", "as each line says")


#: By group, in the order of the plan.
GROUPS: tuple[tuple[T, tuple[Item, ...]], ...] = (
    (
        T("分析人群", "Populations"),
        (
            _item("P1", ALL, T("筛选、入组与分析集", "Screened, with an arm, analysed"),
                  "全部筛选者；已选择治疗组者；全分析集（FAS）：第0天后至少一次可评估影像。治疗组为选择，非随机。",
                  "All screened; all with a chosen arm; full analysis set (FAS): an evaluable scan after Day 0."
                  " The arm is chosen, not randomized.", "participants", "participant_flow", "accrual"),
            _item("P2", SAF, T("安全性集", "Safety set"),
                  "已选择治疗组者，按实际接受的治疗。", "All with a chosen arm, by the treatment received."),
            _item("P3", ARM, T("基线特征", "Baseline characteristics"),
                  "全部已选择治疗组者，按所选治疗组描述；列出缺失数与标准化差异，不作基线检验。",
                  "All with a chosen arm, by the arm chosen: what is missing is counted, standardised differences, no"
                  " baseline test.", "baseline"),
            _item("P4", OWN, T("符合方案集与实际治疗", "Per-protocol set, as treated"),
                  "符合方案集：全分析集中剔除有重要方案偏离且建议剔除者；按实际接受的治疗（换组后）：均为敏感性分析（S1）。",
                  "Per-protocol set: the full analysis set without those with an important deviation for which"
                  " exclusion is proposed. As treated: by the treatment received after a change. Both are sensitivity"
                  " analyses (S1)."),
        ),
    ),
    (
        T("主要终点：复发时间", "Primary endpoint: time to recurrence"),
        (
            _item("E1", FAS, T("累积复发率", "Cumulative recurrence"),
                  "自第0天至首次确认复发；未复发即死亡、新的抗肿瘤治疗前的末次可评估影像处删失。"
                  "以计划访视周作Kaplan–Meier估计，读取第{week}周，95% CI为log(-log)。",
                  "From Day 0 to the first confirmed recurrence; censored at the last evaluable scan before death"
                  " without recurrence or new anti-tumour therapy. Kaplan–Meier on nominal visit weeks, read at"
                  " week {week}, 95% CI log(-log).", "events", "recurrence_pooled", "follow_up"),
            _item("E2", FAS, T("治疗组比较", "Comparison of the arms"),
                  "Cox模型（年龄、BCLC分期、基线HBsAg；Efron法），并列倾向评分加权与未调整结果；"
                  "某组事件少于{few}例不显示风险比。预期风险比{hr}，需{events}例事件，计划{planned}人。",
                  "Cox model (age, BCLC stage, baseline HBsAg; Efron ties), beside it propensity score weights and the"
                  " unadjusted result; no hazard ratio with fewer than {few} events in an arm. Expected hazard ratio"
                  " {hr}, {events} events needed, {planned} participants planned.",
                  "hazard_ratios", "cox_model", "proportional_hazards"),
            _item("E3", FAS, T("加权分析与均衡", "Weights and balance"),
                  "以年龄、BCLC分期、基线HBsAg估计倾向评分；重叠权重为首选，并列稳定化IPTW、ATT权重与匹配权重，稳健方差；"
                  "标准化均数差以0.1为界。",
                  "Propensity score from age, BCLC stage and baseline HBsAg; overlap weights first, beside them"
                  " stabilised, ATT and matching weights, robust variance; standardised differences against 0.1.",
                  "recurrence_weighted", "balance"),
            _item("E4", FAS, T("各组曲线（未调整）", "Curves of each arm, unadjusted"),
                  "各治疗组的Kaplan–Meier曲线与发生率；仅在调整与加权结果之后列出，不用于比较。",
                  "Kaplan–Meier curves and rates of each arm; only after the adjusted and weighted results, and not for"
                  " comparison.", "recurrence_by_arm"),
            _item("E5", FAS, T("函数形式", "Functional form"),
                  "年龄与基线HBsAg各以3个自由度的自然三次样条检验线性；线性模型的鞅残差按五分位组汇总。",
                  "Age and baseline HBsAg, each a natural cubic spline with 3 degrees of freedom against a line;"
                  " martingale residuals of the line by fifths.", "functional_form"),
            _item("E6", FAS, T("复发模式", "Pattern of recurrence"),
                  "首次确认复发的时间（早期：第{early_days}天及以前）、部位、LI-RADS依据与数目；仅描述。",
                  "Of the first confirmed recurrence: when (early: to day {early_days}), where, LI-RADS evidence, how"
                  " many; description only.", "recurrence_pattern"),
        ),
    ),
    (
        T("次要分析与敏感性分析", "Secondary and sensitivity analyses"),
        (
            _item("S1", OWN, T("其他终点、实际日期与人群", "Other endpoints, actual dates, populations"),
                  "实际日期读取第{day}天；符合方案集与按实际接受的治疗；无复发生存、总生存（全部已选择治疗组者）；间隔超过{gap}天（连续缺失两次影像）前删失。",
                  "Actual dates read at day {day}; per-protocol set, as treated; recurrence-free and overall"
                  " survival in all with an arm;"
                  " censored before a gap of more than {gap} days (two missed scans).", "sensitivity"),
            _item("S2", ARM, T("竞争风险", "Competing risks"),
                  "未复发死亡为竞争事件：累积发生率、Gray检验、Fine–Gray模型。",
                  "Death without recurrence competes: cumulative incidence, Gray's test, Fine–Gray model.",
                  "competing_risks", "incidence_pooled"),
            _item("S3", FAS, T("治疗组之差", "Difference of the arms"),
                  "第{week}周累积复发率之差（Klein）与限制平均时间之差；仅与调整结果并列。",
                  "Difference at week {week} (Klein) and of restricted means; only beside an adjusted estimate.",
                  "contrasts"),
            _item("S4", FAS, T("其他调整模型", "Other adjusted models"),
                  "按BCLC分期分层的Cox模型与Log-rank检验；稳健（三明治）方差；自根治性治疗起计时、第0天起计入风险集的"
                  "左截断Cox模型与Log-rank检验；均与计划模型并列。",
                  "Cox model and log-rank test stratified by BCLC stage; robust (sandwich) variance; time from radical"
                  " treatment with delayed entry at Day 0, Cox and log-rank; all beside the planned model.",
                  "adjusted_models"),
            _item("S5", FAS, T("用药时间", "Timing of treatment"),
                  "按首次给予聚乙二醇干扰素的实际日期，均调整年龄、BCLC分期、基线HBsAg：第{early}周与第{late}周界标分析，"
                  "时依治疗；自第0天按是否曾用分组（永恒时间偏倚）仅作对照。",
                  "By the actual day of the first peginterferon dose, adjusted for age, BCLC stage and baseline HBsAg:"
                  " landmarks at weeks {early} and {late}, time-dependent treatment; ever treated from Day 0 (immortal"
                  " time bias) for contrast only.", "treatment_timing"),
            _item("S6", FAS, T("缺失的基线协变量", "Missing baseline covariates"),
                  "链式方程（预测均值匹配）{imputations}次，插补模型含治疗组、事件、累积风险与其余协变量；"
                  "按Rubin规则合并，与协变量齐全者并列。",
                  "{imputations} imputations by chained equations (predictive mean matching) with arm, event,"
                  " cumulative hazard and the other covariates; Rubin's rules; beside the complete cases.",
                  "imputation"),
            _item("S7", FAS, T("亚组与并列图", "Subgroups, side by side"),
                  "亚组：年龄（<{age}、≥{age}岁）、性别、BCLC分期（0、A）、基线HBsAg（<{hbsag}、≥{hbsag} IU/mL）；"
                  "交互以治疗组与亚组乘积项的Wald检验，亚组内不给p值。全部敏感性估计并列于一图。",
                  "Subgroups: age (< {age}, ≥ {age} years), sex, BCLC stage (0, A), baseline HBsAg (< {hbsag},"
                  " ≥ {hbsag} IU/mL); interaction by the Wald test of arm times level, no p-value within a level. All"
                  " sensitivity estimates side by side in one figure.", "subgroups", "forest"),
            _item("S8", FAS, T("区间删失与缺失影像", "Interval censoring and missed scans"),
                  "复发介于末次阴性与首次阳性影像之间：按访视分组的比例风险模型、区间删失Weibull模型、"
                  "Turnbull估计（第{day}天）、区间中点，与计划分析及连续缺失两次影像前删失并列。",
                  "Recurrence lies between the last negative and the first positive scan: proportional hazards grouped"
                  " by visit, Weibull model of the interval, Turnbull's estimate (day {day}), midpoint; beside the"
                  " planned analysis and censoring before two missed scans.", "interval_censored"),
            _item("S9", ARM, T("HBsAg消失", "HBsAg loss"),
                  "HBsAg确认消失（至少77天后再次阴性，其间无阳性），日期为首次阴性，否则在末次检测处删失；"
                  "死亡为竞争事件，读取第{week}周的累积发生率；另计功能性治愈、表面抗体阳转与再次阳性人数。",
                  "Confirmed HBsAg loss (negative again at least 77 days later, no positive between), dated at the"
                  " first negative, else censored at the last sample; death competes; cumulative incidence at week"
                  " {week}; counts of functional cure, anti-HBs and positive again.",
                  "hbsag_loss", "hbsag_loss_pooled"),
            _item("S10", ARM, T("病毒学应答", "Virological response"),
                  "第24、48、96、144周HBV DNA低于定量下限或未检出的比例；各访视HBsAg较基线变化的中位数与四分位数。"
                  "探索性：第24、48周该变化与截至采样日聚乙二醇干扰素累积剂量的Spearman相关。",
                  "HBV DNA below the limit or not detected at weeks 24, 48, 96 and 144; change of HBsAg from baseline"
                  " by visit, median and quartiles. Exploratory: Spearman's correlation of that change with the"
                  " cumulative dose of peginterferon up to the sample, at weeks 24 and 48.",
                  "virological_response", "virological_response_pooled", "dose_response"),
            _item("S11", FAS, T("盲法评审判定的终点", "Endpoint by blind review"),
                  "主要终点采用研究中心判定的确认复发；盲法评审（两次独立评审，不一致时裁定）判定的复发时间为敏感性分析，"
                  "至少{reviewed}%的受试者有最终结论时才分析。评审者间一致性：Cohen kappa。",
                  "The primary endpoint is the recurrence confirmed by the site; time to recurrence by blind review"
                  " (two independent readings, adjudication) is a sensitivity analysis, made once at least {reviewed}%"
                  " have a final verdict. Agreement of the readers: Cohen's kappa.", "endpoint_review"),
        ),
    ),
    (
        T("研究质量与安全性", "Conduct and safety"),
        (
            _item("Q1", ARM, T("影像依从性", "Imaging adherence"),
                  "截止日期前窗口已结束的计划影像：已查、窗内。",
                  "Planned scans whose window had closed by the cut-off date: done, in their window.",
                  "imaging", "imaging_matrix", "imaging_by_arm"),
            _item("Q2", SAF, T("不良事件与死亡", "Adverse events and deaths"),
                  "治疗期不良事件：首次给药（单药组第0天）至末次聚乙二醇干扰素后{emergent}天；死亡计全部。",
                  "Treatment-emergent: from the first dose (NA alone: Day 0) to {emergent} days after the last"
                  " peginterferon dose; every death counts.", "safety", "safety_pooled"),
            _item("Q3", ARM, T("设计监测", "Monitoring of the design"),
                  "两组合并的事件数、入组与预测。未计划期中分析：分组的条件把握度与序贯界值仅供参考，"
                  "仅依据调整后估计。",
                  "Events, accrual and projection of everybody together. No interim analysis is planned: conditional"
                  " power and sequential bounds by arm are information, from the adjusted estimate alone.",
                  "design_monitor", "conditional_power"),
            _item("Q4", ALL, T("数据质量", "Data quality"),
                  "截止日时的访视完成、已提交页、源数据核查、签名与质疑。",
                  "Visits done, pages, source verification, signatures and queries at the cut-off.", "data_quality"),
        ),
    ),
    (
        T("清单", "Listings"),
        (
            _item("L1", ARM, T("受试者清单", "Listings of participants"),
                  "复发、死亡、严重不良事件与未纳入主要分析者，仅以受试者编号列出。",
                  "Recurrences, deaths, serious adverse events and who is not in the primary analysis, by participant"
                  " number alone.", "listings"),
        ),
    ),
)  # fmt: skip


def items() -> list[Item]:
    """All items in the order of the plan."""
    return [item for _, group in GROUPS for item in group]


def answered_by(output: str) -> list[Item]:
    """The items that an output answers."""
    return [item for item in items() if output in item.outputs]


def numbers_of(output: str) -> str:
    """Their numbers, such as `P2, Q2`."""
    return ", ".join(item.number for item in answered_by(output))


def populations_of(output: str) -> T:
    """Of whom an output is, by the items that it answers."""
    texts = dict.fromkeys(item.population for item in answered_by(output))
    return T("，".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def version_of(program: Mapping[str, Any] | None) -> Change | None:
    """The version of the plan by which a program computed; None where it is not on record or not known here."""
    return next((each for each in CHANGES if program and each.version == program["plan"]), None)


def changed_after(looks: Collection[date]) -> Change | None:
    """The newest version of the plan, if it is younger than the first look at results by arm."""
    newest = CHANGES[-1]
    return newest if looks and newest.on > min(looks) else None
