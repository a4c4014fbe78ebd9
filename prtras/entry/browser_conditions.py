"""The conditions of a page as its browser judges them while somebody types. Pure.

What the page itself says is left to the browser, by the names of its controls; all else (other pages, the visit,
derived values) is known here and written down as it stands. `static/js/conditions.js` reads them.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prtras.crf import expressions
from prtras.crf.context import PageContext
from prtras.crf.dates import PartialDate
from prtras.crf.expressions import Expression, Reference
from prtras.crf.places import Place
from prtras.crf.registry import Form
from prtras.entry.parsing import control_of

#: Kinds of items whose value is the text in the control, so that a browser can compare it.
COMPARABLE = ("code", "text")


class NotInBrowser(ValueError):
    """A browser cannot judge this condition: it does more with a typed value than compare its code."""


@dataclass(frozen=True)
class BrowserConditions:
    """Writes the conditions of a form's items for the browser; the context holds the page as it is shown."""

    form: Form
    context: PageContext

    def written(self, condition: Expression, row: str) -> str:
        """A condition at an item of the page or of a row, as JSON; empty when it holds whatever is typed here.

        Raises NotInBrowser.
        """
        view = self.context.on_row(row) if row else self.context
        written = self._written(condition, row, view)
        return "" if written is True else json.dumps(written, ensure_ascii=False)

    def _written(self, condition: Expression, row: str, view: PageContext) -> Any:
        if not self._depends(condition, row):
            return _plain(condition.value(view))
        match condition:
            case Reference():
                return {"control": control_of(self._place(condition, row) or Place(""))}
            case expressions.Compared(sign="==" | "!=" as sign, left=left, right=right):
                if not all(self._comparable(side, row) for side in (left, right)):
                    raise NotInBrowser(condition)
                return [sign, self._written(left, row, view), self._written(right, row, view)]
            case expressions.All(conditions=parts):
                return ["and", *(self._written(part, row, view) for part in parts)]
            case expressions.Either(conditions=parts):
                return ["or", *(self._written(part, row, view) for part in parts)]
            case expressions.Not(condition=part):
                return ["not", self._written(part, row, view)]
            case expressions.Empty(operand=Reference() as reference):
                return ["empty", self._written(reference, row, view)]
            case expressions.Contains(operand=Reference() as reference, code=code):
                return ["contains", self._written(reference, row, view), code]
        raise NotInBrowser(condition)

    def _depends(self, condition: Expression, row: str) -> bool:
        """Whether a condition looks at something that is typed on the page."""
        match condition:
            case Reference():
                return self._place(condition, row) is not None
            case expressions.Exists(form=code) | expressions.Count(form=code) | expressions.AnyRecord(form=code):
                return any(code == table.code for table in self.form.tables())
        return any(self._depends(part, row) for part in condition.parts())

    def _place(self, reference: Reference, row: str) -> Place | None:
        """Where on the page a value is typed; None for one of another page, and for one that is derived."""
        if reference.at is not None:
            return None
        place = None
        if reference.form == self.form.code:
            place = self.form.place_of(reference.item)
        elif self.form.rows and reference.form == self.form.rows.code and row:
            place = Place.at(reference.item, row)
        item = self.form.item_at(place) if place else None
        return None if item is None or item.derived else place

    def _comparable(self, side: Expression, row: str) -> bool:
        if not self._depends(side, row):
            return True
        place = self._place(side, row) if isinstance(side, Reference) else None
        item = self.form.item_at(place) if place else None
        return item is not None and item.kind in COMPARABLE


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | PartialDate) else value
