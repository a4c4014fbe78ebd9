"""A broker that is away, or accepts and never answers: no request waits for it, and what was asked for is not lost."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.test import Client
from django.urls import reverse

from prtras.accounts.models import User
from prtras.celery import app
from prtras.exports.models import ExportJob
from tests.exports.releases import FIELDS


@pytest.fixture(params=["silent", "away"])
def broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real socket in the place of Redis."""
    with closing(socket.socket()) as place:
        place.bind(("127.0.0.1", 0))
        if request.param == "silent":
            place.listen()
        monkeypatch.setattr(app.conf, "broker_write_url", f"redis://127.0.0.1:{place.getsockname()[1]}/0")
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        yield


def test_a_request_for_the_worker_is_answered_within_two_seconds_and_stays(
    broker: None, client_of, zhao: User, django_capture_on_commit_callbacks, caplog: pytest.LogCaptureFixture
) -> None:
    browser: Client = client_of(zhao)
    browser.get(reverse("exports:index"))
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("exports:ask"), FIELDS)
    assert answer.status_code == 302
    assert time.monotonic() - began < 2
    assert ExportJob.objects.get().status == "queued"
    assert "kombu.exceptions.OperationalError" in caplog.text
