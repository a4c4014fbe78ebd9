"""Lists: one shape of question and answer. By cursor, filtered by the same names everywhere, as JSON or CSV."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from prtras.api.endpoint import Endpoint, operation_of
from prtras.api.problems import SHAPE, WRONG_TYPE, Problem, Remark
from prtras.files.tables import csv_for_people

#: How many things an answer holds: as many as are asked for, else `USUAL`.
USUAL, MOST = 50, 500
#: Digits of a row's number: it is a bigint.
LONGEST_NUMBER = 18
#: What every list may be filtered by where it has it, and how it is compared.
PARTICIPANT, SITE, FORM, STATE = "participant", "site", "form", "state"


class Csv(BaseRenderer):
    """The lines of a list as CSV; the cursor stands in the header `X-Next`."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None) -> bytes:
        """The bytes; of a problem, JSON."""
        if "items" not in data:
            return JSONRenderer().render(data)
        view = (context or {})["view"]
        columns = list(operation_of(view, "GET").line().fields)
        return csv_for_people(columns, ([_text(line[name]) for name in columns] for line in data["items"]))


def _text(value: Any) -> Any:
    return JSONRenderer().render(value).decode() if isinstance(value, dict | list) else value


class ListEndpoint(Endpoint):
    """GET gives `items` and `next`; `after` goes on from there. A filter that is not known is an error.

    `filters`: by name, the column that is compared. `order`: the columns of the cursor, unique together.
    """

    renderer_classes = [JSONRenderer, Csv]
    filters: Mapping[str, str] = {}
    order: str = "pk"

    def rows(self) -> QuerySet[Any]:
        """Everything that the person may know of. Raises PermissionDenied."""
        raise NotImplementedError

    def sought(self, name: str, text: str) -> Any:
        """What a column is compared with. Raises ValueError."""
        return text

    def listed(self) -> Response:
        """The lines that are requested."""
        given = self.request.query_params
        if unknown := sorted(set(given) - {*self.filters, "after", "limit"}):
            raise Problem(422, remarks=tuple(Remark(name, "unknown", SHAPE["unknown"]) for name in unknown))
        rows = self.rows().order_by(self.order)
        try:
            for name, column in self.filters.items():
                if name in given:
                    rows = rows.filter(**{column: self.sought(name, given[name])})
            if "after" in given:
                rows = rows.filter(**{f"{self.order}__gt": _cursor(rows.model, self.order, given["after"])})
            limit = _limit(given.get("limit", str(USUAL)))
        except (ValueError, ValidationError, _NotValid):
            raise Problem(422, remarks=(Remark("query", "invalid", WRONG_TYPE),)) from None
        return self.answer(list(rows[: limit + 1]), limit)

    def answer(self, rows: list[Any], limit: int) -> Response:
        """One more row than the limit says that there is more."""
        shown = rows[:limit]
        after = str(_value(shown[-1], self.order)) if len(rows) > limit else None
        line: type[Serializer[Any]] = operation_of(self, "GET").line
        data = {"items": line(shown, many=True, context={"view": self}).data, "next": after}
        return Response(data, headers={"X-Next": after} if after else None)


class _NotValid(Exception):
    pass


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MOST):
        raise _NotValid
    return int(text)


def _cursor(model: type[Model], order: str, text: str) -> Any:
    """A cursor as a value of the column. Raises ValueError."""
    field = model._meta.pk if order == "pk" else model._meta.get_field(order)
    kind = getattr(field, "get_internal_type", lambda: "")()
    if kind == "UUIDField":
        return UUID(text)
    if kind != "CharField" and len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    return text if kind == "CharField" else int(text)


def _value(row: Any, order: str) -> Any:
    return row.pk if order == "pk" else getattr(row, order)
