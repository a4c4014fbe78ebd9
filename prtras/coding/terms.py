"""A release of MedDRA in memory: its terms, their place in the hierarchy, and what is near to a text.

Levels, from the narrow to the wide: lowest level term (LLT), preferred term (PT), high level term (HLT), high level
group term (HLGT), system organ class (SOC). Every LLT has one PT, every PT one primary path up. Source: MedDRA
Introductory Guide, "Structural elements of MedDRA".
"""

import gzip
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz, process

from prtras.codelists import CodeList
from prtras.labels import T

MATCHES = CodeList(
    "MATCH",
    T("匹配方式", "How it was found"),
    {
        "exact": T("名称相同", "same name"),
        "before": T("曾接受", "accepted before"),
        "synonym": T("同义词", "synonym"),
        "similar": T("名称相近", "similar name"),
        "search": T("人工检索", "searched"),
    },
)
LEVEL_TITLES = {
    "llt": T("低位语", "Lowest level term"),
    "pt": T("首选语", "Preferred term"),
    "hlt": T("高位语", "High level term"),
    "hlgt": T("高位组语", "High level group term"),
    "soc": T("系统器官分类", "System organ class"),
}
LEVELS = tuple(LEVEL_TITLES)
#: From 0 to 100: texts less alike than this are not suggested; from CLOSE on, one key accepts them in the list.
LEAST_ALIKE, CLOSE = 45, 80
MOST_SUGGESTED = 8


class Lowest(NamedTuple):
    """A lowest level term: its preferred term, whether it is still to be used, its names (empty where not known)."""

    code: int
    preferred: int
    current: bool
    zh: str
    en: str


@dataclass(frozen=True)
class Term:
    """One term of the hierarchy; a name is empty in a language that was not imported."""

    code: int
    zh: str
    en: str

    @property
    def title(self) -> T:
        """The name in the reader's language, or in the only one there is."""
        return T(self.zh or self.en, self.en or self.zh)


@dataclass(frozen=True)
class Path:
    """A lowest level term with all that stands above it."""

    llt: Term
    pt: Term
    hlt: Term
    hlgt: Term
    soc: Term

    def terms(self) -> Iterator[tuple[str, Term]]:
        """Level and term, from the narrow to the wide."""
        return ((level, getattr(self, level)) for level in LEVELS)


@dataclass(frozen=True)
class Near:
    """A term that fits a text, how it was found (`MATCHES`), and how much it is alike, of 100."""

    path: Path
    match: str
    alike: int = 100

    @property
    def close(self) -> bool:
        """So near to the text that it is accepted without looking at others."""
        return self.alike >= CLOSE

    @property
    def how(self) -> T:
        """How it was found, in words."""
        return MATCHES.text(self.match)


