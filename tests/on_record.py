"""What is on record of a participant, for what forms compute from it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class Row:
    """One record of a form."""

    values: dict[str, Any]

    def value(self, form: str, item: str) -> Any:
        return self.values.get(item)


@dataclass
class OnRecord:
    """What is on record, by form; `in_hand` is the row of the page itself."""

    forms: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    in_hand: int = 1

    def value(self, form: str, item: str, at: str | None = None) -> Any:
        if item == "row":
            return self.in_hand
        return next((values.get(item) for values in self.forms.get(form, [])), None)

    def records(self, form: str) -> list[Row]:
        return [Row(values) for values in self.forms.get(form, [])]


def day(text: str) -> date:
    return date.fromisoformat(f"2025-{text}")


def dose(row: int, on: str, status: str = "GIVEN", mg: int | None = 180) -> dict[str, Any]:
    return {"row": row, "pg_date": day(on), "pg_status": status, "pg_dose": mg}
