"""What a person may do next with one key: offered on the page that they see next, once."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from prtras.labels import T

_KEY = "offers"


@dataclass(frozen=True)
class Offer:
    """What is offered and why: a button that posts one field to an address."""

    text: T
    label: T
    address: str
    name: str
    value: str


def offer(request: HttpRequest, offered: Offer) -> None:
    """Keep an offer for the next page."""
    plain = {"text": [offered.text.zh, offered.text.en], "label": [offered.label.zh, offered.label.en],
            "address": offered.address, "name": offered.name, "value": offered.value}  # fmt: skip
    request.session[_KEY] = [*request.session.get(_KEY, []), plain]


def offers_of(request: HttpRequest) -> list[Offer]:
    """What was offered since the last page."""
    listed: list[dict[str, Any]] = request.session.pop(_KEY, [])
    return [Offer(T(*each["text"]), T(*each["label"]), each["address"], each["name"], each["value"]) for each in listed]
