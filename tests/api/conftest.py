"""Programs that carry a token of one of the cast."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from prtras.accounts.models import User
from prtras.accounts.token_issuing import NewToken, issue


class Program:
    """Speaks JSON and reads English."""

    def __init__(self, text: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {text}", "Accept-Language": "en"})

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1/{address}", headers=headers)

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
        """POST or PUT, with headers by name (`if_match`)."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        sent = getattr(self.client, method)
        return sent(f"/api/v1/{address}", body or {}, content_type="application/json", headers=named)


@pytest.fixture
def token_of() -> Callable[..., str]:
    """The text of a new token of someone."""

    def make(person: User, scope: str = "write", site: str = "") -> str:
        last = timezone.localdate() + timedelta(days=30)
        vars(person).pop("current_memberships", None)
        return issue(NewToken("a test", scope, site, str(last)), user=person)[1]

    return make


@pytest.fixture
def program(token_of) -> Callable[..., Program]:
    """A program with a token of someone."""
    return lambda person, *scope: Program(token_of(person, *scope))
