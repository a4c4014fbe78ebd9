"""What every page shows around its content."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from prtras.labels import T


@dataclass(frozen=True)
class MenuEntry:
    """One part of the site in the top bar, its place there, and for whom it is there.

    `finds` names the page that finds a participant by the number typed in the top bar (`?q=`).
    """

    order: int
    url: str
    title: T
    icon: str
    fits: Callable[[Any], bool]
    finds: str = ""


_menu: list[MenuEntry] = []


def register_menu(*entries: MenuEntry) -> None:
    """Add parts of the site to the top bar, each at its place."""
    _menu.extend(entries)
    _menu.sort(key=lambda entry: entry.order)


def frame(request: HttpRequest) -> dict[str, object]:
    """Language, environment badge and menu, for every template."""
    language = get_language() or settings.LANGUAGE_CODE
    user = getattr(request, "user", None)
    menu = [e for e in _menu if e.fits(user)] if user is not None and user.is_authenticated else []
    return {
        "language": language,
        "html_lang": "en" if language.startswith("en") else "zh-CN",
        "short_language": "en" if language.startswith("en") else "zh",
        "environment": settings.ENVIRONMENT,
        "menu": menu,
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
        "search": next((entry.finds for entry in menu if entry.finds), ""),
    }
