"""How things are identified in an ODM file: by letters, digits, `_` and `.` only, which every reader takes. Pure."""

import re
from functools import cache

from prtras.crf.study import protocol

#: What belongs to no visit: the participant, and forms that a participant has once or as a log.
COMMON = "COMMON"
_PLAIN = re.compile(r"[A-Za-z0-9_]*", re.ASCII)
_OTHER = re.compile(r"[^A-Za-z0-9_]", re.ASCII)


@cache
def oid(kind: str, *parts: str) -> str:
    """`IT.ae.ae_term`. Any other character stands as its code point between two points: `U/L` is `U.2F.L`.

    Raises ValueError for several parts of which one has such a character: they could not be told apart.
    """
    if len(parts) > 1 and not all(_PLAIN.fullmatch(part) for part in parts):
        raise ValueError(f"no OID for {parts}")
    return ".".join((kind, *(_OTHER.sub(lambda match: f".{ord(match[0]):X}.", part) for part in parts)))


def study_oid() -> str:
    """The study."""
    return oid("ST", protocol().code)


def version_oid() -> str:
    """The version of the CRF specification."""
    return oid("MDV", protocol().specification)


def event_oid(visit: str | None) -> str:
    """A visit; what belongs to none."""
    return oid("SE", visit) if visit else COMMON


def form_oid(form: str) -> str:
    """A form."""
    return oid("F", form)


def group_oid(table: str) -> str:
    """A table of the data cut."""
    return oid("IG", table)


def item_oid(table: str, column: str) -> str:
    """A column of a table."""
    return oid("IT", table, column)


def list_oid(codelist: str) -> str:
    """A code list."""
    return oid("CL", codelist)


def unit_oid(unit: str) -> str:
    """A unit."""
    return oid("MU", unit)


def location_oid(site: str) -> str:
    """A site."""
    return oid("LOC", site)


def user_oid(actor: int, role: str) -> str:
    """A person in one role: who did something is on record with the role of then."""
    return oid("USR", str(actor), role)


def signature_oid(meaning: str) -> str:
    """A meaning of signatures."""
    return oid("SD", meaning)
