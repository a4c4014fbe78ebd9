"""Messages to the person, shown on the next page in the language in which it is read."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import lazystr

from prtras.labels import T


def success(request: HttpRequest, text: T | str) -> None:
    """What was done."""
    messages.success(request, lazystr(text))


def warning(request: HttpRequest, text: T | str) -> None:
    """What still needs attention."""
    messages.warning(request, lazystr(text))


def error(request: HttpRequest, text: T | str) -> None:
    """Why nothing was done."""
    messages.error(request, lazystr(text))
