"""How the trail speaks to people: each app says what a row of its tables means and what its columns are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from prtras.labels import T

UPDATED = T("更新", "Updated")


@dataclass(frozen=True)
class Label:
    """What a column is called; the texts of its codes, or what its value names."""

    text: T
    codes: Mapping[str, T] = field(default_factory=dict)
    names: Literal["", "user", "site", "place", "reason"] = ""
    language: str = ""


@dataclass(frozen=True)
class Act:
    """What happened when `column` went from `before` to `after`; without `after`, when a row got a value there.

    A new row has no `before`, and only what `after` names happened to it.
    """

    text: T
    column: str
    after: str | None = None
    before: str | None = None

    def happened(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Is this what the change of a row says?"""
        if self.column not in new or self.before not in (None, _text(old.get(self.column))):
            return False
        value = _text(new[self.column])
        return value == self.after if self.after is not None else bool(value)


@dataclass(frozen=True)
class Words:
    """The words of a table: what a new row is, which acts its columns tell, what the others are called.

    `silent` columns say nothing to a reader beside who, when and why. The first act that fits is the one. What
    `withheld` rows say is for nobody but their app: the trail has who did what and when, a feed of changes nothing.
    """

    added: T
    acts: tuple[Act, ...] = ()
    columns: Mapping[str, Label] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    withheld: bool = False

    def act(self, old: Mapping[str, Any], new: Mapping[str, Any], *, is_new: bool) -> T:
        """What happened to a row."""
        possible = (act for act in self.acts if not is_new or (act.after is not None and act.before is None))
        text = next((act.text for act in possible if act.happened(old, new)), None)
        return text or (self.added if is_new else T("", ""))


_words: dict[str, Words] = {}


def register_words(words: Mapping[str, Words]) -> None:
    """Say how the trail speaks of tables. Raises ValueError for a table that has words already."""
    if twice := _words.keys() & words.keys():
        raise ValueError(f"{sorted(twice)[0]} has words already")
    _words.update(words)


def withheld_tables() -> list[str]:
    """The tables of which a feed of changes says nothing."""
    return [table for table, words in _words.items() if words.withheld]


def words_of(table: str) -> Words | None:
    """The words of a table; None for one of data, whose items have labels, and for one that nobody registered."""
    return _words.get(table)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


#: Where an act came from, by the `source` that it noted; a study adds its own.
_sources = {
    "API token": T("接口令牌", "API token"),
    "screen": T("页面录入", "screen"),
    "bundle check": T("核对数据包", "check of a bundle"),
    "checks": T("夜间核查", "nightly checks"),
    "demo": T("演示数据", "demo data"),
    "bench": T("性能测试", "benchmark"),
    "accounts": T("账号管理", "accounts"),
    "dashboard": T("看板", "dashboard"),
    "coding": T("医学编码", "medical coding"),
    "data cut": T("数据快照", "data cut"),
    "data review": T("数据审核", "data review"),
    "download": T("下载", "download"),
    "export": T("导出", "export"),
    "files": T("文件", "files"),
    "hold": T("冻结与锁定", "freeze and lock"),
    "invitation": T("邀请", "invitation"),
    "policies": T("使用规则与培训确认", "policies and training"),
    "print": T("打印", "print"),
    "query": T("质疑", "query"),
    "second factor": T("双因素认证", "second factor"),
    "set-up": T("系统设置", "set-up"),
    "sign-in": T("登录", "sign-in"),
    "signature": T("签名", "signature"),
    "verification": T("源数据核查", "verification"),
    "worker": T("后台任务", "background task"),
}


def register_sources(sources: Mapping[str, T]) -> None:
    """Give acts of a study their words. Raises ValueError for a source registered twice."""
    if twice := sorted(_sources.keys() & sources.keys()):
        raise ValueError(f"source {twice[0]} is registered twice")
    _sources.update(sources)


def known_sources() -> frozenset[str]:
    """Every source that has words."""
    return frozenset(_sources)


def source_in_words(source: str) -> T:
    """Where an act came from; a file by the beginning of its checksum."""
    kind, _, name = source.partition(" ")
    if kind == "file":
        return T("文件 {name}…", "file {name}…").format(name=name[:8])
    if kind == "api":
        return T("接口令牌 {name}", "API token {name}").format(name=name)
    return _sources.get(source, T(source, source))
