"""The place of a number (`expectations`) in words. Pure but for the reader's language."""

from collections.abc import Iterator, Mapping

from analysis import plan
from prtras.labels import T

#: Words and phrases that mean the same in every output; the others are in `Output.places`. One with `{n}` takes the
#: word behind it along: a number, a week or a month.
COMMON = {
    **plan.ARMS,
    "all": T("全部", "all"), "participants": T("受试者", "participants"),
    "n": T("人数", "participants"), "events": T("事件数", "events"),
    "dropped": T("因缺失剔除", "dropped for missing values"),
    "at risk": T("风险人数", "at risk"), "censored": T("累计删失", "censored"), "value": T("估计值", "estimate"),
    "lower": T("95% CI下限", "lower 95 % limit"), "upper": T("95% CI上限", "upper 95 % limit"),
    "coef": T("系数", "coefficient"), "se": T("标准误", "standard error"), "hr": T("HR", "HR"), "p": T("p", "p"),
    "chi2": T("χ²", "chi-squared"), "df": T("自由度", "degrees of freedom"), "logrank": T("对数秩检验", "log-rank"),
    "median": T("中位数", "median"), "restricted mean": T("限制平均时间", "restricted mean"),
    "curves": T("曲线数", "number of curves"), "last week": T("末次周", "last week"),
    "week": T("第{n}周", "week {n}"), "step": T("曲线第{n}周", "curve at week {n}"),
}  # fmt: skip


def place_text(place: str, words: Mapping[str, T]) -> T:
    """A place in the words of its output, else in the common ones; a word that is in neither as it is."""
    texts = list(_texts(place.split(), COMMON | dict(words)))
    return T("，".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def _texts(words: list[str], phrases: Mapping[str, T]) -> Iterator[T]:
    """The longest phrase first, from the left on."""
    while words:
        length = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in phrases), 1)
        phrase, words = " ".join(words[:length]), words[length:]
        text = phrases.get(phrase, T(phrase, phrase))
        if "{n}" in text.zh and words:
            text, words = text.format(n=words[0]), words[1:]
        yield text
