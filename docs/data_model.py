"""`docs/data-model.md`: every table of ours with its columns, read from Django's models."""

import sys
from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.db import connection, models

from analysis.models import AnalysisRun
from docs.tables import HEAD, table
from prtras.accounts.models import Site, User
from prtras.audit.models import Audited
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, FormPage, FormRow, Participant, Visit
from prtras.datacut.models import DataCut
from prtras.entry.models import Draft
from prtras.jobs.models import Job
from prtras.review.models import HoldAct, Query, Signature, Verification
from tests.audit.test_trail import EXEMPT
from tests.packages import PRODUCT

#: The picture: what hangs on what. `FormPage` and `FormRow` stand for every table of a form, `Job` for every job.
SPINE: tuple[type[models.Model], ...] = (
    Site, User, Participant, Visit, CrfPage, FormPage, FormRow, Query, Verification, Signature, HoldAct, Draft, Job,
    DataCut, AnalysisRun,
)  # fmt: skip
ABSTRACT = (FormPage, FormRow, Job)

INTRODUCTION = f"""{HEAD}

# The tables

Every table of ours, read from the models. Every foreign key points down ([architecture](architecture.md)). *Audited*
tables get one row of `audit_auditevent` for every row that is inserted or changed, and their rows are never deleted. A
column may be empty as the database has it; what a form requires is another matter ([reference](reference.md), edit
checks). Tables of Django (sessions, content types) are not listed.

## The spine

`FormPage`, `FormRow` and `Job` are no tables: each form has one table of pages, a form with repeating rows one of rows
as well, and each kind of job one of its own.
"""


def page() -> str:
    """The whole page as Markdown."""
    lines = [INTRODUCTION, "```mermaid", "erDiagram", *(f"    {line}" for line in spine()), "```", ""]
    for model in ABSTRACT:
        lines += [f"Every `{model.__name__}` has:", "", *table(*_columns(model, own=False)), ""]
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in PRODUCT:
            lines += _room(config)
    return "\n".join(lines).rstrip() + "\n"


def spine() -> list[str]:
    """The relations between the tables of the picture, as Mermaid's entity-relationship lines."""
    lines = []
    for model in SPINE:
        relations: dict[str, list[models.ForeignKey[Any, Any]]] = {}
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model in SPINE:
                relations.setdefault(field.related_model.__name__, []).append(field)
        for target, fields in relations.items():
            one = isinstance(fields[0], models.OneToOneField)
            first = "|o" if all(field.null for field in fields) else "||"
            names = ", ".join(field.name for field in fields)
            lines.append(f'{target} {first}--{"o|" if one else "o{"} {model.__name__} : "{names}"')
    return lines


def _room(config: AppConfig) -> Iterator[str]:
    listed = list(config.get_models())
    if not listed:
        return
    yield from (f"## {config.name}", "", _about(config), "")
    for model in listed:
        yield from (f"### {model._meta.db_table}", "", f"`{model.__module__}.{model.__name__}`. {_first_line(model)}")
        yield from (f"{_kind(model)}{_audit(model)}", "", *table(*_columns(model, own=True)), "", *_unique(model))


def _about(config: AppConfig) -> str:
    """What the room says of itself, at the top of its `apps.py`."""
    return (sys.modules[type(config).__module__].__doc__ or "").strip()


def _first_line(model: type[models.Model]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _kind(model: type[models.Model]) -> str:
    base = next((base for base in ABSTRACT if issubclass(model, base)), None)
    return f"A `{base.__name__}`: its columns come first. " if base else ""


def _audit(model: type[models.Model]) -> str:
    return "Audited." if issubclass(model, Audited) else f"Not audited: {EXEMPT[model]}."


def _unique(model: type[models.Model]) -> Iterator[str]:
    """What may be there once only, beyond the unique columns."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            when = " (of some rows only)" if constraint.condition else ""
            yield from (f"Once only: {', '.join(f'`{name}`' for name in constraint.fields)}{when}.", "")


def _columns(model: type[models.Model], *, own: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows of the table of columns; `own` leaves out what comes from `FormPage`, `FormRow` or `Job`."""
    base = next((base for base in ABSTRACT if own and issubclass(model, base)), None)
    inherited = {field.name for field in base._meta.fields} if base else set()
    fields = [field for field in model._meta.fields if field.name not in inherited]
    return ("column", "type", "empty", "key", "what"), [_column(field) for field in fields]


def _column(field: "models.Field[Any, Any]") -> tuple[str, ...]:
    kind = field.db_type(connection) or ""
    return f"`{field.column}`", kind, "yes" if field.null else "", _key(field), _what(field)


def _key(field: "models.Field[Any, Any]") -> str:
    parts = ["primary"] if field.primary_key else ["unique"] if field.unique else []
    if isinstance(field, models.ForeignKey):
        parts.append(f"→ `{field.related_model._meta.db_table}`")
    return ", ".join(parts)


def _what(field: "models.Field[Any, Any]") -> str:
    """An item says its label, unit and code list; another column what its model says of it."""
    if not isinstance(field, Item):
        return str(field.help_text)
    parts = [field.label.en, field.unit, f"code list {field.codes.name}" if field.codes else ""]
    return "; ".join([part for part in parts if part] + (["computed"] if field.derived else []))
