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
    "imputations": plan.IMPUTATIONS, "landmarks": " / ".join(map(str, plan.LANDMARKS)),
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
        "于末次已知存活日期；仅知年月的新治疗日期取可能的最早日期，但不早于第0天及该时段内的确认复发；均列为提示。",
        "The event is the first confirmed recurrence, dated by the first diagnostic evidence. Without one, censored"
        " at the last evaluable scan; who dies without recurrence or starts a new anti-tumour therapy at the last"
        " evaluable scan before; who has no scan after Day 0 on day 1, and outside the full analysis set. In"
        " recurrence-free survival death is an event too. Sensitivity: an event after a gap of more than {gap} days"
        " (two missed scans) is censored before the gap. A date of death known to month or year counts as the"
        " earliest day that it may be, not before the last day known alive; the start of a therapy likewise, not before"
        " Day 0 or a confirmed recurrence in that time. Both are cautions.",
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
        "协变量缺失者不进入模型，其人数列为提示；插补只用于敏感性分析。",
        "Covariates: age, BCLC stage, baseline HBsAg; Efron's method for ties; Wald limits. No hazard ratio (NE)"
        " with fewer than {few} events at a level. Who lacks a covariate is not in the model, and how many is a"
        " caution; imputation is a sensitivity analysis.",
    ),
    _method(
        "比例风险检验", "Test of proportional hazards", "Grambsch & Therneau, Biometrika 1994;81:515",
        "得分检验，时间变换为km、秩、恒等与对数；各协变量与全局。",
        "Score test with time transformed by km, rank, identity and log; each covariate and global.",
    ),
    _method(
        "年龄与HBsAg的函数形式", "Functional form of age and HBsAg",
        "Harrell, Regression Modeling Strategies, 2nd ed. 2015, 2.4.5; Therneau, Grambsch & Fleming, Biometrika"
        " 1990;77:147",
        "将调整模型中的一个协变量换为3个自由度的自然三次样条，节点在第5、35、65、95百分位；非线性由样条模型与"
        "线性模型的似然比检验判断。鞅残差按五分位分组列出；系数随时间的变化由标度Schoenfeld残差显示。",
        "One covariate of the adjusted model is replaced by a natural cubic spline with 3 degrees of freedom and"
        " knots at percentiles 5, 35, 65 and 95; likelihood ratio test against the straight line. Martingale"
        " residuals by fifths; scaled Schoenfeld residuals show a coefficient over time.",
    ),
    _method(
        "其他调整模型", "Other adjusted models", "Lin & Wei, JASA 1989;84:1074; Kalbfleisch & Prentice 2002, 4.4",
        "稳健方差；按BCLC分期分层；自根治性治疗起计时，受试者自第0天起进入风险集（左截断），用实际日数。相应的log-rank"
        "检验列于同一人群的模型之下。",
        "Robust variance; stratified by BCLC stage; time from radical treatment with everybody at risk from Day 0 on"
        " (left truncation), on actual days. Log-rank tests stand below the model of the same participants.",
    ),
    _method(
        "聚乙二醇干扰素的开始时间", "Start of peginterferon",
        "Anderson, Cain & Gelber, J Clin Oncol 1983;1:710; Suissa, Am J Epidemiol 2008;167:492",
        "界标分析（第{landmarks}周）：只含届时仍在险者，按届时是否已给药分组，时间自界标日起算。时依治疗：首次给药前的时间属未开始"
        "组。并列自第0天按是否曾用分组的结果，以示永恒时间偏倚，不用于结论。均为实际日数，调整年龄、BCLC、HBsAg。",
        "Landmark (week {landmarks}): those still at risk then, grouped by a dose given by then, with time from that"
        " day. Time-dependent treatment: the time before the first dose belongs to those who have not started. Beside"
        " them, for contrast only, the groups by ever treated from Day 0 on, which immortal time biases. Actual"
        " days, adjusted for age, BCLC stage and HBsAg.",
    ),
    _method(
        "缺失协变量的插补", "Imputation of missing covariates",
        "van Buuren, Flexible Imputation of Missing Data, 2nd ed. 2018, 3.4, 4.5; White & Royston, Stat Med"
        " 2009;28:1982; Rubin 1987, 3.1; Barnard & Rubin, Biometrika 1999;86:948",
        "敏感性分析：链式方程与预测均值匹配，插补模型含治疗组、事件与Nelson–Aalen累积风险；{imputations}次插补，随机"
        "种子由数据本身得出；按Rubin规则合并，自由度用Barnard–Rubin公式。",
        "Sensitivity analysis: chained equations with predictive mean matching, the imputation model having arm,"
        " event and the Nelson–Aalen cumulative hazard; {imputations} imputations, seeded by the data themselves;"
        " pooled by Rubin's rules with the degrees of freedom of Barnard and Rubin.",
    ),
    _method(
        "亚组与交互作用", "Subgroups and interaction", "Wang et al., N Engl J Med 2007;357:2189",
        "各水平内的调整后风险比；每个亚组一个检验，即治疗组与水平乘积项的Wald检验，水平内不给p值。亚组分析为探索性。",
        "Adjusted hazard ratios within levels; one test per subgroup, Wald's of the product of arm and level, no"
        " p-value within a level. Subgroups are exploratory.",
    ),
    _method(
        "区间删失与漏做的影像检查", "Interval censoring and missed scans",
        "Prentice & Gloeckler, Biometrics 1978;34:57; Kalbfleisch & Prentice 2002, 2.2, 3.7; Turnbull, JRSS B"
        " 1976;38:290",
        "复发在末次阴性与首次阳性影像之间。与计划分析并列：按访视分组的比例风险模型（互补双对数）、区间删失的Weibull"
        "模型、非参数极大似然估计（Turnbull），以及其他漏检规则。",
        "Recurrence lies between the last negative and the first positive scan. Beside the planned analysis stand"
        " proportional hazards grouped by visit (complementary log-log), an interval-censored Weibull model, the"
        " non-parametric maximum likelihood estimate (Turnbull), and other rules for missed scans.",
    ),
    _method(
        "符合方案与实际接受的治疗", "Per protocol and as treated", "ICH E9, 5.2; E9(R1)",
        "敏感性分析：符合方案人群不含有导致排除的方案偏离者；实际接受的治疗按首次给药判定。两者均不保持选择时的可"
        "比性，只与主要分析并列。",
        "Sensitivity analyses: per protocol leaves out whoever has a deviation that excludes; as treated goes by the"
        " first dose. Neither keeps the arms as they were chosen, so both stand beside the primary analysis only.",
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
        "验；亚分布风险比用Fine–Gray模型。发生率为0或1时无置信限（NE）。",
        "Death without recurrence competes: cumulative incidence by Aalen–Johansen with infinitesimal jackknife"
        " errors and log(−log) limits; arms by Gray's test; subdistribution hazard ratios by the Fine–Gray model."
        " An incidence of 0 or 1 has no limits (NE).",
    ),
    _method(
        "治疗组之差", "Difference of the arms",
        "Klein et al., Stat Med 2007;26:4505; Royston & Parmar, BMC Med Res Methodol 2013;13:152",
        "第{week}周累积复发率之差的检验用log(−log)变换，其置信限为Wald法，故检验与置信限偶有不一致；限制平均时间之差"
        "用Wald检验。均未调整。",
        "The difference at week {week} is tested on the log(−log) scale, its limits are Wald's, so that test and limits"
        " may rarely disagree; the difference of the restricted means has Wald's test. Both unadjusted.",
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
        "乙肝应答与剂量", "Hepatitis B response and dose",
        "CRF specification 0.1, E5, E6; Bonett & Wright, Psychometrika 2000;65:23",
        "HBsAg清除以首次阴性之日计，须经确认，死亡为竞争事件。HBV DNA低于定量下限的比例与HBsAg变化按访视列出；限值较高"
        "的检测方法的“低于下限”不作数。累积剂量与HBsAg下降用Spearman秩相关，截至该周样本，不比较治疗组，不给p值。",
        "Loss of HBsAg counts from its first negative sample once confirmed; death competes. HBV DNA below the limit"
        " and the change of HBsAg stand by visit; below the limit of a less sensitive assay proves nothing."
        " Cumulative dose up to the sample against the decline of HBsAg: Spearman's rank correlation, no comparison"
        " of the arms, no p-value.",
    ),
    _method(
        "独立终点评审", "Blind endpoint review",
        "Cohen, Educ Psychol Meas 1960;20:37; Fleiss, Cohen & Everitt, Psychol Bull 1969;72:323",
        "两名评审者在不知治疗组、给药、不良事件和日期的情况下各自判读，意见不一时由第三人裁定。一致性用Cohen κ及其大样"
        "本置信限。主要分析用研究中心确认的复发，按评审的终点并列。",
        "Two reviewers judge without arm, doses, adverse events and dates; where they differ, a third person decides."
        " Agreement by Cohen's kappa with its large-sample limits. The primary analysis uses the recurrence that the"
        " site confirmed; the endpoint by review stands beside it.",
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
