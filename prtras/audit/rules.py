"""The SQL of the audit trail: its own files, then the rules that other rooms register at start-up.

A rule is a file `triggers/<name>.sql` in the room whose rule it is. It defines a function

    prtras_<name>(event audit_auditevent, before jsonb, after jsonb, kind text, details text[]) RETURNS audit_auditevent

which the trigger calls at every INSERT and UPDATE of an audited row: with the event so far, the row before (NULL for a
new one) and after, and what the row's model says of it (`Audited.trigger_arguments`). It raises an exception to refuse
the write, or returns the event, to which it may add the page and the participant.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_OWN = tuple(Path(__file__).parent / "triggers" / name for name in ("trail.sql", "seals.sql"))
_rules: list[Path] = []
_FUNCTION = re.compile(
    r"^CREATE OR REPLACE FUNCTION (?P<name>\w+)\((?P<head>.*?) AS \$\$(?P<body>.*?)\$\$;$", re.DOTALL | re.MULTILINE
)
_SETTING = re.compile(r"\bSET (\w+) = (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Function:
    """A function as PostgreSQL keeps it: name, body, whether it runs with its owner's rights, its fixed settings."""

    name: str
    body: str
    security_definer: bool
    settings: tuple[str, ...]


def register_rule(path: Path) -> None:
    """Add the rule in this file; rules apply in the order of registration. Raises ValueError for one added twice."""
    if path in _rules:
        raise ValueError(f"rule {path} is registered twice")
    _rules.append(path)


def trigger_sql() -> str:
    """All functions of the trail, as one text to be executed at once by the owner."""
    return "\n".join([*(path.read_text() for path in (*_OWN, *_rules)), _apply_rules()])


def trigger_functions() -> list[Function]:
    """Every function that `trigger_sql` defines."""
    return [
        Function(
            match["name"],
            match["body"],
            "SECURITY DEFINER" in match["head"],
            tuple(f"{name}={value}" for name, value in _SETTING.findall(match["head"])),
        )
        for match in _FUNCTION.finditer(trigger_sql())
    ]


def _apply_rules() -> str:
    """The function that passes an event through every rule; PostgreSQL inlines its one expression into the trigger."""
    event = "event"
    for path in _rules:
        event = f"prtras_{path.stem}({event}, before, after, kind, details)"
    return f"""
CREATE OR REPLACE FUNCTION prtras_rules(
    event audit_auditevent, before jsonb, after jsonb, kind text, details text[]
) RETURNS audit_auditevent LANGUAGE sql AS $$ SELECT {event} $$;
"""
