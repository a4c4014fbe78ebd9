"""Derived values that look at other pages are computed anew when one of those is saved; what is held stays as it is."""

from collections import defaultdict
from uuid import UUID

from prtras.crf.context import PageContext
from prtras.crf.models import CrfPage, FormPage, FormRow, assign_changed
from prtras.crf.records import Source, source_of
from prtras.crf.registry import Form, Tables, all_forms


def renew_derived(form: Form, page: CrfPage) -> list[FormPage]:
    """Renew the participant's other pages whose derived items look at this form; those that changed. Inside an act."""
    changed: list[FormPage] = []
    for other in all_forms():
        if form.code in other.reads:
            changed += _renew(other, page)
        if other.rows and other.rows.renewed_by and other.rows.renewed_by(page):
            changed += renew_rows(other, page.participant_id, but=page)
    return changed


def renew_rows(form: Form, participant: int, but: CrfPage | None = None) -> list[FormPage]:
    """Compute the rows of a participant's pages of a form anew, by visit; the pages that changed. Inside an act."""
    rows = form.rows
    assert rows
    assert rows.derive
    rows_to_renew = rows.model.objects.filter(
        page__participant=participant, page__form=form.code, page__state="submitted", page__hold="", void_reason=""
    )
    by_page: dict[UUID, list[FormRow]] = defaultdict(list)
    for row in rows_to_renew.exclude(page=but).order_by("page", "row"):
        by_page[row.page_id].append(row)
    source, tables, changed = source_of(participant), Tables(), []
    own = {each.page_id: each for each in form.model.objects.filter(page__in=by_page)} if by_page else {}
    pages = CrfPage.objects.filter(id__in=by_page).select_related("participant", "visit").order_by("visit__position")
    for page in pages if by_page else ():
        if _renew_page(form, page, own[page.pk], by_page[page.pk], source, tables):
            own[page.pk].page = page
            changed.append(own[page.pk])
            source = source_of(participant)  # later visits look at this one
    return changed


def _renew_page(
    form: Form, page: CrfPage, stored: FormPage, listed: list[FormRow], source: Source, tables: Tables
) -> bool:
    assert form.rows
    assert form.rows.derive
    typed = [name for name, item in form.rows.items.items() if not item.derived]
    values = {str(getattr(row, form.rows.key)): {name: getattr(row, name) for name in typed} for row in listed}
    own = {name: getattr(stored, name) for name in form.items}
    context = PageContext(page, form, own, values, source=source, tables=tables)
    renewed = False
    for row in listed:
        key = str(getattr(row, form.rows.key))
        if names := assign_changed(row, form.rows.derive(values[key], context.on_row(key))):
            row.save(update_fields=names)
            renewed = True
    return renewed


def _renew(form: Form, saved: CrfPage) -> list[FormPage]:
    source = source_of(saved.participant_id)
    of = {
        "page__participant": saved.participant_id,
        "page__form": form.code,
        "page__state": "submitted",
        "page__hold": "",
    }
    stored_pages = (
        form.model.objects.filter(**of).exclude(page=saved).select_related("page__participant", "page__visit")
    )
    changed: list[FormPage] = []
    for stored in stored_pages.order_by("page__visit__position", "page__repeat"):
        values = {name: getattr(stored, name) for name in form.items}
        assert form.derive
        derived = form.derive(values, PageContext(stored.page, form, values, source=source))
        if names := assign_changed(stored, derived):
            stored.save(update_fields=names)
            changed.append(stored)
    return changed
