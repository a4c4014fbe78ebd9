"""What people see when something is refused."""

import sys
from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prtras.ui.outage import is_outage, unavailable


def no_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a NUL is nobody's, and PostgreSQL could not look for it."""

    def guarded(request: HttpRequest) -> HttpResponse:
        return malformed(request) if "\0" in unquote(request.get_full_path()) else get_response(request)

    return guarded


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too large, too many fields, or not what a browser sends. Or the session could not be stored: see `failed`."""
    if is_outage(exception):
        return unavailable(request, exception)
    return render(request, "400.html", status=400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may see that it exists, but not do it."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """It does not exist, or not for this person."""
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Our fault; nothing was saved by halves. Or the database is away: then the page does without it."""
    error = sys.exception()
    if is_outage(error):
        return unavailable(request, error)
    return render(request, "500.html", status=500)
