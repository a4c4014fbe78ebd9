"""What a request names."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from prtras.crf.models import CrfPage

AT_ONCE = 100

WITHIN = ("participant", "visit__participant", "page__participant")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _asked_for(request: HttpRequest, pages: QuerySet[CrfPage]) -> QuerySet[CrfPage]:
    """Only one page, visit or participant, where the address names one."""
    asked = request.GET
    if asked.get("only"):
        pages = pages.filter(id=_uuid(asked["only"]))
    if asked.get("participant"):
        pages = pages.filter(participant__number=asked["participant"][:12])
    if asked.get("visit", "").isdecimal() and len(asked["visit"]) < 10:
        pages = pages.filter(visit=int(asked["visit"]))
    return pages
