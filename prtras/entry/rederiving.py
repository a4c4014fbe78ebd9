"""Derived values that look at other pages are computed anew when one of those is saved."""

from collections import defaultdict
from uuid import UUID

from prtras.crf.context import PageContext
from prtras.crf.models import CrfPage, FormPage, FormRow, lay_on
from prtras.crf.registry import Form, Tables, all_forms
from prtras.crf.stored import source_of


def renew_derived(form: Form, page: CrfPage) -> list[FormPage]:
    """Renew the participant's other pages whose derived items look at this form; those that changed. Inside an act."""
    changed: list[FormPage] = []
    for other in all_forms():
        if form.code in other.reads:
            changed += _renew(other, page)
        if other.rows and other.rows.renewed_by and other.rows.renewed_by(page):
            _renew_rows(other, page)
    return changed


def _renew_rows(form: Form, saved: CrfPage) -> None:
    """The rows of the participant's other pages of a form. Two statements, and one for each row that changed."""
    rows = form.rows
    assert rows
    assert rows.derive
    found = rows.model.objects.filter(
        page__participant=saved.participant_id, page__form=form.code, page__state="submitted", void_reason=""
    )
    by_page: dict[UUID, list[FormRow]] = defaultdict(list)
    for row in found.exclude(page=saved).order_by("page", "row"):
        by_page[row.page_id].append(row)
    source, tables = source_of(saved.participant_id), Tables()
    of_form = {stored.page: stored.values for stored in source(form.code)} if by_page else {}
    pages = CrfPage.objects.filter(id__in=by_page).select_related("participant", "visit") if by_page else ()
    for page in pages:
        values = {str(getattr(row, rows.key)): {n: getattr(row, n) for n in rows.items} for row in by_page[page.pk]}
        context = PageContext(page, form, of_form[page.pk], values, source=source, tables=tables)
        for row in by_page[page.pk]:
            key = str(getattr(row, rows.key))
            if names := lay_on(row, rows.derive(values[key], context.on_row(key))):
                row.save(update_fields=names)


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
