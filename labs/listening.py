"""Act: take HL7 messages from a line (MLLP), each as a dry run that a person looks at. Nothing is imported by itself.

One connection is one thread; a person's right is asked for with every message. The protocol knows no sender: who may
reach the port is for the network to say, and `senders` for those that it lets through.
"""

import logging
import socket
import socketserver
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from labs import importing
from labs.files.hl7 import MEANING, NOT_ORU, is_hl7
from labs.files.mllp import ACCEPTED, ERROR, REJECTED, FrameRefused, Frames, answer, control_id
from labs.files.refusals import FileRefused
from labs.models import LabImport
from prtras.accounts.models import Site, User

#: Seconds in which a message that has begun must be whole, and after which a silent connection is closed.
LONGEST_MESSAGE, LONGEST_SILENCE = 30, 600
#: Connections at a time; a laboratory's system opens one.
MOST_CONNECTIONS = 20
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What became of a message: the code of its answer, why, and the dry run that was asked for, if it is a new one."""

    code: str
    text: str
    requested: LabImport | None = None


def receive(message: bytes, site: Site, *, user: User) -> Receipt:
    """Ask for the dry run of a message, once: a sender that had no answer sends it again."""
    if not is_hl7(message):
        return Receipt(REJECTED, "This is not an HL7 message.")
    try:
        if LabImport.objects.filter(site=site, file__sha256=sha256(message).hexdigest()).exists():
            return Receipt(ACCEPTED, "This message is known.")
        today = User.objects.get(pk=user.pk)  # with the rights of today: the listener runs for months
        name = f"MLLP {control_id(message) or 'message'}.hl7"[:200]
        requested = importing.request_import(site, message, name, MEANING, user=today, dry_run=True)
    except FileRefused as refused:
        is_other_kind = refused.text.en.endswith(NOT_ORU.en.rpartition("{n}")[2])
        return Receipt(REJECTED if is_other_kind else ERROR, refused.text.en)
    except PermissionDenied:
        return Receipt(REJECTED, "The right to import was withdrawn.")
    except (OperationalError, InterfaceError):
        _logger.exception("a message was refused: the database is away")
        return Receipt(REJECTED, "Not available now; send it again.")
    return Receipt(ACCEPTED, "Stored; a person decides.", requested)


class Listener(socketserver.TCPServer):
    """One port, for one site, in one person's name. `start` is called with each dry run that was asked for."""

    allow_reuse_address = True

    def __init__(
        self,
        address: tuple[str, int],
        site: Site,
        user: User,
        start: Callable[[LabImport], None],
        senders: Collection[str] = (),
    ) -> None:
        self.site, self.user, self.start, self.senders = site, user, start, frozenset(senders)
        self._connections, self._counting = 0, Lock()
        super().__init__(address, _Connection)

    def verify_request(self, request: object, client_address: object) -> bool:
        """Only those who may send, and not too many at a time."""
        host = str(cast(tuple[str, int], client_address)[0])
        return (not self.senders or host in self.senders) and self._connections < MOST_CONNECTIONS

    def process_request(self, request: Any, client_address: Any) -> None:
        """One more connection, until its handler is done."""
        self.count(1)
        super().process_request(request, client_address)

    def count(self, difference: int) -> None:
        """More or fewer connections; from any thread."""
        with self._counting:
            self._connections += difference


class ThreadedListener(socketserver.ThreadingMixIn, Listener):
    """The same with a thread for each connection: one that is slow holds up nobody else."""

    daemon_threads = True


class _Connection(socketserver.BaseRequestHandler):
    """The messages of one connection, answered one by one."""

    server: Listener
    request: socket.socket

    def handle(self) -> None:
        try:
            self._answer_all()
        except FrameRefused as refused:
            _logger.warning("connection closed: %s", refused)
        except (TimeoutError, ConnectionError):
            _logger.info("connection closed: nothing came, or it broke off")
        finally:
            self.server.count(-1)

    def _answer_all(self) -> None:
        frames, began = Frames(), 0.0
        while True:
            left = began + LONGEST_MESSAGE - time.monotonic() if frames.is_within else LONGEST_SILENCE
            if left <= 0:
                raise TimeoutError
            self.request.settimeout(left)
            arrived = self.request.recv(65_536)
            if not arrived:
                return
            began = began if frames.is_within else time.monotonic()
            for message in frames.messages(arrived):
                began = time.monotonic()
                self.request.sendall(self._answer(message))

    def _answer(self, message: bytes) -> bytes:
        close_old_connections()
        try:
            receipt = receive(message, self.server.site, user=self.server.user)
            if receipt.requested:
                self.server.start(receipt.requested)
        except Exception:  # whatever a message meets, its sender has an answer, and the log the error
            _logger.exception("a message could not be taken")
            receipt = Receipt(REJECTED, "Internal error; send it again.")
        finally:
            close_old_connections()
        return answer(message, receipt.code, receipt.text, timezone.localtime())
