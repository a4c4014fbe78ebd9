"""Is the sample this participant's? What the file says of the person, and results unlike all earlier ones. Pure.

What a file says of sex, birth and name is compared here and never stored; no message repeats it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from prtras.crf.dates import PartialDate
from prtras.labels import T

SEXES = {"M": "M", "男": "M", "MALE": "M", "1": "M", "F": "F", "女": "F", "FEMALE": "F", "2": "F"}
OTHER_SEX = T("文件中的性别与受试者不符。", "The sex in the file is not the participant's.")
OTHER_BIRTH = T("文件中的出生日期与受试者不符。", "The birth date in the file is not the participant's.")
OTHER_NAME = T("文件中的姓名缩写与受试者不符。", "The initials in the file are not the participant's.")
UNLIKE = T(
    "与该受试者既往结果差异过大（{v}），请核对是否为本人样本。",
    "Unlike this participant's earlier results ({v}). Check whether the sample is theirs.",
)
SWAPPED = T(
    "与该受试者既往结果差异过大（{v}），而与受试者 {n} 相符，样本可能互换。",
    "Unlike this participant's earlier results ({v}), but like those of participant {n}: the samples may be swapped.",
)
#: By how much a result of the same person seldom changes between two visits, as a factor. Source: within-person
#: biological variation of the EFLM database, widened for patients under treatment; a project rule.
STABLE = {
    "rbc": Decimal("1.4"), "hgb": Decimal("1.4"), "plt": Decimal("2.5"), "wbc": Decimal("3"), "alb": Decimal("1.35"),
    "tp": Decimal("1.3"), "creat": Decimal("1.6"), "urate": Decimal("1.8"), "alp": Decimal("2"), "ggt": Decimal("3"),
    "trig": Decimal("3.5"), "urea": Decimal("2.5"), "afp": Decimal("20"), "tsh": Decimal("6"), "hbsag": Decimal("30"),
}  # fmt: skip
#: A sample is unlike its person when at least this many of its results are, and at least half of those compared.
UNLIKE_RESULTS = 3


@dataclass(frozen=True)
class Comparison:
    """A sample beside one person's earlier results: how many could be compared, which differ (code, then, now)."""

    compared: int
    different: tuple[tuple[str, Decimal, Decimal], ...]

    @property
    def is_unlike(self) -> bool:
        return len(self.different) >= UNLIKE_RESULTS and 2 * len(self.different) >= self.compared


def mismatches(identity: Mapping[str, Iterable[str]], known: Mapping[str, Any]) -> list[tuple[str, T]]:
    """What of a person's identity is not the participant's: (`sex`, `birth` or `initials`, why).

    What is blank, cannot be read or is not in the casebook proves nothing.
    """
    foreign = []
    for name, texts in identity.items():
        fits, why = _CHECKS[name]
        if known.get(name) is not None and any(fits(text, known[name]) is False for text in texts if text.strip()):
            foreign.append((name, why))
    return foreign


def _is_sex(text: str, sex: str) -> bool | None:
    read = SEXES.get(text.strip().upper())
    return None if read is None else read == sex


def _is_birth(text: str, birth: date) -> bool | None:
    """Of a whole date all of it counts, of a year or a month as much as is given."""
    try:
        read = PartialDate.parse(text.strip().split(" ")[0])
    except ValueError:
        return None
    return read.earliest <= birth <= read.latest


def _is_name(text: str, initials: str) -> bool | None:
    """Initials, or a name: its first letters in pinyin, all readings of a character counting (单: D, S or C)."""
    own = initials.replace("-", "").upper()
    parts = re.findall(r"[A-Z]+", text.upper())
    text = re.sub(r"[\s·.*^,-]", "", text.strip())
    if parts and re.fullmatch(r"[A-Za-z]+", text):
        return _is_latin_name(parts, own)
    if not re.fullmatch(r"[\u3400-\u9fff]{2,6}", text):
        return None
    from pypinyin import Style, pinyin  # its dictionary takes a moment, for files that have a column of names

    letters = pinyin(text, style=Style.FIRST_LETTER, heteronym=True)
    return any("".join(each).upper() == own for each in product(*letters))


def _is_latin_name(parts: Sequence[str], own: str) -> bool | None:
    """Initials as they stand; of a name in Latin letters (`LI NA`, `Wang Xiaoming`, `LINA`) only its first letters
    are known, in either order: it proves that somebody else is meant, not that it is this person.
    """
    together = "".join(parts)
    if len(together) == len(own):
        return together == own or (None if len(parts) > 1 and own[:1] in {part[0] for part in parts} else False)
    return None if own[:1] in {part[0] for part in parts} else False


_CHECKS: dict[str, tuple[Callable[[str, Any], bool | None], T]] = {
    "sex": (_is_sex, OTHER_SEX), "birth": (_is_birth, OTHER_BIRTH), "initials": (_is_name, OTHER_NAME),
}  # fmt: skip


def compare(now: Mapping[str, Decimal], then: Mapping[str, Decimal]) -> Comparison:
    """A sample's results (in standard units) beside the newest earlier ones of a person."""
    both = [code for code in now if code in STABLE and then.get(code) and now[code] > 0]
    different = [(c, then[c], now[c]) for c in both if max(now[c] / then[c], then[c] / now[c]) > STABLE[c]]
    return Comparison(len(both), tuple(different))


def suspicion(
    own: Comparison, number: str, now: Mapping[str, Decimal], others: Sequence[tuple[str, Mapping[str, Decimal]]]
) -> tuple[T, str] | None:
    """What to ask of a sample unlike its person, with the other participant whose it may be: the one of `others`, who
    have unlike samples too, whom it fits best.
    """
    if not own.is_unlike:
        return None
    fits = [(len(compare(now, then).different), other) for other, then in others if other != number and then]
    best = min(fits, default=(len(own.different), ""))
    if best[1] and 3 * best[0] <= len(own.different):
        return SWAPPED, best[1]
    return UNLIKE, ""
