"""Where the casebook says that an item belongs: its SDTM name, as `Item.sdtm` has it, and the routes that differ."""

import re
from dataclasses import dataclass
from typing import Literal

from analysis.standards.domains import DOMAINS
from analysis.standards.sdtm_declarations import ROUTES
from prtras.crf.items import Item
from prtras.crf.registry import Table
from prtras.labels import T

Sort = Literal["variable", "supplement", "link", "elsewhere", "withheld"]
_NAME = re.compile(r"(?P<domain>[A-Z]{2})\.(?P<name>[A-Z0-9]+)(?:=(?P<test>\w+)| \([A-Z]{2}TESTCD=(?P<test2>\w+)\))?")
#: Parts of names that are results: each such item is a record of its own in a findings domain.
RESULTS = frozenset({"ORRES", "STRESC", "STRESN", "TESTCD"})

IDENTIFIES = T("可识别受试者的项目，不离开系统", "identifies the participant, never leaves the house")
NOT_SUBMITTED = T("仅用于核对记录表，不提交", "only says whether a log has rows: the rows themselves are submitted")
ADAM = T("由分析推导，见分析数据集", "derived for the analysis: stands in the analysis dataset")


class UnknownTarget(ValueError):
    """An item names an SDTM variable that this mapping cannot read."""


@dataclass(frozen=True)
class Target:
    """Where an item goes: a variable (`part` of a name, of a `test`), a supplemental qualifier, a link, or nowhere."""

    sort: Sort
    domain: str = ""
    part: str = ""
    test: str = ""
    reason: T | None = None

    @property
    def is_result(self) -> bool:
        return self.sort == "variable" and self.part in RESULTS and DOMAINS[self.domain].is_findings


def target_of(table: Table, name: str, item: Item) -> Target:
    """Where an item of a table goes. Raises UnknownTarget."""
    if item.identifies:
        return Target("withheld", reason=IDENTIFIES)
    routed, reason = ROUTES.get(f"{table.code}.{name}", (item.sdtm, None))
    if routed == "NOT SUBMITTED":
        return Target("elsewhere", reason=reason or NOT_SUBMITTED)
    if routed.startswith("AD"):
        return Target("elsewhere", routed.partition(".")[0], routed.partition(".")[2], reason=reason or ADAM)
    if routed == "RELREC":
        return Target("link", "RELREC", reason=reason)
    if routed.startswith("SUPP") and routed[4:] in DOMAINS:
        return Target("supplement", routed[4:], reason=reason)
    match = _NAME.fullmatch(routed)
    if match is None or match["domain"] not in DOMAINS:
        raise UnknownTarget(f"{table.code}.{name}: SDTM {routed!r}")
    domain, whole = match["domain"], match["name"]
    part = whole.removeprefix(domain)
    return Target("variable", domain, part, match["test"] or match["test2"] or "", reason)
