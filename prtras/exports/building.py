"""Acts on exports: request a bundle, build it, leave a row with status, log and checksum."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
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
from prtras.exports import read_back, signing
from prtras.exports.columns import parts
from prtras.exports.deidentification import SHARE, SITE, Cell, released
from prtras.exports.formats.csv import CSV, count_rows
from prtras.exports.formats.registry import Files, Format, format_of
from prtras.exports.keys import MANIFEST, SIGNATURE, SIGNING_KEY
from prtras.exports.models import ExportJob
from prtras.exports.readme import CHECKING, EXPLAINED
from prtras.exports.release import NotAnswered, Release
from prtras.exports.verify.all_checks import verify
from prtras.exports.verify.manifest import SUMS, sums
from prtras.files import storing
from prtras.files.tables import csv_bytes, zipped
from prtras.jobs.running import carry_out
from prtras.labels import T

#: What the study adds to a bundle: from a picture and its cut-off date to files.
Contributor = Callable[[Snapshot, date], Files]
_contributors: list[Contributor] = []


#: Findings about what is stored, not about how it was written: the bundle of such data is the data cut all the same.
OF_THE_DATA = ("no_code", "no_value")


SITE_ONLY = T("稽查轨迹只随研究中心存档提供。", "The audit trail leaves in the archive of the site only.")
CELLS, SIGNERS = "k-anonymity.csv", "; data/signatures.csv names who signed"


class NotGood(Exception):
    """A bundle does not pass its own check; where and why."""


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


def request_export(
    release: Release, format: str = "csv", *, user: User, cut: DataCut | None = None
) -> ExportJob:  # fmt: skip
    """Request a bundle, of the data as they are or of a data cut.

    Raises PermissionDenied, UnknownFormat, and NotAnswered where the release does not say for what and for whom.
    """
    require_export(user)
    problems, chosen = release.problems(), format_of(format)
    if chosen.site_only and release.profile != SITE:
        problems.setdefault("profile", SITE_ONLY)
    if problems:
        raise NotAnswered(problems)
    with acting(user, source="export"):
        return ExportJob.objects.create(
            requested_by=user, format=chosen.code, cut=cut, **asdict(release)
        )  # fmt: skip


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
    key = signing.derived(f"pseudonyms {job.pk if job.profile == SHARE else protocol().code}")
    leaving = released(picture, job.profile, key, cut.cutoff)
    content = bundle(cut, leaving.picture, format_of(job.format), job.profile, leaving.cells)
    _require_good(content)
    signing.note_key(user=user)
    return {"cut": cut, "file": storing.store(content, user=user), "contents": _contents(content)}


def _contents(content: bytes) -> dict[str, dict[str, int]]:
    """What is in a bundle: bytes of every file, and rows of every CSV, as its manifest lists them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = json.loads(archive.read(MANIFEST))["files"]
        others = {entry.filename: {"bytes": entry.file_size} for entry in archive.infolist()}
    return others | {
        name: {key: facts[key] for key in ("bytes", "rows") if key in facts} for name, facts in listed.items()
    }


def _require_good(content: bytes) -> None:
    """What others will check is checked before anybody has it. Raises NotGood."""
    report = verify(content, {signing.fingerprint()}, run="never")
    wrong = [each for each in report.findings if each.code not in OF_THE_DATA]
    if wrong:
        raise NotGood("; ".join(f"{each.place}: {each.text.en}" for each in wrong[:3]))


def bundle(
    cut: DataCut, picture: Snapshot, format: Format, profile: str = SITE, cells: Sequence[Cell] = ()
) -> bytes:  # fmt: skip
    """One zip: the tables as CSV (the study's programs read these) and in another format; a manifest with checksums.

    The picture is what leaves, de-identified by its profile; with real numbers and dates also the history.

    It is read back from its bytes, each format for itself. Raises NotTheCut.
    """
    formats = {each.code: each for each in (CSV, format)}.values()
    files: Files = {}
    for each in formats:
        files |= each.write(picture) | (each.history(cut, picture) if each.history and profile == SITE else {})
    for contributor in _contributors:
        files |= contributor(picture, cut.cutoff)
    if profile != SITE:
        files[CELLS] = csv_bytes(("SEX", "AGE_FROM", "ARMCD", "PARTICIPANTS", "WITHHELD"), cells)
    readme = [
        EXPLAINED[profile],
        CHECKING.format(fingerprint=signing.fingerprint()),
        *(each.readme for each in formats),
    ]
    texts = [text for each in readme for text in (each.zh, each.en)]
    files["README.txt"] = "\n".join((files.get("README.txt", b"").decode(), *texts)).encode()
    files[SIGNING_KEY] = signing.public_key()
    files[MANIFEST] = _manifest(cut, picture, format, profile, files)
    files[SIGNATURE], files[SUMS] = signing.sign(files[MANIFEST]), sums(files)
    content = zipped(files)
    read_back.require_same(content, formats, picture)
    return content


def _manifest(cut: DataCut, picture: Snapshot, format: Format, profile: str, files: Files) -> bytes:
    listed = {
        name: {"sha256": sha256(content), "bytes": len(content)}
        | ({"rows": count_rows(content)} if name.endswith(".csv") else {})
        for name, content in sorted(files.items())
    }
    facts = {
        "study": f"{protocol().code} ({protocol().registration})",
        "format": format.code,
        "data_cut": {"created_at": picture.created_at, "cutoff": cut.cutoff.isoformat(), "sha256": cut.sha256},
        "audit_head_seal": cut.head_seal,
        "deidentification": profile,
        "identifiers": f"none of participants: no birth date, no initials{SIGNERS if profile == SITE else ''}",
        "parts": parts(),
        "files": listed,
    }
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode()
