"""Role x action: the one table of rights. Anything not listed is refused. Source: product description, section 2.

The platform's roles are fixed. A study adds its own at start-up, with actions of the platform and names of its own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from prtras.labels import T


class Role(StrEnum):
    COORDINATOR = "coordinator"
    INVESTIGATOR = "investigator"
    MONITOR = "monitor"
    STATISTICIAN = "statistician"
    ADMIN = "admin"
    SYSTEM = "system"


class Action(StrEnum):
    SEE_PAGES = "see_pages"
    SEE_IDENTIFIERS = "see_identifiers"
    EDIT_PAGE = "edit_page"
    REGISTER = "register"
    IMPORT_RESULTS = "import_results"
    CODE_TERMS = "code_terms"
    RAISE_QUERY = "raise_query"
    ANSWER_QUERY = "answer_query"
    CLOSE_QUERY = "close_query"
    VERIFY = "verify"
    HOLD = "hold"
    SIGN = "sign"
    SEE_TRAIL = "see_trail"
    SEE_POOLED = "see_pooled"
    SEE_BY_ARM = "see_by_arm"
    RUN_ANALYSIS = "run_analysis"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage_accounts"


READING = frozenset(
    {Action.SEE_PAGES, Action.SEE_IDENTIFIERS, Action.SEE_TRAIL, Action.SEE_POOLED, Action.SEE_BY_ARM, Action.EXPORT}
)
#: What a token of the API lets a program do at most, of what its owner may. To sign and to manage accounts is never a
#: program's, nor is what a study adds and does not name here.
SCOPES: dict[str, frozenset[str]] = {
    "read": READING,
    "write": READING
    | {Action.EDIT_PAGE, Action.REGISTER, Action.IMPORT_RESULTS, Action.CODE_TERMS, Action.RAISE_QUERY,
       Action.ANSWER_QUERY, Action.CLOSE_QUERY, Action.VERIFY, Action.HOLD, Action.RUN_ANALYSIS},
}  # fmt: skip
SCOPE_TITLES = {
    "read": T("只读", "read only"),
    "write": T("读写", "read and write"),
}

#: What one administrator alone gives to nobody, and takes over from nobody (docs/decisions/0020).
GUARDED: set[str] = {Action.SIGN, Action.SEE_BY_ARM, Action.MANAGE_ACCOUNTS}

ROLE_TITLES: dict[str, T] = {
    Role.COORDINATOR: T("临床研究协调员（CRC）", "Study coordinator (CRC)"),
    Role.INVESTIGATOR: T("研究者", "Investigator"),
    Role.MONITOR: T("监查员/数据管理员", "Monitor / data manager"),
    Role.STATISTICIAN: T("统计师", "Statistician"),
    Role.ADMIN: T("系统管理员", "Administrator"),
    Role.SYSTEM: T("系统", "System"),
}

RIGHTS: dict[str, frozenset[str]] = {
    Role.COORDINATOR: frozenset(
        {Action.SEE_PAGES, Action.SEE_IDENTIFIERS, Action.EDIT_PAGE, Action.REGISTER, Action.IMPORT_RESULTS,
         Action.ANSWER_QUERY, Action.SEE_TRAIL, Action.SEE_POOLED}
    ),
    Role.INVESTIGATOR: frozenset(
        {Action.SEE_PAGES, Action.SEE_IDENTIFIERS, Action.EDIT_PAGE, Action.REGISTER, Action.IMPORT_RESULTS,
         Action.CODE_TERMS, Action.RAISE_QUERY, Action.ANSWER_QUERY, Action.SIGN, Action.SEE_TRAIL,
         Action.SEE_POOLED, Action.RUN_ANALYSIS}
    ),
    Role.MONITOR: frozenset(
        {Action.SEE_PAGES, Action.SEE_IDENTIFIERS, Action.CODE_TERMS, Action.RAISE_QUERY, Action.CLOSE_QUERY,
         Action.VERIFY, Action.HOLD, Action.SEE_TRAIL, Action.SEE_POOLED}
    ),
    Role.STATISTICIAN: frozenset({Action.SEE_PAGES, Action.SEE_POOLED, Action.RUN_ANALYSIS, Action.EXPORT}),
    Role.ADMIN: frozenset({Action.MANAGE_ACCOUNTS}),
    Role.SYSTEM: frozenset({Action.RUN_ANALYSIS, Action.SEE_BY_ARM}),
}  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """A right given person by person: what it is called, and the roles that may be given it."""

    title: T
    roles: frozenset[str]


GRANTS: dict[str, Grant] = {Action.EXPORT: Grant(T("导出", "exports"), frozenset({Role.INVESTIGATOR}))}


def register_role(code: str, title: T, rights: Collection[str], *, guarded: Collection[str] = ()) -> None:
    """Add a role of the study; `guarded` rights are given by two people only. Raises ValueError for a code in use."""
    if code in RIGHTS:
        raise ValueError(f"role {code} is registered already")
    ROLE_TITLES[code], RIGHTS[code] = title, frozenset(rights)
    GUARDED.update(guarded)


def register_grant(action: str, grant: Grant) -> None:
    """Add a right that is given person by person."""
    GRANTS[action] = grant


def roles_granted(action: str) -> frozenset[str]:
    """The roles that may be given a right by name."""
    return GRANTS[action].roles if action in GRANTS else frozenset()


def roles_of_people() -> dict[str, T]:
    """The roles that a person can have, with their titles."""
    return {code: title for code, title in ROLE_TITLES.items() if code != Role.SYSTEM}


def allowed(role: str, action: str, granted: frozenset[str] = frozenset()) -> bool:
    """May this role do this, given what was granted to the person?"""
    return action in RIGHTS[role] or (action in granted and role in roles_granted(action))


def roles_that_may(action: str) -> list[str]:
    """The roles that have a right without a grant."""
    return sorted(str(role) for role, rights in RIGHTS.items() if action in rights)
