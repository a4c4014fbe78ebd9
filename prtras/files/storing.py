"""Acts on files: keep bytes, hand them out."""

import hashlib
import io
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.files.models import Download, StoredFile


class DamagedFile(Exception):
    """The bytes on disk are not those that were kept."""


def _path(sha256: str) -> Path:
    return Path(settings.FILES_FOLDER) / sha256[:2] / sha256


def store(content: bytes, *, user: User) -> StoredFile:
    """Keep bytes under their checksum; the same bytes twice are one file. Written whole or not at all."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    with acting(user, source="files"):
        stored, _ = StoredFile.objects.get_or_create(sha256=sha256, defaults={"size": len(content)})
    return stored


def content(kept: StoredFile) -> bytes:
    """The bytes. Raises DamagedFile when they no longer fit their checksum."""
    stored = _path(kept.sha256).read_bytes()
    if hashlib.sha256(stored).hexdigest() != kept.sha256:
        raise DamagedFile(kept.sha256)
    return stored


def serve(kept: StoredFile, name: str, *, user: User, inline: bool = False) -> FileResponse:
    """A download, on record before the first byte leaves."""
    stored = content(kept)
    with acting(user, source="download"):
        Download.objects.create(file=kept, user=user, name=name)
    response = FileResponse(io.BytesIO(stored), as_attachment=not inline, filename=name)
    response["Content-Length"] = str(len(stored))
    response["X-Content-SHA256"] = kept.sha256
    return response
