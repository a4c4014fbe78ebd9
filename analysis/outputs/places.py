"""The place of a number (`expectations`) in words. Pure but for the reader's language."""

from collections.abc import Iterator

from analysis import plan
from analysis.outputs.participants import EXCLUDED
from analysis.outputs.proportional_hazards import TERMS, TRANSFORMS
from analysis.outputs.safety import TITLES
from analysis.outputs.sensitivity import PARAMETERS
from analysis.outputs.texts import COLUMNS, SCHEMES, arm_text
from prtras.labels import T

#: Codes that stand in places as they are.
_CODES = {
    **SCHEMES, **PARAMETERS, **TRANSFORMS, **COLUMNS, **TERMS, **plan.REASONS,
    **{arm: arm_text(arm) for arm in plan.ARMS},
    **{kind: T(text.zh.removeprefix("　"), text.en.removeprefix("– ")) for kind, text in TITLES.items()},
    **{f"not analysed {reason}": T("未分析：{why}", "not analysed: {why}").format(why=why)
       for reason, why in EXCLUDED.items()},
}  # fmt: skip
#: Words and phrases of places.
_PHRASES = _CODES | {
    "all": T("全部", "all"), "participants": T("受试者", "participants"),
    "n": T("人数", "participants"), "events": T("事件数", "events"),
    "at risk": T("风险人数", "at risk"), "censored": T("累计删失", "censored"), "value": T("估计值", "estimate"),
    "lower": T("95% CI下限", "lower 95 % limit"), "upper": T("95% CI上限", "upper 95 % limit"),
    "coef": T("系数", "coefficient"), "se": T("标准误", "standard error"), "hr": T("HR", "HR"), "p": T("p", "p"),
    "chi2": T("χ²", "chi-squared"), "df": T("自由度", "degrees of freedom"), "ratio": T("比值", "ratio"),
    "last week": T("末次周", "last week"), "median": T("中位数", "median"),
    "median days": T("中位天数", "median days"), "median months": T("中位月数", "median months"),
    "restricted mean": T("限制平均时间", "restricted mean"), "difference": T("差", "difference"),
    "mean ratio": T("限制平均时间之比", "ratio of restricted means"),
    "left by": T("结束原因", "left by"), "curves": T("曲线数", "number of curves"),
    "incidences": T("累积发生率曲线数", "number of incidence curves"),
    "transforms": T("时间变换数", "number of transforms"), "dropped": T("因缺失剔除", "dropped for missing values"),
    "concordance": T("一致性指数", "concordance"), "screened": T("筛选", "screened"),
    "failures": T("筛选失败", "screening failures"), "arm not chosen": T("尚未选择治疗组", "arm not chosen"),
    "enrolled": T("已选择治疗组", "with an arm"), "analysed": T("纳入分析", "analysed"),
    "due": T("应查", "due"), "done": T("已查", "done"), "in window": T("窗内", "in the window"),
    "adjusted": T("调整", "adjusted"), "unadjusted": T("未调整", "unadjusted"), "logrank": T("对数秩检验", "log-rank"),
    "recurrence": T("复发", "recurrence"), "death": T("未复发死亡", "death without recurrence"),
    "Gray": T("Gray检验", "Gray's test"), "Fine-Gray": T("Fine–Gray模型", "Fine–Gray model"),
    "score": T("倾向评分", "propensity score"), "minimum": T("最小值", "minimum"), "maximum": T("最大值", "maximum"),
    "(Intercept)": T("截距", "intercept"), "c statistic": T("c统计量", "c statistic"), "E-value": T("E值", "E-value"),
    "E-value limit": T("E值（置信限）", "E-value of the limit"),
    "control size": T("对照组有效样本量", "effective size, control"),
    "treated size": T("联合组有效样本量", "effective size, treated"), "sum": T("权重之和", "sum of weights"),
    "largest": T("最大权重", "largest weight"), "truncated": T("截尾人数", "weights truncated"),
    "SMD before": T("加权前标准化差", "standardised difference before"),
    "SMD after": T("加权后标准化差", "standardised difference after"),
    "variance ratio before": T("加权前方差比", "variance ratio before"),
    "variance ratio after": T("加权后方差比", "variance ratio after"),
    "not emergent": T("非治疗期不良事件", "events that are not treatment-emergent"),
}  # fmt: skip
#: Words with a number or a month behind them.
_NUMBERED = {
    "week": T("第{n}周", "week {n}"), "step": T("曲线第{n}周", "curve at week {n}"),
    "until": T("至{n}", "until {n}"),
}  # fmt: skip


def place_text(place: str) -> T:
    """A place in words; a word that is none of ours as it is."""
    texts = list(_texts(place.split()))
    return T("，".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def _texts(words: list[str]) -> Iterator[T]:
    while words:
        if words[0] in _NUMBERED and len(words) > 1:
            yield _NUMBERED[words[0]].format(n=words[1])
            words = words[2:]
            continue
        length = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in _PHRASES), 1)
        phrase = " ".join(words[:length])
        yield _PHRASES.get(phrase, T(phrase, phrase))
        words = words[length:]
