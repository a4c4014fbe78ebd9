"""Uploads that are too large are dropped while they arrive, not after 200 MB have been kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

from prtras.labels import T

NO_FILE = T("请选择文件。", "Choose a file.")
TOO_LARGE = T("文件超过 {mb} MB，未上传。", "The file is larger than {mb} MB and was not uploaded.")
#: What a form around a file may weigh: its boundaries and its other fields.
AROUND = 100_000


def limit_of(request: HttpRequest) -> int:
    """Bytes that a file may have on this page: what one page takes beyond the others, only from who is signed in."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if page not in settings.UPLOAD_LIMITS or not (hasattr(request, "user") and request.user.is_authenticated):
        return settings.UPLOAD_LIMIT  # of other pages nobody's session is read: the database may be away
    return settings.UPLOAD_LIMITS[page]


def too_large(request: HttpRequest) -> T:
    """How large a file may be on this page, in words."""
    return TOO_LARGE.format(mb=limit_of(request) // 1024**2)


def was_too_large(request: HttpRequest) -> bool:
    """Was a file of this request dropped for its size?"""
    return getattr(request, "upload_too_large", False)


class UploadRequest(HttpRequest):
    """A request with files, as `LimitedUploadHandler` leaves it. Only a type."""

    upload_too_large: bool


class LimitedUploadHandler(MemoryFileUploadHandler):
    """Keeps files up to `limit_of` in memory; drops a larger one and says so in `request.upload_too_large`.

    It does not raise StopUpload: Django would then read the rest line by line, and a file may be one line of 200 MB.
    The fields before the file (the CSRF token) are read as ever.
    """

    request: UploadRequest

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        self.activated = True
        self.request.upload_too_large = content_length > limit_of(self.request) + AROUND

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.received, self.limit = 0, limit_of(self.request)
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > self.limit:
            self.request.upload_too_large = True
        if self.request.upload_too_large:
            self.file.truncate(0)
            return None
        return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        return None if self.request.upload_too_large else super().file_complete(file_size)
