"""Derived values that look at other pages are computed anew when one of those is saved."""

from prtras.crf.context import PageContext
from prtras.crf.models import CrfPage, FormPage, lay_on
from prtras.crf.registry import Form, all_forms
from prtras.crf.stored import source_of


def renew_derived(form: Form, page: CrfPage) -> list[FormPage]:
    """Renew the participant's other pages whose derived items look at this form; those that changed. Inside an act."""
    changed: list[FormPage] = []
    for other in all_forms():
        if form.code in other.reads:
            changed += _renew(other, page)
    return changed


def _renew(form: Form, saved: CrfPage) -> list[FormPage]:
    source = source_of(saved.participant_id)
    of = {"page__participant": saved.participant_id, "page__form": form.code, "page__state": "submitted"}
    found = form.model.objects.filter(**of).exclude(page=saved).select_related("page__participant", "page__visit")
    changed: list[FormPage] = []
    for stored in found.order_by("page__visit__position", "page__repeat"):
        values = {name: getattr(stored, name) for name in form.items}
        assert form.derive
        derived = form.derive(values, PageContext(stored.page, form, values, source=source))
        if names := lay_on(stored, derived):
            stored.save(update_fields=names)
            changed.append(stored)
    return changed
