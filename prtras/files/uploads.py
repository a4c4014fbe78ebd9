"""Uploads are stopped while they arrive, not after 200 MB have been read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload


class LimitedUploadHandler(MemoryFileUploadHandler):
    """Keeps files up to `UPLOAD_LIMIT` in memory; drops a larger one and says so in `request.upload_too_large`."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        self.activated, self.announced = True, content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refused here and not earlier: the fields before the file (the CSRF token) are read by now."""
        self.received = 0
        if self.announced > settings.UPLOAD_LIMIT + 100_000:
            self.refuse()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT:
            self.refuse()
        return super().receive_data_chunk(raw_data, start)

    def refuse(self) -> None:
        """Stop reading and mark the request."""
        self.request.upload_too_large = True
        raise StopUpload(connection_reset=False)
