"""Guarded reads of the casebook. Pages and participants of other sites do not exist (404)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from prtras.accounts.access import require, sites_where
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.crf.models import CrfPage, Participant, Visit


def participants_visible_to(user: User) -> QuerySet[Participant]:
    """The participants of the reader's sites."""
    return Participant.objects.filter(site__in=sites_where(user, Action.SEE_PAGES))


def participant_for(user: User, number: str) -> Participant:
    """The participant, if the reader may see them. Raises Http404; PermissionDenied for a role that sees no pages."""
    require(user, Action.SEE_PAGES)
    return get_object_or_404(participants_visible_to(user).select_related("site"), number=number)


def pages_visible_to(user: User) -> QuerySet[CrfPage]:
    """The pages of the reader's sites."""
    return CrfPage.objects.filter(participant__site__in=sites_where(user, Action.SEE_PAGES))


def page_for_view(user: User, page_id: UUID) -> CrfPage:
    """The page, if the person may read it. Raises Http404, PermissionDenied."""
    return _page(user, page_id, "participant__site", "visit", "submitted_by")


def page_for_edit(user: User, page_id: UUID) -> CrfPage:
    """The page, if the person may write it. Raises Http404, PermissionDenied; also for a page that is void."""
    page = page_for_voiding(user, page_id)
    if page.state == "void":
        raise PermissionDenied("void")
    return page


def page_for_voiding(user: User, page_id: UUID) -> CrfPage:
    """The page, if the person may mark it as entered in error or bring it back. Raises Http404, PermissionDenied."""
    page = _page(user, page_id, "participant", "visit")
    if page.participant.site_id not in sites_where(user, Action.EDIT_PAGE):
        raise PermissionDenied(Action.EDIT_PAGE)
    return page


def _page(user: User, page_id: UUID, *related: str) -> CrfPage:
    require(user, Action.SEE_PAGES)
    return get_object_or_404(pages_visible_to(user).select_related(*related), id=page_id)


def visits_visible_to(user: User) -> QuerySet[Visit]:
    """The visits of the reader's sites."""
    return Visit.objects.filter(participant__site__in=sites_where(user, Action.SEE_PAGES))
