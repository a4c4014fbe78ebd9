"""Acts on exports: ask for a bundle, build it, leave a row with status, log and checksum."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.utils import timezone

from prtras.accounts.access import require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.exports import writers
from prtras.exports.cutting import take_cut
from prtras.exports.models import DataCut, ExportJob
from prtras.exports.snapshot import Snapshot, sha256
from prtras.files import keeping

Files = dict[str, bytes]
#: What the study adds to a bundle: from a picture and its cut-off date to files.
Contributor = Callable[[Snapshot, date], Files]
_contributors: list[Contributor] = []
MOMENT = (2000, 1, 1, 0, 0, 0)  # in every zip entry, so that the same files give the same bytes


class Short(Exception):
    """The bundle would have lacked rows: it fails loudly."""


def register_files(contributor: Contributor) -> None:
    """Let an app of the study add files to every bundle."""
    _contributors.append(contributor)


def request_export(*, user: User) -> ExportJob:
    """Ask for a bundle. Raises PermissionDenied."""
    require(user, Action.EXPORT)
    with acting(user, source="export"):
        return ExportJob.objects.create(requested_by=user)


def build(job_id: UUID) -> ExportJob | None:
    """Build a requested bundle; None when someone else claimed it."""
    user = ExportJob.objects.select_related("requested_by").get(id=job_id).requested_by
    with acting(user, source="export"):
        claimed = ExportJob.objects.filter(id=job_id, status="queued").update(
            status="running", started_at=timezone.now()
        )
    if not claimed:
        return None
    try:
        require(user, Action.EXPORT)
        cut, picture = take_cut(timezone.localdate(), user=user)
        stored = keeping.keep(bundle(cut, picture), user=user)
    except Exception as failed:  # the page of exports says what went wrong; the worker's log has the rest
        _finish(job_id, user, status="failed", log=f"{type(failed).__name__}: {failed}")
        raise
    _finish(job_id, user, status="done", cut=cut, file=stored, log=f"{picture.rows} rows")
    return ExportJob.objects.get(id=job_id)


def _finish(job_id: UUID, user: User, **changes: object) -> None:
    with acting(user, source="export"):
        ExportJob.objects.filter(id=job_id).update(finished_at=timezone.now(), **changes)


def bundle(cut: DataCut, picture: Snapshot) -> bytes:
    """One zip: a CSV per form, codebook, value labels, what the study adds, and a manifest that counts and hashes."""
    files = {f"data/{name}.csv": writers.csv_table(name, rows) for name, rows in picture.tables.items()}
    _count(files, picture)
    files["codebook.csv"] = writers.codebook()
    files["value_labels.csv"] = writers.value_labels()
    for contributor in _contributors:
        files |= contributor(picture, cut.cutoff)
    files["manifest.json"] = _manifest(cut, picture, files)
    return zipped(files)


def _count(files: Files, picture: Snapshot) -> None:
    for name, rows in picture.tables.items():
        written = writers.count_rows(files[f"data/{name}.csv"])
        if written != len(rows):
            raise Short(f"{name}: {written} of {len(rows)} rows written")


def _manifest(cut: DataCut, picture: Snapshot, files: Files) -> bytes:
    listed = {
        name: {"sha256": sha256(content), "bytes": len(content)}
        | ({"rows": writers.count_rows(content)} if name.endswith(".csv") else {})
        for name, content in sorted(files.items())
    }
    facts = {
        "study": "PRTRAS-001 (NCT07120750)",
        "data_cut": {"taken_at": picture.taken_at, "cutoff": cut.cutoff.isoformat(), "sha256": cut.sha256},
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
