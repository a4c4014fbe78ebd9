"""What may be typed into a text item, suggested while typing: a study's lists by name. Free text is always allowed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404, JsonResponse

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.rights import Action
from prtras.labels import T


@dataclass(frozen=True)
class Suggestion:
    """One term, and the group in which it stands."""

    text: T
    group: T


_lists: dict[str, Callable[[], Sequence[Suggestion]]] = {}


def register_suggestions(name: str, load: Callable[[], Sequence[Suggestion]]) -> None:
    """Declare a list that items name by `suggests`."""
    _lists[name] = load


@requires(Action.SEE_PAGES)
def suggestions(request: AuthenticatedRequest, name: str) -> JsonResponse:
    """A list with what each term is found by: both languages, and the initials of its pinyin."""
    if name not in _lists:
        raise Http404
    listed = [
        {"text": str(each.text), "group": str(each.group), "keys": [each.text.zh, each.text.en.lower(), *initials]}
        for each, initials in _with_initials(name)
    ]
    return JsonResponse({"terms": listed})


@cache
def _with_initials(name: str) -> list[tuple[Suggestion, list[str]]]:
    return [(each, initials_of(each.text.zh)) for each in _lists[name]()]


def _as_typed(other: str) -> Any:
    """What is not Chinese stands for itself, letter by letter."""
    return list(other.lower())


def initials_of(text: str) -> list[str]:
    """The first letters of a Chinese text in pinyin, such as `fr` of 发热; every reading of its first character."""
    from pypinyin import Style, pinyin  # its dictionary takes a moment, for who types an event

    letters = pinyin(text, style=Style.FIRST_LETTER, heteronym=True, errors=_as_typed)
    first, *others = letters or [[""]]
    return [(each + "".join(choices[0] for choices in others)) for each in first]
