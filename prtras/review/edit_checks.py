"""The edit checks as a list: what each is, where it stands, and how often it asks now. Reads; one query."""

from dataclasses import dataclass

from django.db.models import Count, Q

from prtras.accounts.models import User
from prtras.crf.checks import Check
from prtras.crf.general_rules import RULES
from prtras.crf.registry import Form, all_checks, checks_everywhere, holder_of, table_of
from prtras.labels import T
from prtras.review.access import queries_visible_to

EVERY_FORM = T("全部表单", "All forms")


@dataclass(frozen=True)
class Listed:
    """One check: `looks_at` names the other forms that it depends on."""

    id: str
    item: T
    severity: str
    text: T
    looks_at: tuple[str, ...]
    open: int
    total: int


def groups(user: User) -> list[tuple[T, list[Listed]]]:
    """All checks by form, in the order of the casebook; the general rules first."""
    counts = {
        counted["check_id"]: (counted["open"], counted["total"])
        for counted in queries_visible_to(user)
        .exclude(check_id="")
        .order_by()
        .values("check_id")
        .annotate(open=Count("id", filter=Q(state="open")), total=Count("id"))
    }
    rules = [(id, severity, text) for id, (severity, text) in RULES.items()]
    rules += [(check.id, check.severity, check.text) for check in checks_everywhere()]
    general = [Listed(id, T("", ""), severity, text, (), *counts.get(id, (0, 0))) for id, severity, text in rules]
    by_form: dict[str, tuple[Form, list[Listed]]] = {}
    for check in all_checks():
        form, _ = holder_of(check.form)
        by_form.setdefault(form.code, (form, []))[1].append(_listed(check, form, counts.get(check.id, (0, 0))))
    return [(EVERY_FORM, general), *((form.title, listed) for form, listed in by_form.values())]


def _listed(check: Check, form: Form, counts: tuple[int, int]) -> Listed:
    others = tuple(sorted(check.looks_at - {check.form, form.code}))
    items = table_of(check.form).items
    label = items[check.item].label if check.item in items else form.label_of(form.place_of(check.item))
    return Listed(check.id, label, check.severity, check.text, others, *counts)
