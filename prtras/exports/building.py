"""Acts on exports: request a bundle, build it, leave a row with status, log and checksum."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.utils import timezone

from prtras.accounts.access import may, require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.study import protocol
from prtras.datacut.cutting import reopen, take_cut
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot, sha256
from prtras.exports import verify
from prtras.exports.formats.csv import CSV, count_rows
from prtras.exports.formats.registry import Files, Format, format_of
from prtras.exports.models import ExportJob
from prtras.files import storing
from prtras.jobs.running import carry_out

#: What the study adds to a bundle: from a picture and its cut-off date to files.
Contributor = Callable[[Snapshot, date], Files]
_contributors: list[Contributor] = []
MOMENT = (2000, 1, 1, 0, 0, 0)  # in every zip entry, so that the same files give the same bytes


def register_files(contributor: Contributor) -> None:
    """Let an app of the study add files to every bundle."""
    _contributors.append(contributor)


def bundle_needs() -> tuple[str, ...]:
    """The rights that a bundle takes. One that holds every participant's arm is a look at results by arm as well."""
    return (Action.EXPORT, Action.SEE_BY_ARM) if protocol().arms else (Action.EXPORT,)


def may_export(user: User) -> bool:
    """May this person have a bundle?"""
    return all(may(user, action) for action in bundle_needs())


def require_export(user: User) -> None:
    """Raises PermissionDenied for who may have no bundle."""
    for action in bundle_needs():
        require(user, action)


def request_export(format: str = "csv", *, user: User, cut: DataCut | None = None) -> ExportJob:
    """Request a bundle, of the data as they are or of a data cut. Raises PermissionDenied, UnknownFormat."""
    require_export(user)
    with acting(user, source="export"):
        return ExportJob.objects.create(requested_by=user, format=format_of(format).code, cut=cut)


def build(job_id: UUID) -> ExportJob | None:
    """Build a requested bundle; None when someone else claimed it."""
    return carry_out(ExportJob, job_id, "export", _build)


def _build(job: ExportJob) -> dict[str, object]:
    user = job.requested_by
    require_export(user)
    if job.cut is None:
        cut, picture = take_cut(timezone.localdate(), user=user)
    else:
        cut, picture = job.cut, reopen(job.cut)
    return {"cut": cut, "file": storing.store(bundle(cut, picture, format_of(job.format)), user=user)}


def bundle(cut: DataCut, picture: Snapshot, format: Format) -> bytes:
    """One zip: the tables as CSV (the study's programs read these) and in another format; a manifest with checksums.

    It is read back from its bytes, each format for itself. Raises NotTheCut.
    """
    formats = {each.code: each for each in (CSV, format)}.values()
    files: Files = {}
    for each in formats:
        files |= each.write(picture) | (each.history(cut, picture) if each.history else {})
    for contributor in _contributors:
        files |= contributor(picture, cut.cutoff)
    readme = "".join(f"\n{each.readme.zh}\n{each.readme.en}" for each in formats)
    files["README.txt"] = files.get("README.txt", b"") + readme.encode()
    files["manifest.json"] = _manifest(cut, picture, files)
    content = zipped(files)
    for each in formats:
        verify.require_same(content, each, picture)
    return content


def _manifest(cut: DataCut, picture: Snapshot, files: Files) -> bytes:
    listed = {
        name: {"sha256": sha256(content), "bytes": len(content)}
        | ({"rows": count_rows(content)} if name.endswith(".csv") else {})
        for name, content in sorted(files.items())
    }
    facts = {
        "study": f"{protocol().code} ({protocol().registration})",
        "data_cut": {"created_at": picture.created_at, "cutoff": cut.cutoff.isoformat(), "sha256": cut.sha256},
        "audit_head_seal": cut.head_seal,
        "identifiers": "none: birth date and initials are left out",
        "files": listed,
    }
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()


def zipped(files: Files) -> bytes:
    """A zip whose bytes depend on its files only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, MOMENT), files[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
