"""What the tests of the doors share: a browser per language, and a form as the browser sends it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

import prtras.wsgi  # noqa: F401 - requests come in by the web server's door, which loads the Celery app
from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.labels import T
from tests import casebook

LANGUAGES = ("zh-hans", "en")
Send = Callable[..., HttpResponse]


def reads(client: Client, language: str) -> Client:
    """The same browser, now reading this language."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def shows(response: HttpResponse, text: str | T) -> bool:
    """The page has this text, escaped as it must be."""
    return escape(str(text)) in response.content.decode()


def entry(page: CrfPage) -> str:
    return reverse("entry:page", args=[page.id])


def body(form: str, page: CrfPage, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a clean form with some places changed, as seen at the page's present version."""
    return casebook.typed(form, **changes) | {"version": [str(page.version)], "shown": [""], "act": ["next"]}


@pytest.fixture
def send(client_of: Callable[[User], Client]) -> Send:
    """Submit a form in someone's browser: `send(lin, page, "consent", "en", icf_date="31/12")`."""

    def submit(person: User, page: CrfPage, form: str, language: str = "en", **changes: Any) -> HttpResponse:
        return reads(client_of(person), language).post(entry(page), body(form, page, **changes))

    return submit


@pytest.fixture
def says(send: Send) -> Callable[..., HttpResponse]:
    """The form is refused with a message, in both languages, and what was typed still stands in the page."""

    def check(person: User, page: CrfPage, form: str, message: T, **changes: Any) -> HttpResponse:
        for language in LANGUAGES:
            response = send(person, page, form, language, **changes)
            assert response.status_code == 422
            assert shows(response, message.in_language(language)), message.in_language(language)
            for value in changes.values():
                assert value is None or shows(response, value), f"{value} is lost"
        page.refresh_from_db()
        assert page.version == 0
        return response

    return check
