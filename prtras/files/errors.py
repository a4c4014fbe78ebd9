"""What people see when a stored file is damaged or gone."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prtras.files.storing import DamagedFile
from prtras.labels import T

log = logging.getLogger(__name__)
DAMAGED = T(
    "所需的文件已损坏或缺失（SHA-256 {detail}）。请联系管理员从备份恢复。",
    "A file that this needs is damaged or missing (SHA-256 {detail}). The administrator can restore it from a backup.",
)


class DamagedFiles:
    """Middleware: a page that needs such a file says which one, instead of only that something went wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        """The page of a damaged file; of anything else nothing."""
        if not isinstance(raised, DamagedFile):
            return None
        log.error("stored file %s is damaged or missing", raised)
        return render(request, "files/damaged.html", {"text": DAMAGED.format(detail=raised)}, status=500)
