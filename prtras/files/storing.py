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
    """The bytes on disk are not those that were kept, or are gone; of which checksum."""


def path_of(sha256: str, folder: Path | None = None) -> Path:
    """Where the bytes of a checksum lie; in another `folder` of the same kind, too."""
    return (folder or Path(settings.FILES_FOLDER)) / sha256[:2] / sha256


def store(content: bytes, *, user: User) -> StoredFile:
    """Keep bytes under their checksum; the same bytes twice are one file. Written whole or not at all."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
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


def content(stored: StoredFile) -> bytes:
    """The bytes. Raises DamagedFile when they no longer fit their checksum, or are not there."""
    try:
        read = path_of(stored.sha256).read_bytes()
    except FileNotFoundError:
        raise DamagedFile(stored.sha256) from None
    if hashlib.sha256(read).hexdigest() != stored.sha256:
        raise DamagedFile(stored.sha256)
    return read


def serve(stored: StoredFile, name: str, *, user: User, inline: bool = False) -> FileResponse:
    """A download, on record before the first byte leaves."""
    sent = content(stored)
    with acting(user, source="download"):
        Download.objects.create(file=stored, user=user, name=name)
    response = FileResponse(io.BytesIO(sent), as_attachment=not inline, filename=name)
    response["Content-Length"] = str(len(sent))
    response["X-Content-SHA256"] = stored.sha256
    return response
