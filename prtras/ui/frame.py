"""What every page shows around its content."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from prtras.labels import T
from prtras.ui.offers import offers_of


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


@dataclass(frozen=True)
class Notice:
    """Something that cannot wait: it stands in the bar of every page, and leads to where it is dealt with."""

    url: str
    text: T
    urgent: bool = False


_menu: list[MenuEntry] = []
_notices: list[Callable[[Any], Notice | None]] = []


def register_menu(*entries: MenuEntry) -> None:
    """Add parts of the site to the top bar, each at its place."""
    _menu.extend(entries)
    _menu.sort(key=lambda entry: entry.order)


def register_notice(notice: Callable[[Any], Notice | None]) -> None:
    """Declare what may not wait: asked for every page of every person, so one short statement at most."""
    _notices.append(notice)


def menu_of(user: Any) -> list[MenuEntry]:
    """The parts of the site that are there for someone, in order."""
    return [entry for entry in _menu if entry.fits(user)]


def frame(request: HttpRequest) -> dict[str, object]:
    """Language, environment badge, menu and what cannot wait, for every template."""
    language = get_language() or settings.LANGUAGE_CODE
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    menu = menu_of(user) if signed_in else []
    return {
        "language": language,
        "html_lang": "en" if language.startswith("en") else "zh-CN",
        "short_language": "en" if language.startswith("en") else "zh",
        "environment": settings.ENVIRONMENT,
        "menu": menu,
        "notices": [notice for ask in _notices if (notice := ask(user))] if signed_in else [],
        "offers": offers_of(request) if signed_in else [],
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
        "search": next((entry.finds for entry in menu if entry.finds), ""),
    }
