"""A bundle against its manifest: every file, its checksum, size and rows, SHA256SUMS, and the signature."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from prtras.exports import keys
from prtras.exports.keys import MANIFEST, SIGNATURE, SIGNING_KEY
from prtras.exports.verify.findings import Report, line_of
from prtras.exports.verify.records import Unreadable, records

SUMS = "SHA256SUMS"
#: What the manifest cannot list: itself, and what is made of it.
BESIDE = (MANIFEST, SIGNATURE, SUMS)
FACTS = {"study": str, "format": str, "data_cut": dict, "audit_head_seal": str, "parts": dict, "files": dict}
Files = Mapping[str, bytes]


def checked(files: Files, report: Report) -> Mapping[str, Any] | None:
    """The manifest with all files compared; None where it cannot be read."""
    facts = _facts(files, report)
    if facts is None:
        return None
    text = files[MANIFEST].decode()
    listed: Mapping[str, Any] = facts["files"]
    for name in sorted(listed.keys() - files.keys()):
        report.add("missing_file", name, line_of(text, f'"{name}": {{'))
    for name in sorted(files.keys() - listed.keys() - set(BESIDE)):
        report.add("unlisted_file", name)
    for name in sorted(files.keys() & listed.keys()):
        _compare(name, files[name], listed[name] if isinstance(listed[name], dict) else {}, report)
    if files.get(SUMS) != sums(files):
        report.add("other_sums", SUMS, _first_difference(files.get(SUMS, b""), sums(files)))
    return facts


def _facts(files: Files, report: Report) -> Mapping[str, Any] | None:
    if MANIFEST not in files:
        report.add("missing_file", MANIFEST)
        return None
    try:
        facts = json.loads(files[MANIFEST].decode(), object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as wrong:
        report.add("unreadable", MANIFEST, wrong.lineno, why=wrong.msg)
        return None
    except (ValueError, RecursionError):
        report.add("unreadable", MANIFEST, why="JSON")
        return None
    stated = facts if isinstance(facts, dict) else {}
    lacking = [name for name, kind in FACTS.items() if not isinstance(stated.get(name), kind)]
    for name in lacking:
        report.add("no_fact", MANIFEST, name=name)
    return None if lacking else stated


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no name stands twice: each reader would choose another one. Raises ValueError."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _compare(name: str, content: bytes, listed: Mapping[str, Any], report: Report) -> None:
    if listed.get("sha256") != hashlib.sha256(content).hexdigest():
        report.add("other_sha256", name)
    if listed.get("bytes") != len(content):
        report.add("other_bytes", name, actual=len(content), listed=str(listed.get("bytes")))
    if name.endswith(".csv"):
        try:
            rows = sum(1 for _ in records(content)) - 1
        except Unreadable as unreadable:
            report.add("unreadable", name, unreadable.line, why=unreadable.why)
            return
        if listed.get("rows") != rows:
            report.add("other_rows", name, actual=rows, listed=str(listed.get("rows")))


def sums(files: Files) -> bytes:
    """What `sha256sum -c` reads: every file but the signature and the list itself."""
    named = (name for name in sorted(files) if name not in (SUMS, SIGNATURE))
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in named).encode()


def _first_difference(one: bytes, other: bytes) -> int:
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((n for n, (here, there) in enumerate(lines, start=1) if here != there), 1)


def check_signature(files: Files, known: Collection[str], report: Report) -> bool:
    """Is the manifest signed, and by one of these keys (fingerprints)? Without keys a good signature is only noted."""
    try:
        key = keys.public_of(files[SIGNING_KEY])
        signature, content = files[SIGNATURE], files[MANIFEST]
    except (KeyError, keys.NoKey):
        report.add("no_signature", SIGNATURE)
        return False
    fingerprint = keys.fingerprint(key)
    if not keys.is_signature(key, signature, content):
        report.add("bad_signature", SIGNATURE)
        return False
    if not known:
        report.note("unknown_key", fingerprint=fingerprint)
    elif fingerprint in known:
        report.note("known_key", fingerprint=fingerprint)
        return True
    else:
        report.add("other_key", SIGNATURE, fingerprint=fingerprint)
    return False
