"""Items: the columns of a form that also carry label, unit, ranges, code list and CDASH/SDTM names.

An item is a Django model field; migrations see only the plain field beneath it.
"""

# mypy: disable-error-code=type-arg
# Django's fields take type arguments in the stubs only, not where the program runs.

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from prtras.codelists import CodeList
from prtras.crf.conditions import Expression
from prtras.crf.dates import PartialDate
from prtras.crf.numbers import plain
from prtras.crf.units import conversions, shown
from prtras.labels import T

Need = Literal["required", "expected", "optional", "derived"]


@dataclass(frozen=True)
class Range:
    """Limits of a value in the item's unit, both ends allowed."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, low: float | str, high: float | str) -> "Range":
        return cls(Decimal(str(low)), Decimal(str(high)))

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | Decimal) and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{plain(self.low)}–{plain(self.high)}"


class Item(models.Field):
    """What every item knows besides its column.

    `need`: required (refused when empty), expected (a soft query when empty), optional, derived (computed by the
    server, never typed). `other_units` are units of the source that are converted. `show` is the condition under which
    it applies. `hard`/`soft` are ranges. `links` is the log of which the item holds a record's number: it is chosen
    from a list. `suggests` names a list of terms that are suggested while a text is typed. `identifies`: it names the
    participant. `shared`: it is about a document, a lot or a laboratory, and the same for many participants.
    `qualifier` names the derived item that holds `<` or `>` where the source gives only a limit: of a decimal item that
    is typed on a page itself, or of a derived one.
    """

    kind = "text"
    plain: type[models.Field] = models.CharField

    def __init__(self, zh: str = "", en: str = "", **options: Any) -> None:
        self.label = T(zh, en)
        self.need: Need = options.pop("need", "required")
        self.unit: str = options.pop("unit", "")
        self.other_units = conversions(options.pop("other_units", {}))
        self.hard: Range | None = _range(options.pop("hard", None))
        self.soft: Range | None = _range(options.pop("soft", None))
        self.codes: CodeList | None = options.pop("codes", None)
        self.cdash: str = options.pop("cdash", "")
        self.sdtm: str = options.pop("sdtm", "")
        self.show: Expression | None = options.pop("show", None)
        self.note: T | None = options.pop("note", None)
        self.pattern: str = options.pop("pattern", "")
        self.carry: bool = options.pop("carry", False)
        self.identifies: bool = options.pop("identifies", False)
        self.shared: bool = options.pop("shared", False)
        self.links: str = options.pop("links", "")
        self.suggests: str = options.pop("suggests", "")
        self.qualifier: str = options.pop("qualifier", "")
        self.may_be_future: bool = options.pop("may_be_future", False)
        options.setdefault("null", True)
        options.setdefault("blank", True)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.plain.__name__}", args, kwargs

    @property
    def unit_text(self) -> str:
        """The unit as people write it, and what else may be typed behind a number."""
        return " / ".join(str(shown(unit)) for unit in (self.unit, *self.other_units)) if self.unit else ""

    @property
    def unit_shown(self) -> str:
        """The item's own unit as people write it."""
        return str(shown(self.unit))

    @property
    def derived(self) -> bool:
        return self.need == "derived"


def _range(limits: Any) -> Range | None:
    return Range.of(*limits) if limits else None


class TextItem(Item, models.CharField):
    kind = "text"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 200)
        super().__init__(*args, **options)


class LongTextItem(Item, models.TextField):
    kind = "long"
    plain = models.TextField


class CodeItem(Item, models.CharField):
    kind = "code"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(*args, **options)


class CodesItem(Item, ArrayField):
    """Several codes of one list."""

    kind = "codes"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("base_field", models.CharField(max_length=40))
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, kwargs


class IntegerItem(Item, models.IntegerField):
    kind = "integer"
    plain = models.IntegerField


class DecimalItem(Item, models.DecimalField):
    kind = "decimal"
    plain = models.DecimalField

    def __init__(self, *args: Any, places: int | None = None, **options: Any) -> None:
        if places is not None:
            options.setdefault("decimal_places", places)
            options.setdefault("max_digits", 14 + places)
        super().__init__(*args, **options)


class DateItem(Item, models.DateField):
    kind = "date"
    plain = models.DateField


class TimeItem(Item, models.CharField):
    """A time of day by the hospital's clock, such as `08:30`."""

    kind = "time"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 5)
        super().__init__(*args, **options)


class PartialDateItem(Item, models.CharField):
    kind = "partial"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 10)
        super().__init__(*args, **options)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return PartialDate(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        return PartialDate.parse(str(value)) if value not in (None, "") else None

    def get_prep_value(self, value: Any) -> str | None:
        return str(value) if value not in (None, "") else None


def items_of(model: type[models.Model]) -> dict[str, Item]:
    """The items of a form's model, by name, in the order in which they are written there."""
    return {field.name: field for field in model._meta.get_fields() if isinstance(field, Item)}
