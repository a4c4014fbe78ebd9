"""MLLP, by which laboratory systems send HL7 v2 over a line: frames out of a stream of bytes, and the answer. Pure.

A frame is VT, the message, FS, CR (HL7 v2.5.1, appendix C). The answer is an ACK with the control id of the message
(MSH-10): AA it is stored, AE there is something wrong with it, AR it is refused whatever it says, or nobody can take it
now (chapter 2.9.2).
"""

import re
from datetime import datetime

START, END = b"\x0b", b"\x1c\r"
#: Bytes of the largest message; one with every analyte of a hospital has a hundredth of it.
LARGEST_MESSAGE = 5_000_000
ACCEPTED, ERROR, REJECTED = "AA", "AE", "AR"
#: Bytes of a field that is sent back; a control id has at most 199 (HL7 v2.9).
LONGEST_FIELD = 199


class FrameRefused(ValueError):
    """What arrives is no frame, or one that is too large; nothing behind it can be understood."""


class Frames:
    """Messages out of the bytes of one connection, as they arrive."""

    def __init__(self) -> None:
        self._waiting = b""

    @property
    def is_within(self) -> bool:
        """Whether a message has begun and its end is still to come."""
        return bool(self._waiting)

    def messages(self, arrived: bytes) -> list[bytes]:
        """The messages that are whole with these bytes. Raises FrameRefused."""
        self._waiting += arrived
        whole: list[bytes] = []
        while self._waiting.strip(b"\r\n"):
            self._waiting = self._waiting.lstrip(b"\r\n")
            if not self._waiting.startswith(START):
                raise FrameRefused("no frame")
            message, end, rest = self._waiting[1:].partition(END)
            if len(message) > LARGEST_MESSAGE:
                raise FrameRefused("too large")
            if not end:
                return whole
            whole.append(message)
            self._waiting = rest
        self._waiting = b""
        return whole


def header_of(message: bytes) -> list[bytes]:
    """The fields of MSH as they are numbered: the first is the separator. Empty for what is no message."""
    first = message.lstrip(b"\r\n").split(b"\r", 1)[0]
    return [b"MSH", *first[3:4].split(), *first[4:].split(first[3:4])] if first[:3] == b"MSH" and first[3:4] else []


def control_id(message: bytes) -> str:
    """MSH-10; empty where the message has none that can be repeated."""
    fields = header_of(message)
    sent = fields[10].strip() if len(fields) > 10 else b""
    return _plain(sent).decode("ascii")


def answer(message: bytes, code: str, text: str, now: datetime) -> bytes:
    """The framed ACK: from whom the message was to whom it was from."""
    fields = [*header_of(message), *[b""] * 12]
    sender, receiver = (b"|".join(_plain(each) for each in fields[at : at + 2]) for at in (3, 5))
    known = control_id(message).encode("ascii")
    head = [
        rb"MSH|^~\&",
        receiver,
        sender,
        now.strftime("%Y%m%d%H%M%S").encode(),
        b"",
        b"ACK^R01^ACK",
        known,
        b"P",
        b"2.5.1",
    ]
    words = re.sub(r"[^\w .,;:()'%/-]", "?", text, flags=re.ASCII)[:200].encode("ascii")
    return START + b"|".join(head) + b"\r" + b"|".join((b"MSA", code.encode(), known, words)) + b"\r" + END


def _plain(field: bytes) -> bytes:
    """A field that can stand in any answer; else nothing."""
    printable = all(32 <= byte < 127 for byte in field) and b"|" not in field
    return field if printable and len(field) <= LONGEST_FIELD else b""
