"""HL7 v2 result messages (ORU^R01) as a sheet: one line per OBX, with what its PID and OBR say before it. Pure.

Separators are the message's own (MSH-1, MSH-2), escapes are resolved, MLLP's frame may be there or not; several
messages in one file, also in a batch (FHS, BHS). The line of a result is its segment's in the file. Source: HL7 v2.5.1,
chapters 2 (2.7 escapes, 2.14 control segments) and 7 (observation reporting).
"""

import re
from dataclasses import dataclass, field

from labs.files.names import named
from labs.files.refusals import FileRefused
from labs.files.workbooks import MAX_ROWS, NO_ENCODING, TOO_MUCH, Sheet
from prtras.labels import T

#: The columns of the sheet, named after the fields from which they come.
COLUMNS = ("PID-3", "PID-5", "PID-7", "PID-8", "OBX-14", "OBX-3", "OBX-5", "OBX-6", "OBX-7", "OBX-8", "OBX-11",
           "OBX-23", "OBR-3", "SPM-4", "OBX-17")  # fmt: skip
#: What they mean, as the mapping of a long file.
MEANING = {
    "participant": "PID-3", "initials": "PID-5", "birth": "PID-7", "sex": "PID-8", "date": "OBX-14", "item": "OBX-3",
    "result": "OBX-5", "unit": "OBX-6", "range": "OBX-7", "flag": "OBX-8", "status": "OBX-11",
    "laboratory": "OBX-23", "report": "OBR-3", "specimen": "SPM-4", "method": "OBX-17",
}  # fmt: skip
NOT_ORU = T(
    "第 {n} 行的消息不是 ORU^R01，不能导入。", "The message in line {n} is not an ORU^R01; it cannot be imported."
)
BROKEN = T("第 {n} 行不是有效的 HL7 段。", "Line {n} is not a valid HL7 segment.")
#: Character sets that a message may name (MSH-18; HL7 table 0211).
CHARSETS = {"UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "GB 18030-2000": "gb18030", "GB18030": "gb18030",
            "GBK": "gb18030", "GB2312": "gb18030", "BIG-5": "big5hkscs", "ASCII": "ascii"}  # fmt: skip
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


@dataclass
class _Message:
    """What is known of the message in hand: its separators, who sends it, and what its PID and OBR say."""

    separators: str = "|^~\\&"
    person: dict[str, str] = field(default_factory=dict)
    sample: str = ""
    report: str = ""
    specimen: str = ""
    sender: str = ""

    @property
    def bar(self) -> str:
        return self.separators[0]

    @property
    def caret(self) -> str:
        return self.separators[1]


def is_hl7(content: bytes) -> bool:
    """Whether a file begins as HL7 messages do."""
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b"\x0b\r\n\t ")
    return (
        start[:3] in (b"MSH", b"FHS", b"BHS") and start[3:4] != b"" and not start[3:4].isalnum() and start[3:4] != b","
    )


def read_messages(content: bytes, name: str) -> Sheet:
    """The results of all messages of a file. Raises FileRefused."""
    lines: list[tuple[str, ...]] = [COLUMNS]
    numbers = [1]
    message, order = _Message(), 1  # where the lines of the order in hand begin
    for number, segment in enumerate(re.split(r"\r\n|\r|\n", _decoded(content, name)), start=1):
        segment = segment.strip("\x0b\x1c ")
        if not segment:
            continue
        kind = segment[:3]
        if not _SEGMENT.fullmatch(kind):
            raise FileRefused(BROKEN.format(n=number))
        if kind == "MSH":
            message = _begin(segment, number)
        elif kind == "OBX":
            lines.append(_result(segment.split(message.bar), message))
            numbers.append(number)
        else:
            order = len(lines) if kind in ("PID", "OBR") else order
            _hear(kind, segment.split(message.bar), message)
            if kind == "SPM":  # it may stand behind the results of its order (HL7 v2.5.1, ORU^R01)
                lines[order:] = [_of_specimen(line, message) for line in lines[order:]]
        if len(lines) > MAX_ROWS:
            raise FileRefused(TOO_MUCH)
    return Sheet("HL7", tuple(lines), numbers=tuple(numbers))


