"""Rules and formulas of the analysis as the report's appendix prints them, with their sources. Pure.

The numbers in the sentences are those of `analysis.plan` and of the protocol's constants.
"""

from dataclasses import dataclass

from analysis import plan
from enrollment.protocol import value_of
from prtras.labels import T


@dataclass(frozen=True)
class Method:
    """One rule: what it is about, how it goes, and where it comes from."""

    title: T
    text: T
    source: str


_FACTS = {
    "week": plan.READ_WEEK, "day": plan.READ_DAY, "few": plan.FEWEST_EVENTS, "risk": plan.FEW_AT_RISK,
    "emergent": plan.EMERGENT_DAYS, "gap": value_of("missed_img_gap_days"), "early": plan.EARLY_DAYS,
}  # fmt: skip


def _method(zh: str, en: str, source: str, zh_text: str, en_text: str) -> Method:
    return Method(T(zh, en), T(zh_text, en_text).format(**_FACTS), source)


METHODS = (
    _method(
        "时间起点与时间尺度", "Origin and scale of time", "CRF specification 0.1, E1–E6",
        "第0天为选择治疗组之日，两组相同，故无永恒时间偏倚。时间以整日计，第0天为第1天。主要分析以计划访视周计：事"
        "件或删失落在决定它的影像检查所属计划访视的周；无计划访视的日子归入最近的访视，等距时归入较早者。",
        "Day 0 is the day on which the arm is chosen, in both arms alike, so that no immortal time arises. Time is"
        " in whole days with Day 0 as day 1. The primary analysis counts in nominal visit weeks: an event or a"
        " censoring falls on the week of the planned visit whose scan decides it; another day belongs to the"
        " nearest visit, a tie to the earlier one.",
    ),
    _method(
        "事件与删失", "Events and censoring",
        "CRF specification 0.1, E2, E3; FDA 2007, Clinical trial endpoints, App. 3",
        "事件为首次确认复发，以首次诊断性证据之日计。无事件者删失于末次可评估影像；未复发即死亡者、开始新的抗肿瘤治"
        "疗者删失于此前末次可评估影像；第0天后无影像者删失于第1天且不属全分析集。无复发生存中死亡亦为事件。敏感性分"
        "析：间隔超过{gap}天（连续缺失两次影像）后的事件删失于间隔之前。仅知年月的死亡日期取可能的最早日期，但不早"
        "于末次已知存活日期，并列为提示。",
        "The event is the first confirmed recurrence, dated by the first diagnostic evidence. Without one, censored"
        " at the last evaluable scan; who dies without recurrence or starts a new anti-tumour therapy at the last"
        " evaluable scan before; who has no scan after Day 0 on day 1, and outside the full analysis set. In"
        " recurrence-free survival death is an event too. Sensitivity: an event after a gap of more than {gap} days"
        " (two missed scans) is censored before the gap. A date of death known to month or year counts as the"
        " earliest day that it may be, not before the last day known alive, and is a caution.",
    ),
    _method(
        "累积复发率", "Cumulative recurrence", "Kaplan & Meier, JASA 1958;53:457; Kalbfleisch & Prentice 2002, 1.4.1",
        "1 − S(t)，S(t) = ∏(1 − d/n)；方差用Greenwood公式，95%置信限按log(−log S)变换。读取第{week}周（敏感性分析："
        "实际日期第{day}天）。风险人数为时间≥t者；少于{risk}人处标以†；超过末次随访者无法估计（NE），曲线不作外推。",
        "1 − S(t) with S(t) = Π(1 − d/n); Greenwood's variance, 95% limits on the log(−log S) scale. Read at week"
        " {week} (sensitivity: actual dates, day {day}). At risk: time ≥ t; marked † where fewer than {risk}."
        " Beyond the last follow-up it is not estimable (NE): no curve is carried on.",
    ),
    _method(
        "中位时间、限制平均时间与随访", "Median, restricted mean and follow-up",
        "Klein & Moeschberger 2003, 4.5; Schemper & Smith, Control Clin Trials 1996;17:343",
        "中位数为S(t)首次低于0.5之时，恰为0.5的平台取其中点；限制平均时间为S(t)至第{week}周的曲线下面积，中位随访用"
        "反向Kaplan–Meier估计。",
        "The median is where S(t) first falls below 0.5, the middle of a plateau at exactly 0.5; the restricted"
        " mean is the area under S(t) to week {week}; median follow-up by reverse Kaplan–Meier.",
    ),
    _method(
        "Log-rank检验", "Log-rank test", "Mantel, Cancer Chemother Rep 1966;50:163",
        "双侧，超几何方差；仅与调整或加权结果并列。",
        "Two-sided, hypergeometric variance; only beside an adjusted or a weighted estimate.",
    ),
    _method(
        "Cox模型与结", "Cox model and ties", "Cox, JRSS B 1972;34:187; Efron, JASA 1977;72:557",
        "协变量：年龄、BCLC分期、基线HBsAg；结用Efron法；Wald置信限。某一水平事件少于{few}例时不显示风险比（NE）。"
        "协变量缺失者不进入模型，其人数列为提示；不作插补。",
        "Covariates: age, BCLC stage, baseline HBsAg; Efron's method for ties; Wald limits. No hazard ratio (NE)"
        " with fewer than {few} events at a level. Who lacks a covariate is not in the model, and how many is a"
        " caution; nothing is imputed.",
    ),
    _method(
        "比例风险检验", "Test of proportional hazards", "Grambsch & Therneau, Biometrika 1994;81:515",
        "得分检验，时间变换为km、秩、恒等与对数；各协变量与全局。",
        "Score test with time transformed by km, rank, identity and log; each covariate and global.",
    ),
    _method(
        "倾向评分权重", "Propensity score weights",
        "Li, Morgan & Zaslavsky, JASA 2018;113:390; Robins et al., Epidemiology 2000;11:550; Lin & Wei, JASA"
        " 1989;84:1074",
        "e为由logistic模型（年龄、BCLC分期、基线HBsAg）估计的选择联合组的概率。重叠权重：联合组1 − e，单药组e；稳定"
        "化IPTW：本组比例/选择本组的概率，另于第1与第99百分位截尾；ATT：联合组1，单药组e/(1 − e)。加权Cox模型用稳健"
        "方差，加权曲线用无穷小刀切法标准误。有效样本量为(Σw)²/Σw²。",
        "e is the probability of choosing the combination by a logistic model (age, BCLC stage, baseline HBsAg)."
        " Overlap weights: 1 − e in the combination arm, e in the other; stabilised IPTW: share of the own arm over"
        " the probability of the own arm, also truncated at percentiles 1 and 99; ATT: 1 and e/(1 − e). Robust"
        " variance of the weighted Cox model, infinitesimal jackknife for the weighted curves. Effective sample"
        " size (Σw)²/Σw².",
    ),
    _method(
        "标准化差异与均衡", "Standardised differences and balance",
        "Austin, Stat Med 2009;28:3083; Yang & Dalton, SAS Global Forum 2012, 335; Austin & Stuart, Stat Med"
        " 2015;34:3661",
        "定量：均数之差/√[(s₁² + s₂²)/2]；分类：√(Δᵀ S⁻¹ Δ)，Δ为各水平（除一个外）比例之差，S为两组多项分布协方差的"
        "均值；以已知者计算，缺失不作为水平。四分位数为R的第7型。加权前后的均衡以未加权标准差为分母。",
        "Quantities: difference of means over √[(s₁² + s₂²)/2]; categories: √(Δᵀ S⁻¹ Δ), where Δ are the"
        " differences of the shares of all levels but one and S is the mean of the multinomial covariances of the"
        " arms; of those known, missing is no level. Quartiles are R's type 7. Balance before and after weighting"
        " has the unweighted standard deviation as its denominator.",
    ),
    _method(
        "E值", "E-value", "VanderWeele & Ding, Ann Intern Med 2017;167:268",
        "结局常见：RR = (1 − 0.5^√HR)/(1 − 0.5^√(1/HR))，E = RR + √[RR(RR − 1)]，RR < 1时取其倒数；对点估计和较近1"
        "的置信限计算。未测混杂须与治疗组和复发均有至少如此强的联系，才能解释掉该结果。",
        "Common outcome: RR = (1 − 0.5^√HR)/(1 − 0.5^√(1/HR)), E = RR + √[RR(RR − 1)], with 1/RR for RR < 1; of the"
        " point estimate and of the limit nearer to 1. An unmeasured confounder had to be associated at least so"
        " strongly with both arm and recurrence to explain the estimate away.",
    ),
    _method(
        "竞争风险", "Competing risks",
        "Aalen & Johansen, Scand J Stat 1978;5:141; Gray, Ann Stat 1988;16:1141; Fine & Gray, JASA 1999;94:496",
        "未复发死亡为竞争事件：累积发生率用Aalen–Johansen估计，无穷小刀切法标准误，log(−log)置信限；组间用Gray检"
        "验；亚分布风险比用Fine–Gray模型。",
        "Death without recurrence competes: cumulative incidence by Aalen–Johansen with infinitesimal jackknife"
        " errors and log(−log) limits; arms by Gray's test; subdistribution hazard ratios by the Fine–Gray model.",
    ),
    _method(
        "治疗组之差", "Difference of the arms",
        "Klein et al., Stat Med 2007;26:4505; Royston & Parmar, BMC Med Res Methodol 2013;13:152",
        "第{week}周累积复发率之差的检验用log(−log)变换；限制平均时间之差用Wald检验。均未调整。",
        "The difference at week {week} is tested on the log(−log) scale; that of the restricted means by Wald's"
        " test. Both unadjusted.",
    ),
    _method(
        "设计监测与条件把握度", "Design monitor and conditional power",
        "Lan & Wittes, Biometrics 1988;44:579; Lan & DeMets, Biometrika 1983;70:659; Bagiella & Heitjan, Stat Med"
        " 2001;20:2055",
        "预测由两组合并数据模拟。条件把握度以调整后Wald统计量的B值计算；序贯界值仅供参考，未计划期中分析。",
        "The projection is simulated from both arms together. Conditional power follows from the B-value of the"
        " adjusted Wald statistic; the sequential bounds are information, no interim analysis is planned.",
    ),
    _method(
        "安全性与清单", "Safety and listings", "CRF specification 0.1, E4, E9; CTCAE 5.0; ICH E3, 16.2",
        "按实际接受的治疗。治疗期不良事件自首次给药（单药组第0天）至末次聚乙二醇干扰素后{emergent}天；死亡计全部；"
        "致死者为5级。复发早期为第{early}天及以前。清单仅以受试者编号列出，取自同一数据快照。",
        "By the treatment received. Treatment-emergent from the first dose (NA alone: Day 0) to {emergent} days"
        " after the last peginterferon dose; every death counts; what is fatal is grade 5. A recurrence is early to"
        " day {early}. Listings name participants by number alone and come from the same data cut.",
    ),
    _method(
        "复核", "Recalculation", "R 4 (survival); numpy; lifelines",
        "统计数据包内两个独立程序（R与Python）仅凭CSV文件重新推导终点，并重新计算本报告除模拟预测与条件把握度外的每"
        "一个数；夜间运行另以lifelines复核主要分析。",
        "Two programs of the statistician's bundle, in R and in Python, derive the endpoints again from the CSV"
        " files alone and compute every number of this report but the simulated projection and conditional power;"
        " the night run also compares the primary analysis with lifelines.",
    ),
)  # fmt: skip
