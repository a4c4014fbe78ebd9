"""What other parts take up when someone has logged in again."""

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

_takers: list[str] = []


def take_up_after_login(view: str) -> None:
    """Register, by its path, what may answer in place of the way on: from a request to an answer or None."""
    _takers.append(view)


def taken_up(request: HttpRequest) -> HttpResponse | None:
    """The first answer, if any part has one."""
    answers = (import_string(view)(request) for view in _takers)
    return next((answer for answer in answers if answer is not None), None)
