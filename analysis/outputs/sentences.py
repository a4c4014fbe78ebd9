"""Refusals and cautions of the fits as sentences in both languages. Pure but for the reader's language."""

from collections.abc import Iterable, Mapping

from analysis import plan
from analysis.outputs.number_texts import COLUMNS, arm_text
from analysis.survival.results import Caution, Refusal
from prtras.labels import T

#: The steps of the analysis that can be refused.
STEPS = {
    "log-rank": T("Log-rank检验", "Log-rank test"),
    "Cox": T("Cox模型", "Cox model"),
    "PH test": T("比例风险检验", "Test of proportional hazards"),
    "km": T("Kaplan–Meier曲线", "Kaplan–Meier curve"),
    "cif": T("累积发生率", "Cumulative incidence"),
    "finegray": T("Fine–Gray模型", "Fine–Gray model"),
    "contrasts": T("治疗组之差", "Difference of the arms"),
    "imputation": T("多重插补", "Multiple imputation"),
    "weights": T("倾向评分加权", "Propensity score weights"),
    "grouped hazards": T("按访视分组的比例风险模型", "Proportional hazards grouped by visit"),
    "weibull": T("Weibull模型", "Weibull model"),
    "spline": T("样条", "Spline"),
    "projection": T("预测", "Projection"),
    "conditional power": T("条件把握度", "Conditional power"),
}
#: Why a table could not be analysed, by the code of the refusal.
REFUSALS = {
    "failed": T(
        "计算失败（{kind}），已记录在系统日志中。", "the computation failed ({kind}); the server log has the details."
    ),
    "table": T("数据表无法分析：{column}。", "the table cannot be analysed: {column}."),
    "no_column": T("缺少数据列“{column}”。", "there is no column {column}."),
    "no_rows": T("没有一位受试者的各项数据齐全。", "no participant has a value in every column."),
    "not_numbers": T("“{column}”中有非数字的内容。", "{column} holds something that is no number."),
    "infinite_value": T("“{column}”中有无穷大的值。", "{column} holds an infinite value."),
    "negative_time": T("“{column}”中有负的时间。", "{column} holds a negative time."),
    "entry_after_end": T("有受试者的进入时间不早于随访结束。", "somebody enters at or after the end of follow-up."),
    "not_an_event": T("“{column}”须为1（事件）或0（删失）。", "{column} must be 1 (event) or 0 (censored)."),
    "weight": T("权重须大于0。", "every weight must be greater than 0."),
    "mixed": T("“{column}”中混有文字和数字。", "{column} mixes text and numbers."),
    "no_reference": T(
        "“{column}”中没有参照水平“{level}”的受试者。", "{column}: nobody has the reference level {level}."
    ),
    "not_two_arms": T("须恰有两个治疗组。", "there must be exactly two arms."),
    "no_cause": T("没有第{cause}类事件。", "there is no event of kind {cause}."),
    "no_visit": T(
        "没有一次访视同时有发生与未发生事件的受试者。", "no visit has both events and event-free participants."
    ),
    "no_event": T("没有事件。", "there is no event."),
    "not_efron": T("仅在Efron法处理结时计算。", "computed with Efron ties only."),
    "not_robust": T("无稳健方差，未计算。", "not computed: it has no robust variance."),
    "separation": T("倾向评分完全分离，无法加权。", "the propensity score separates the arms completely."),
    "not_converged": T("迭代未收敛。", "the iteration did not converge."),
    "few_to_project": T("复发少于{n}例。", "there are fewer than {n} events."),
    "slow_accrual": T(
        "最近{days}天仅入组{n}人，无法推算入组速度。",
        "{n} enrolled in the last {days} days: too few for a rate of accrual.",
    ),
    "nothing_observed": T("“{column}”在所有受试者中均缺失。", "{column} is missing in everybody."),
    "few_values": T("“{column}”的不同取值过少，无法拟合样条。", "{column} has too few different values for a spline."),
    "no_spline": T("“{column}”的样条无法估计。", "the spline of {column} is not estimable."),
    "few_reviewed": T(
        "盲法评审仅完成{n}/{of}人，尚不分析。", "blind review complete for {n} of {of} only: not analysed yet."
    ),
    "no_term": T("治疗组效应无法估计。", "the effect of the arm is not estimable."),
}
#: What the reader must know beside the numbers, by the code of the caution.
CAUTIONS = {
    "few_events": T(
        "{what}：某一水平事件少于5例，不显示其风险比。",
        "{what}: fewer than 5 events at one level; hazard ratio not shown.",
    ),
    "no_events": T("{what}：无事件，分位数无法估计。", "{what}: no events; quantiles not estimable."),
    "without_events": T("{what}：无事件，无法估计。", "{what}: no events; nothing can be estimated."),
    "dropped": T(
        "{dropped}/{read}名受试者因协变量缺失未纳入模型（{lost}）。",
        "{dropped} of {read} participants are not in the model, a covariate is missing ({lost}).",
    ),
    "constant": T("{what}：所有受试者取值相同，无法估计。", "{what}: the same in everybody; not estimable."),
    "collinear": T(
        "{what}：可由其他协变量推出，无法估计。", "{what}: determined by the other covariates; not estimable."
    ),
    "infinite": T(
        "{what}：完全区分有无事件，系数为无穷大，无法估计。",
        "{what}: separates events from non-events, its coefficient is infinite; not estimable.",
    ),
    "not_estimable": T("{what}：无法估计。", "{what}: not estimable."),
    "not_converged": T("{what}：迭代未收敛，无法估计。", "{what}: the iteration did not converge; not estimable."),
    "hazard_ratio": T("加权风险比无法估计。", "The weighted hazard ratio is not estimable."),
    "separation": T("倾向评分完全分离，无法加权。", "The propensity score separates the arms completely: no weights."),
    "dependent_column": T(
        "{what}：对倾向评分没有增加信息，已略去。", "{what}: adds nothing to the propensity score; left out."
    ),
    "risk_set_emptied": T(
        "{what}：时间{time}时在险者全部发生事件，其后才有人进入。",
        "{what}: everyone at risk at time {time} had the event while others enter later.",
    ),
    "not_at_risk": T("{what}：在任何事件时间均无在险者。", "{what}: at risk at no event time; left out."),
    "test_undefined": T("检验统计量无定义。", "The test statistic is not defined."),
    "beyond_last_followup": T("{what}：随访不足，无法估计。", "{what}: not followed so long; not estimable."),
    "few_at_risk": T("{what}：风险人数少于10人。", "{what}: fewer than 10 at risk."),
}


