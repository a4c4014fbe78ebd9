"""Acts on bundles that people lay before this installation: put aside, check in the worker, and forget.

An upload lies encrypted in a folder of its own, in no backup and no trail, until its check is over.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from prtras.accounts.encryption import decrypt, encrypt
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.exports import building, signing
from prtras.exports.models import BundleCheck
from prtras.exports.verify.all_checks import verify
from prtras.exports.verify.findings import Finding, Note, Report
from prtras.jobs.models import OPEN
from prtras.jobs.running import carry_out

SOURCE = "bundle check"


def request_check(content: bytes, name: str, *, user: User) -> BundleCheck:
    """Ask for the findings about a bundle. Raises PermissionDenied."""
    building.require_export(user)
    forget_left_behind()
    sha256 = hashlib.sha256(content).hexdigest()
    with acting(user, source=SOURCE):
        check = BundleCheck.objects.create(requested_by=user, name=name[:200], sha256=sha256, size=len(content))
        path = _path(check.pk)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(encrypt(b64encode(content).decode("ascii")), "ascii")
    return check


def run(check_id: UUID) -> BundleCheck | None:
    """Check an upload, which then goes; None when someone else claimed it."""
    done = carry_out(BundleCheck, check_id, SOURCE, _check)
    forget_left_behind()
    return done


def _check(check: BundleCheck) -> dict[str, object]:
    building.require_export(check.requested_by)
    content = b64decode(decrypt(_path(check.pk).read_text("ascii")))
    report = verify(content, signing.known_fingerprints(), run="signed")
    _path(check.pk).unlink()
    return {"report": _stored(report)}


def _stored(report: Report) -> dict[str, Any]:
    return {"findings": [asdict(each) for each in report.findings], "notes": [asdict(each) for each in report.notes]}


def report_of(check: BundleCheck) -> Report:
    """What was noticed, with its words in both languages."""
    stored: dict[str, Any] = check.report or {"findings": (), "notes": ()}
    return Report([Finding(**each) for each in stored["findings"]], [Note(**each) for each in stored["notes"]])


def forget_left_behind() -> None:
    """Delete uploads whose check is over, however it ended."""
    folder = Path(settings.UPLOADS_FOLDER)
    still_open = {str(pk) for pk in BundleCheck.objects.filter(status__in=OPEN).values_list("pk", flat=True)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in still_open:
            path.unlink(missing_ok=True)


def _path(check_id: UUID) -> Path:
    return Path(settings.UPLOADS_FOLDER) / str(check_id)
