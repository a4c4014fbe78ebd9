"""A laboratory's system sends messages over a real line: each becomes a dry run, and none an import."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from labs import importing, listening
from labs.listening import Listener
from labs.models import LabImport, LabResult
from prtras.accounts.rights import Role
from prtras.audit.acting import acting

ORU = (Path(__file__).parents[1] / "reference" / "labs" / "oru-r01.hl7").read_bytes().replace(b"\r\n", b"\r")
ORU = ORU.replace(b"\n", b"\r").strip(b"\x0b\x1c\r") + b"\r"
Send = Callable[..., list[bytes]]


def framed(message: bytes) -> bytes:
    return b"\x0b" + message + b"\x1c\r"


@pytest.fixture
def listener(site: Any, lin: Any, enrolled: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """On a free port, in this thread: it sees the database of the test."""
    monkeypatch.setattr(listening, "close_old_connections", lambda: None)
    with Listener(("127.0.0.1", 0), site, lin, lambda requested: None) as server:
        server.timeout = 10
        yield server


@pytest.fixture
def send(listener: Listener) -> Send:
    """Bytes to the listener, in pieces, and the answers until it closes the line."""

    def sent(*pieces: bytes, end: bool = True) -> list[bytes]:
        answers: list[bytes] = []

        def speak() -> None:
            with socket.create_connection(listener.server_address, timeout=10) as line:  # type: ignore[arg-type]
                try:
                    for piece in pieces:
                        line.sendall(piece)
                    if end:
                        line.shutdown(socket.SHUT_WR)
                    while arrived := line.recv(65_536):
                        answers.append(arrived)
                except OSError:  # the other side has closed it
                    pass

        speaker = threading.Thread(target=speak)
        speaker.start()
        listener.handle_request()
        speaker.join(10)
        return [each for each in b"".join(answers).split(b"\x1c\r") if each]

    return sent


def code_of(answer: bytes) -> str:
    return answer.partition(b"MSA|")[2][:2].decode()


def test_it_works(send, listener):
    (answer,) = send(framed(ORU))
    assert code_of(answer) == "AA"
    requested = LabImport.objects.get()
    assert (requested.dry_run, requested.requested_by, requested.site) == (True, listener.user, listener.site)
    done = importing.run(requested.pk)
    assert done is not None
    assert done.report["problems"] == []
    assert not LabResult.objects.exists()


def test_the_worker_is_called_for_each_new_message(send, listener):
    started = []
    listener.start = started.append
    send(framed(ORU))
    assert started == [LabImport.objects.get()]


def test_several_messages_of_one_connection_are_answered_one_by_one(send):
    answers = send(framed(ORU), framed(ORU.replace(b"|P|", b"|T|")), framed(b"PID|1"))
    assert [code_of(answer) for answer in answers] == ["AA", "AA", "AR"]
    assert LabImport.objects.count() == 2


def test_a_message_in_pieces_is_one(send):
    whole = framed(ORU)
    answers = send(whole[:7], whole[7:300], whole[300:])
    assert [code_of(answer) for answer in answers] == ["AA"]


def test_a_message_that_comes_again_is_one_dry_run(send):
    send(framed(ORU))
    (answer,) = send(framed(ORU))
    assert (code_of(answer), LabImport.objects.count()) == ("AA", 1)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"rubbish", "AR"),
        (b"MSH|^~\\&|LIS|SZ|||20250825||ADT^A01|7|P|2.5\rPID|1", "AR"),
        (b"MSH|^~\\&|LIS|SZ|||20250825||ORU^R01|7|P|2.5\rnonsense", "AE"),
        (b"MSH|^~\\&|LIS|SZ|||20250825||ORU^R01|7|P|2.5\r", "AE"),
    ],
)
def test_what_cannot_be_taken_is_answered_and_not_stored(send, message, code):
    (answer,) = send(framed(message))
    assert code_of(answer) == code
    assert not LabImport.objects.exists()


def test_who_lost_the_right_has_nothing_tried(send, lin, system):
    with acting(system):
        lin.memberships.update(role=Role.MONITOR)
    (answer,) = send(framed(ORU))
    assert code_of(answer) == "AR"
    assert not LabImport.objects.exists()


def test_while_the_database_is_away_the_sender_is_asked_to_come_again(send, monkeypatch):
    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(importing, "request_import", away)
    (answer,) = send(framed(ORU))
    assert (code_of(answer), b"send it again" in answer) == ("AR", True)


def test_whatever_goes_wrong_the_sender_has_an_answer(send, listener, monkeypatch):
    monkeypatch.setattr(importing, "request_import", None)
    (answer,) = send(framed(ORU))
    assert code_of(answer) == "AR"


def test_what_is_no_frame_ends_the_connection(send):
    assert send(b"GET / HTTP/1.1\r\n\r\n", framed(ORU), end=False) == []
    assert not LabImport.objects.exists()


def test_a_message_that_does_not_end_in_time_ends_the_connection(send, monkeypatch):
    monkeypatch.setattr(listening, "LONGEST_MESSAGE", 0.2)
    assert send(framed(ORU)[:100], end=False) == []


def test_a_silent_connection_is_closed(send, monkeypatch):
    monkeypatch.setattr(listening, "LONGEST_SILENCE", 0.2)
    assert send(end=False) == []


def test_only_those_who_may_send_are_heard_and_not_too_many_at_a_time(send, listener, monkeypatch):
    listener.senders = frozenset({"192.0.2.1"})
    assert send(framed(ORU)) == []
    listener.senders = frozenset({"127.0.0.1"})
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 0)
    assert send(framed(ORU)) == []
    monkeypatch.undo()
    assert not LabImport.objects.exists()


def test_the_command_refuses_who_may_not_import(site, wang, eve, lin):
    for name, code in (("wang", "01"), ("eve", "01"), ("nobody", "01"), ("lin", "99")):
        with pytest.raises(CommandError, match="may not import"):
            call_command("labs_listen", "--site", code, "--user", name)