class Terms:
    """The terms of one release."""

    def __init__(
        self, lowest: Iterable[Lowest], paths: Mapping[int, tuple[int, int, int]], upper: Mapping[int, tuple[str, str]]
    ) -> None:
        self.lowest = {term.code: term for term in lowest}
        self.paths = dict(paths)
        self.upper = dict(upper)

    def packed(self) -> bytes:
        """The release as bytes: the same terms give the same bytes."""
        content = {
            "lowest": [list(self.lowest[code]) for code in sorted(self.lowest)],
            "paths": [[code, *self.paths[code]] for code in sorted(self.paths)],
            "upper": [[code, *self.upper[code]] for code in sorted(self.upper)],
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), compresslevel=6, mtime=0)

    @classmethod
    def unpacked(cls, stored: bytes) -> "Terms":
        """The release from its bytes."""
        content = json.loads(gzip.decompress(stored))
        return cls(
            (Lowest(*each) for each in content["lowest"]),
            {pt: (hlt, hlgt, soc) for pt, hlt, hlgt, soc in content["paths"]},
            {code: (zh, en) for code, zh, en in content["upper"]},
        )

    def path(self, code: int) -> Path | None:
        """The place of a lowest level term; None for a code that the release does not have."""
        lowest = self.lowest.get(code)
        if lowest is None:
            return None
        hlt, hlgt, soc = (Term(each, *self.upper[each]) for each in self.paths[lowest.preferred])
        return Path(_term(lowest), _term(self.lowest[lowest.preferred]), hlt, hlgt, soc)

    def is_current(self, code: int | None) -> bool:
        """Does the release have this lowest level term, and is it still to be used?"""
        return code in self.lowest and self.lowest[code].current

    def near(
        self, text: str, synonyms: Iterable[str] = (), known: Iterable[int] = (), most: int = MOST_SUGGESTED
    ) -> list[Near]:
        """Current terms that fit a text: by name, those accepted before (`known`), by a synonym's name, by likeness.

        Likeness compares the text with the whole release: it is looked at only while there are fewer than `most`.
        """
        near = {code: self._near(code, "exact") for code in self._by_key.get(_key(text), ())}
        same = [code for each in synonyms for code in self._by_key.get(_key(each), ())]
        for match, codes in (("before", filter(self.is_current, known)), ("synonym", same)):
            for code in codes:
                near.setdefault(code, self._near(code, match))
        if len(near) < most:
            for code, alike in self._alike(_words(text), most):
                near.setdefault(code, self._near(code, "similar", alike))
        return list(near.values())[:most]

    def search(self, text: str, most: int = MOST_SUGGESTED * 3) -> list[Near]:
        """Current terms by code, or by words that their name holds, the shortest first; else those that are alike."""
        if text.strip().isdecimal() and len(text.strip()) < 10:
            return [self._near(int(text), "search")] if self.is_current(int(text)) else []
        words = _plain(text)
        holding = [(len(key), codes[0]) for key, codes in self._by_key.items() if all(word in key for word in words)]
        if not words or not holding:
            return self.near(text, most=most)
        return [self._near(code, "search") for code in dict.fromkeys(code for _, code in sorted(holding))][:most]

    def _near(self, code: int, match: str, alike: int = 100) -> Near:
        path = self.path(code)
        assert path
        return Near(path, match, alike)

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        """The codes of current terms by their names in one spelling; preferred terms first."""
        by_key: dict[str, dict[int, None]] = defaultdict(dict)
        for code, words in sorted(
            self._spelled, key=lambda named: (self.lowest[named[0]].preferred != named[0], named[0])
        ):
            by_key["".join(words)][code] = None
        return {key: list(codes) for key, codes in by_key.items()}

    @cached_property
    def _names(self) -> tuple[list[str], list[int]]:
        """Every name of a current term as words in order, and its code at the same place."""
        return [" ".join(sorted(words)) for _, words in self._spelled], [code for code, _ in self._spelled]

    @cached_property
    def _spelled(self) -> list[tuple[int, list[str]]]:
        """Every name of a current term as its words in one spelling, with its code."""
        return [
            (term.code, _plain(name)) for term in self.lowest.values() if term.current
            for name in (term.zh, term.en) if name
        ]  # fmt: skip

    def _alike(self, text: str, most: int) -> Iterator[tuple[int, int]]:
        """Codes of the names that are most alike, with how much."""
        names, codes = self._names
        alike = process.extract(text, names, scorer=fuzz.ratio, processor=None, limit=most, score_cutoff=LEAST_ALIKE)
        return ((codes[at], int(score)) for _, score, at in alike)


def _term(lowest: Lowest) -> Term:
    return Term(lowest.code, lowest.zh, lowest.en)


def _plain(text: str) -> list[str]:
    """The words of a text, half-width and in lower case; everything but letters and digits parts them."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(each if each.isalnum() else " " for each in text).split()


def _key(text: str) -> str:
    """A text in the spelling in which names are compared: without spaces and signs."""
    return "".join(_plain(text))


def _words(text: str) -> str:
    """The words of a text in alphabetical order, so that their order does not matter."""
    return " ".join(sorted(_plain(text)))
