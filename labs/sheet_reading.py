"""Acts on photographed laboratory sheets: read by the worker, confirmed by a person, then a laboratory import.

The picture carries the patient's name. It lies encrypted in a folder of its own, in no backup, trail or stored file,
and is deleted as soon as the sheet is confirmed, discarded or too old.
"""

import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from labs import importing
from labs.models import LabImport, LabSheet
from labs.sheets import recogniser
from labs.sheets.confirmation import Confirmation, as_file
from labs.sheets.pictures import clean_picture
from labs.sheets.sheet_lines import lines_of
from labs.sheets.values import SheetValue, values_of
from prtras.accounts.access import require, system_user
from prtras.accounts.encryption import Unreadable, decrypt, encrypt
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.models import Participant
from prtras.jobs.running import carry_out

CONFIRMED, DISCARDED, EXPIRED = "confirmed", "discarded", "expired"
SOURCE = "laboratory sheet"
#: How old a picture without an open sheet is before it is swept up: a younger one may be of an upload under way.
BROKEN_OFF = 3600  # seconds


class SheetClosed(Exception):
    """Somebody confirmed or discarded it, or it is too old; its picture is gone."""


def request_reading(participant: Participant, content: bytes, *, user: User) -> LabSheet:
    """Ask for a sheet to be read. The name of the file is dropped. Raises PermissionDenied, FileRefused."""
    require(user, Action.IMPORT_RESULTS, participant.site)
    picture = clean_picture(content)
    with acting(user, source=SOURCE):
        sheet = LabSheet.objects.create(requested_by=user, site=participant.site, participant=participant)
        _put_aside(sheet, picture)
    return sheet


def run(sheet_id: UUID) -> LabSheet | None:
    """Read a sheet; None when someone else claimed it."""
    return carry_out(LabSheet, sheet_id, SOURCE, _read)


def _read(sheet: LabSheet) -> Mapping[str, object]:
    require(sheet.requested_by, Action.IMPORT_RESULTS, sheet.site)
    if sheet.outcome:  # discarded before its turn came
        return {"reading": None}
    picture = picture_of(sheet)
    values, strangers = values_of(lines_of(recogniser.recognise(picture)))
    return {"reading": {"values": [asdict(value) for value in values], "strangers": strangers}}


def picture_of(sheet: LabSheet) -> bytes:
    """The picture of an open sheet. Raises SheetClosed."""
    if sheet.outcome:
        raise SheetClosed(sheet.pk)
    try:
        return b64decode(decrypt(_path(sheet).read_text("ascii")))
    except (OSError, Unreadable):
        raise SheetClosed(sheet.pk) from None


def read_values(sheet: LabSheet) -> list[SheetValue]:
    """What was read of a sheet."""
    return [SheetValue(**plain) for plain in (sheet.reading or {}).get("values", ())]


def confirm(sheet: LabSheet, confirmed: Confirmation, *, user: User) -> LabImport:
    """Make what a person confirmed a laboratory import, tried and not yet done; the picture goes.

    Raises PermissionDenied, SheetClosed, FileRefused (the same values were imported before).
    """
    require(user, Action.IMPORT_RESULTS, sheet.site)
    assert confirmed.is_complete
    content, meaning = as_file(confirmed, sheet.participant.number)
    with acting(user, source=SOURCE):
        _close(sheet, CONFIRMED)
        name = f"sheet {sheet.participant.number} {confirmed.whole['date']}.csv"
        became = importing.request_import(sheet.site, content, name, meaning, user=user, dry_run=True)
        LabSheet.objects.filter(pk=sheet.pk).update(became=became)
    return became


def discard(sheet: LabSheet, *, user: User) -> None:
    """Drop a sheet; the picture goes. Raises PermissionDenied, SheetClosed."""
    require(user, Action.IMPORT_RESULTS, sheet.site)
    with acting(user, source=SOURCE):
        _close(sheet, DISCARDED)


def forget_old() -> int:
    """Close the sheets that nobody confirmed within `SHEET_DAYS`, and delete pictures that no open sheet has."""
    since = timezone.now() - timedelta(days=settings.SHEET_DAYS)
    for sheet in LabSheet.objects.filter(outcome="", requested_at__lt=since):
        with acting(system_user(), source=SOURCE), suppress(SheetClosed):
            _close(sheet, EXPIRED)
    left = list(_left_behind(Path(settings.SHEETS_FOLDER)))
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _left_behind(folder: Path) -> Iterator[Path]:
    """Pictures that no open sheet has, of uploads that were broken off or of a process that died at the end."""
    still_open = {str(pk) for pk in LabSheet.objects.filter(outcome="").values_list("pk", flat=True)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in still_open and time.time() - path.stat().st_mtime > BROKEN_OFF:
            yield path


def _close(sheet: LabSheet, outcome: str) -> None:
    """Raises SheetClosed where somebody was faster."""
    open_still = LabSheet.objects.filter(pk=sheet.pk, outcome="")
    if not open_still.update(outcome=outcome, closed_at=timezone.now()):
        raise SheetClosed(sheet.pk)
    transaction.on_commit(partial(_path(sheet).unlink, missing_ok=True))


def _path(sheet: LabSheet) -> Path:
    return Path(settings.SHEETS_FOLDER) / str(sheet.pk)


def _put_aside(sheet: LabSheet, picture: bytes) -> None:
    """Under the number of its row, readable with the installation's key and by this user only."""
    path = _path(sheet)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(encrypt(b64encode(picture).decode("ascii")), "ascii")