def column_text(column: str) -> T:
    """What a column of the analysis data is called."""
    return COLUMNS.get(column, T(column, column))


def refusal_text(refusal: Refusal) -> T:
    """Why a step gave no result; the sentence of an older run as it was stored."""
    if refusal.code == "stored":
        return T(refusal.message, refusal.message)
    sentence = REFUSALS[refusal.code].format(**_facts(refusal.facts))
    step = STEPS.get(refusal.step)
    return T("{step}：{why}", "{step}: {why}").format(step=step, why=sentence) if step else sentence


def refusal_texts(refusals: Iterable[Refusal]) -> tuple[T, ...]:
    """Several refusals, each once."""
    return tuple(dict.fromkeys(map(refusal_text, refusals)))


def caution_texts(cautions: Iterable[Caution], what: T | None = None) -> tuple[T, ...]:
    """Cautions of a fit; they speak of `what`, without it of the column or group that each of them names."""
    return tuple(_caution_text(caution, what) for caution in cautions)


def _caution_text(caution: Caution, what: T | None) -> T:
    facts: dict[str, object] = {**_facts(caution.facts), "lost": _lost(caution)}
    group = caution.facts.get("group")
    facts["what"] = what or (arm_text(group) if group else column_text(caution.column or "Cox"))
    try:
        return CAUTIONS[caution.code].format(**facts)
    except KeyError:  # an older run kept the sentence alone
        return T(caution.message, caution.message)


def _facts(facts: Mapping[str, str]) -> dict[str, object]:
    """A column by its text; the rest as it is. Unnamed, a column is the table as a whole."""
    return {"column": T("数据表", "the table"), **facts} | (
        {"column": column_text(facts["column"])} if "column" in facts else {}
    )


def _lost(caution: Caution) -> T:
    """How many lack which covariate."""
    missing = [
        T("{name} {n}", "{name} {n}").format(name=column_text(name.removeprefix("column ")), n=n)
        for name, n in caution.facts.items()
        if name.startswith("column ")
    ]
    return T("；".join(text.zh for text in missing), "; ".join(text.en for text in missing))


def few_events(arm_events: Mapping[str, int]) -> T:
    """Why no hazard ratio is shown: other arms than the two of the plan, else few events in one of them."""
    text = T("某治疗组复发少于{n}例：不显示风险比", "Fewer than {n} events in one arm: hazard ratio not shown")
    if arm_events and arm_events.keys() != plan.ARMS.keys():
        text = T("参与者不属于计划中的两个治疗组：不显示风险比",
                 "The participants are not in the two arms of the plan: hazard ratio not shown")  # fmt: skip
    counts = [T("{arm} {n}", "{arm} {n}").format(arm=arm_text(arm), n=n) for arm, n in arm_events.items()]
    listed = T("、".join(each.zh for each in counts), ", ".join(each.en for each in counts))
    sentence = T("{text}（{listed}）。", "{text} ({listed}).") if counts else T("{text}。", "{text}.")
    return sentence.format(text=text.format(n=plan.FEWEST_EVENTS), listed=listed)
