"""What a request names."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from prtras.crf.models import CrfPage

AT_ONCE = 100

WITHIN = ("participant", "visit__participant", "page__participant")


def number_in(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def uuid_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def only_named(request: HttpRequest, pages: QuerySet[CrfPage]) -> QuerySet[CrfPage]:
    """Only one page, visit or participant, where the address names one."""
    asked = request.GET
    if asked.get("only"):
        pages = pages.filter(id=uuid_of(asked["only"]))
    if asked.get("participant"):
        pages = pages.filter(participant__number=asked["participant"][:12])
    if asked.get("visit", "").isdecimal() and len(asked["visit"]) < 10:
        pages = pages.filter(visit=int(asked["visit"]))
    return pages
