"""Reading what a request names: pages, visits, numbers."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from prtras.crf.models import CrfPage

AT_ONCE = 100

WITHIN = ("participant", "visit__participant", "page__participant")


def number_in(request: HttpRequest, name: str) -> int:
    """A number of at most nine digits that was posted under a name; 0 for anything else."""
    return number_of(request.POST.get(name, ""))


def number_of(text: str) -> int:
    """A number of at most nine digits; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def uuid_of(text: str) -> UUID:
    """The id of a page. Raises Http404 for anything else."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def only_named(request: HttpRequest, pages: QuerySet[CrfPage]) -> QuerySet[CrfPage]:
    """Only one page, visit or participant, where the address names one."""
    named = request.GET
    if named.get("only"):
        pages = pages.filter(id=uuid_of(named["only"]))
    if named.get("participant"):
        pages = pages.filter(participant__number=named["participant"][:12])
    if named.get("visit", "").isdecimal() and len(named["visit"]) < 10:
        pages = pages.filter(visit=int(named["visit"]))
    return pages
