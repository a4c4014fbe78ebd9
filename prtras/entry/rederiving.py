"""Derived values that look at other pages are computed anew when one of those is saved; what is held stays as it is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from prtras.crf.context import PageContext
from prtras.crf.models import CrfPage, FormPage, FormRow, assign_changed
from prtras.crf.records import Source, source_of
from prtras.crf.registry import Form, Tables, all_forms
from prtras.crf.visibility import derived_in_row, derived_values


def renew_after(pages: Sequence[CrfPage]) -> list[FormPage]:
    """Renew a participant's pages whose derived items look at those that were saved; those that changed. Inside an act.

    The pages are all of one participant, in the order in which they were saved: each saw those before it.
    """
    participant, saved = pages[0].participant_id, {page.form for page in pages}
    looking = [other for other in all_forms() if saved & set(other.reads)]
    renewing = {other.code: at for other in all_forms() if (at := _last_renewing(other, pages)) is not None}
    if not looking and not renewing:
        return []
    others = CrfPage.objects.filter(participant=participant, state="submitted", hold="").exclude(pk=pages[-1].pk)
    there = Counter(others.values_list("form", flat=True))
    changed: list[FormPage] = []
    for other in all_forms():
        if other in looking and there[other.code]:
            changed += _renew(other, participant, but=pages[-1])
        if other.code in renewing and there[other.code]:
            changed += renew_rows(other, participant, but=pages[renewing[other.code] :])
    return changed


def _last_renewing(form: Form, pages: Sequence[CrfPage]) -> int | None:
    """The last of the pages after which rows of this form are computed anew; those saved later saw it already."""
    if form.rows is None or form.rows.renewed_by is None:
        return None
    return max((at for at, page in enumerate(pages) if form.rows.renewed_by(page)), default=None)


def renew_rows(form: Form, participant: int, but: Collection[CrfPage] = ()) -> list[FormPage]:
    """Compute the rows of a participant's pages of a form anew, by visit; the pages that changed. Inside an act."""
    rows = form.rows
    assert rows
    assert rows.derive
    rows_to_renew = rows.model.objects.filter(
        page__participant=participant, page__form=form.code, page__state="submitted", page__hold="", void_reason=""
    )
    by_page: dict[UUID, list[FormRow]] = defaultdict(list)
    for row in rows_to_renew.exclude(page__in=[page.pk for page in but]).order_by("page", "row"):
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
    typed = [name for name, item in form.rows.items.items() if not item.derived]
    values = {str(getattr(row, form.rows.key_column)): {name: getattr(row, name) for name in typed} for row in listed}
    own = {name: getattr(stored, name) for name in form.items}
    context = PageContext(page, form, own, values, source=source, tables=tables)
    renewed = False
    for row in listed:
        key = str(getattr(row, form.rows.key_column))
        if names := assign_changed(row, derived_in_row(form, key, values[key], context)):
            row.save(update_fields=names)
            renewed = True
    return renewed


def _renew(form: Form, participant: int, but: CrfPage) -> list[FormPage]:
    source = source_of(participant)
    of = {"page__participant": participant, "page__form": form.code, "page__state": "submitted", "page__hold": ""}
    stored_pages = form.model.objects.filter(**of).exclude(page=but).select_related("page__participant", "page__visit")
    changed: list[FormPage] = []
    for stored in stored_pages.order_by("page__visit__position", "page__repeat"):
        values = {name: getattr(stored, name) for name in form.items}
        derived = derived_values(form, values, PageContext(stored.page, form, values, source=source))
        if names := assign_changed(stored, derived):
            stored.save(update_fields=names)
            changed.append(stored)
    return changed
