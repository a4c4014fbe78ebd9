"""Frames out of a stream of bytes, and the answer that a laboratory's system expects."""

from datetime import datetime

import pytest

from labs.files import mllp
from labs.files.mllp import FrameRefused, Frames, answer, control_id

MESSAGE = b"MSH|^~\\&|LIS|SZ1|EDC|SZ|20250825083000||ORU^R01|M-17|P|2.5.1\rPID|1||01-001\r"
NOW = datetime(2026, 11, 30, 8, 30)


def framed(message: bytes) -> bytes:
    return b"\x0b" + message + b"\x1c\r"


def test_it_works():
    assert Frames().messages(framed(MESSAGE)) == [MESSAGE]


def test_a_message_may_arrive_byte_by_byte_and_several_at_once():
    frames, whole = Frames(), []
    for byte in framed(MESSAGE) + framed(b"MSH|2"):
        whole += frames.messages(bytes([byte]))
    assert whole == [MESSAGE, b"MSH|2"]
    assert not frames.is_within
    assert Frames().messages(framed(b"a") + b"\r\n" + framed(b"b") + b"\x0bc") == [b"a", b"b"]


def test_it_says_whether_a_message_has_begun():
    frames = Frames()
    frames.messages(b"\x0bMSH")
    assert frames.is_within


def test_what_is_no_frame_or_too_large_is_refused(monkeypatch):
    with pytest.raises(FrameRefused, match="no frame"):
        Frames().messages(b"GET / HTTP/1.1\r\n")
    monkeypatch.setattr(mllp, "LARGEST_MESSAGE", 10)
    with pytest.raises(FrameRefused, match="too large"):
        Frames().messages(b"\x0b" + b"x" * 11)


def test_the_answer_goes_back_to_where_the_message_came_from_with_its_control_id():
    assert answer(MESSAGE, "AA", "Stored; a person decides.", NOW) == framed(
        b"MSH|^~\\&|EDC|SZ|LIS|SZ1|20261130083000||ACK^R01^ACK|M-17|P|2.5.1\rMSA|AA|M-17|Stored; a person decides.\r"
    )


@pytest.mark.parametrize("message", [b"", b"MSH", b"MSH|", b"rubbish", b"MSH|^~\\&|" + b"|" * 7 + b"\xff\xfe"])
def test_of_a_message_without_a_control_id_the_answer_has_none(message):
    assert control_id(message) == ""
    assert b"MSA|AR||no" in answer(message, "AR", "no", NOW)


def test_other_separators_are_understood_and_nothing_breaks_the_answer():
    odd = b"MSH#*~\\&#LIS#SZ|1#EDC#SZ###ORU*R01#7#P#2.5"
    assert control_id(odd) == "7"
    assert answer(odd, "AE", "a|b\rc^d 标本", NOW).split(b"\r")[:2] == [
        b"\x0bMSH|^~\\&|EDC|SZ|LIS||20261130083000||ACK^R01^ACK|7|P|2.5.1", b"MSA|AE|7|a?b?c?d ??",
    ]  # fmt: skip


@pytest.mark.parametrize(("length", "sent_back"), [(199, True), (200, False)])
def test_a_field_of_more_than_199_bytes_is_not_sent_back(length, sent_back):
    known, name = b"7" * length, b"L" * length
    message = MESSAGE.replace(b"M-17", known).replace(b"|LIS|", b"|" + name + b"|")
    head, acknowledged = answer(message, "AA", "Stored.", NOW).split(b"\r")[:2]
    assert control_id(message) == (known.decode() if sent_back else "")
    assert acknowledged == b"MSA|AA|" + (known if sent_back else b"") + b"|Stored."
    assert head.split(b"|")[4] == (name if sent_back else b"")