def _decoded(content: bytes, name: str) -> str:
    """The text in the character set that the first message names, else UTF-8, else GB18030."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    start = content[content.find(b"MSH") :]
    fields = start.replace(b"\n", b"\r").split(b"\r", 1)[0].split(start[3:4] or b"|")
    declared = CHARSETS.get(
        fields[17].split(b"~")[0].decode("ascii", "replace").strip().upper() if len(fields) > 17 else "", ""
    )
    for encoding in filter(None, (declared, "utf-8", "gb18030")):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(NO_ENCODING.format(n=name))


def _begin(segment: str, number: int) -> _Message:
    """A new message with its own separators. Raises FileRefused for one that holds no results."""
    message = _Message(
        segment[3:4] + (segment[4:8].split(segment[3:4])[0] + "^~\\&"[len(segment[4:8].split(segment[3:4])[0]) :])
    )
    fields = segment.split(message.bar)
    kind = fields[8].split(message.caret) if len(fields) > 8 else [""]
    if kind[0] != "ORU":
        raise FileRefused(NOT_ORU.format(n=number))
    message.sender = _first(fields, 3, message)  # MSH-4: the separator itself is MSH-1
    return message


def _hear(kind: str, fields: list[str], message: _Message) -> None:
    """Keep what a PID or OBR says; a SPM's time of collection counts before the OBR's."""
    if kind == "PID":
        message.person = {
            "PID-3": _first(fields, 3, message), "PID-5": _name(fields, message),
            "PID-7": _first(fields, 7, message)[:8], "PID-8": _first(fields, 8, message),
        }  # fmt: skip
        message.sample = ""
    elif kind == "OBR":
        message.report = _first(fields, 3, message) or _first(fields, 2, message)
        message.sample = _first(fields, 7, message)
        message.specimen = _source(fields, message)
    elif kind == "SPM":
        message.sample = _first(fields, 17, message) or message.sample
        message.specimen = _named(fields, 4, message) or message.specimen


def _of_specimen(line: tuple[str, ...], message: _Message) -> tuple[str, ...]:
    """A line with what the specimen of its order says."""
    stated = {"SPM-4": message.specimen, "OBX-14": _clock(message.sample) if message.sample else ""}
    return tuple(stated.get(column) or cell for column, cell in zip(COLUMNS, line, strict=True))


def _result(fields: list[str], message: _Message) -> tuple[str, ...]:
    """The line of one OBX: its own time of observation counts only where neither OBR nor SPM has one.

    The laboratory is the one that performed the test (OBX-23), else who sends the message (MSH-4).
    """
    own = {
        "OBX-14": _clock(message.sample or _first(fields, 14, message)), "OBX-3": _item(fields, message),
        "OBX-5": _value(fields, message), "OBX-6": _unit(fields, message), "OBX-7": _plain(fields, 7, message),
        "OBX-8": _plain(fields, 8, message).split(message.separators[2])[0], "OBX-11": _plain(fields, 11, message),
        "OBX-23": _first(fields, 23, message) or message.sender, "OBR-3": message.report,
        "SPM-4": message.specimen, "OBX-17": _named(fields, 17, message),
    }  # fmt: skip
    return tuple((message.person | own).get(column, "") for column in COLUMNS)


def _plain(fields: list[str], at: int, message: _Message) -> str:
    return _unescaped(fields[at], message).strip() if at < len(fields) else ""


def _parts(fields: list[str], at: int, message: _Message) -> list[str]:
    """The components of a field's first repetition, unescaped."""
    if at >= len(fields):
        return [""]
    first = fields[at].split(message.separators[2])[0]
    return [_unescaped(part, message).strip() for part in first.split(message.caret)]


def _source(fields: list[str], message: _Message) -> str:
    """The specimen of OBR-15: its first component, whose parts are code, text and system."""
    first = fields[15].split(message.separators[2])[0].split(message.caret)[0] if len(fields) > 15 else ""
    code, *rest = (_unescaped(part, message).strip() for part in first.split(message.separators[4]))
    return (rest[0] if rest else "") or code


def _named(fields: list[str], at: int, message: _Message) -> str:
    """The text of a coded field, else its code."""
    code, *rest = _parts(fields, at, message)
    return (rest[0] if rest else "") or code


def _first(fields: list[str], at: int, message: _Message) -> str:
    return _parts(fields, at, message)[0]


def _name(fields: list[str], message: _Message) -> str:
    """Family and given name; apart where they are in Latin letters."""
    return " ".join(filter(None, _parts(fields, 5, message)[:2]))


def _item(fields: list[str], message: _Message) -> str:
    """Of code, text, other code and other text (CWE.1, 2, 4, 5) the first that names a lab test; else the text."""
    parts = (*_parts(fields, 3, message), "", "", "", "", "")
    texts = [text for text in (parts[0], parts[1], parts[3], parts[4]) if text]
    return next((text for text in texts if named(text)), parts[1] or parts[0])


def _value(fields: list[str], message: _Message) -> str:
    """OBX-5 by the type in OBX-2: a structured number as `<10`, of a coded entry its text, of others the whole text."""
    kind, parts = _first(fields, 2, message), _parts(fields, 5, message)
    if kind == "SN":
        sign, number, between, second = (*parts, "", "", "", "")[:4]
        return f"{sign.replace('=', '') if sign in ('=', '') else sign}{number}{between}{second}"
    if kind in ("CE", "CWE", "CNE"):
        return next((text for text in (*parts[1:2], *parts[:1]) if text), "")
    return _plain(fields, 5, message)


def _unit(fields: list[str], message: _Message) -> str:
    parts = _parts(fields, 6, message)
    return parts[0] or (parts[1] if len(parts) > 1 else "")


def _clock(text: str) -> str:
    """A time stamp without its zone and the parts of a second: the site's own clock is what the laboratory's shows."""
    return re.split(r"[+.-]", text)[0]


def _unescaped(text: str, message: _Message) -> str:
    """`\\F\\`, `\\S\\`, `\\T\\`, `\\R\\`, `\\E\\`, `\\Xhh\\` (UTF-8) and `\\.br\\`; others go."""
    sign = message.separators[3:4] or "\\"
    if sign not in text:
        return text
    known = dict(zip("FSRET", message.separators[:4] + message.separators[4:5], strict=False))
    pieces = text.split(sign)
    for at in range(1, len(pieces) - 1, 2):
        code = pieces[at]
        if code in known:
            pieces[at] = known[code]
        elif code.startswith("X") and _HEX.fullmatch(code[1:]):
            pieces[at] = bytes.fromhex(code[1:]).decode("utf-8", "replace")
        else:
            pieces[at] = " " if code in (".br", ".sp") else ""
    return "".join(pieces)
