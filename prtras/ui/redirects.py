"""Where a person goes next: back to the page they came from, on to the page they wanted, or to what waits.

No target leads to another server.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

_after_sign_in: list[str] = []


def next_target(request: HttpRequest) -> str:
    """The address in `next`, if it is on this server; else empty."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


def back(request: HttpRequest, otherwise: str, *places: object) -> HttpResponse:
    """Back to the page that the request names in `next`, else to the named address."""
    target = next_target(request)
    return HttpResponseRedirect(target) if target else redirect(otherwise, *places)


def register_after_sign_in(view: str) -> None:
    """Register, by its dotted path, a function that may answer in place of the way on: from a request to an answer or
    None.
    """
    _after_sign_in.append(view)


def answer_after_sign_in(request: HttpRequest) -> HttpResponse | None:
    """The first answer of those registered, if any has one."""
    answers = (import_string(view)(request) for view in _after_sign_in)
    return next((answer for answer in answers if answer is not None), None)
