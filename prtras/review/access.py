"""Guarded reads of queries."""

from django.db.models import QuerySet

from prtras.accounts.access import sites_where
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.review.models import Query


def queries_visible_to(user: User) -> QuerySet[Query]:
    """Queries on pages of the reader's sites. A join: without statistics `page IN (SELECT ...)` is planned badly."""
    return Query.objects.filter(page__participant__site__in=sites_where(user, Action.SEE_PAGES))
