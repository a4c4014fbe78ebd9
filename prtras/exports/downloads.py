"""A bundle that is there, handed out on record."""

from django.http import FileResponse
from django.utils import timezone

from prtras.accounts.managing import note_arm_view
from prtras.accounts.models import User
from prtras.crf.study import protocol
from prtras.exports.models import ExportJob
from prtras.files.storing import serve
from prtras.labels import T

EXPIRED = T(
    "下载期限已过。可用同一数据快照重新申请，内容相同。",
    "The time to download it is over. Request it again of the same data cut: it will hold the same.",
)


class Expired(Exception):
    """The bundle can no longer be downloaded."""


def bundle_file(job: ExportJob, *, user: User) -> FileResponse:
    """The zip of a bundle that is done; in a study with arms it counts as a look at results by arm. Raises Expired."""
    if not job.available:
        raise Expired(job.id)
    assert job.file is not None
    assert job.finished_at is not None
    if protocol().arms:
        note_arm_view(user, f"bundle {job.id}")
    name = protocol().file_name(f"{timezone.localtime(job.finished_at):%Y%m%d-%H%M}.zip")
    return serve(job.file, name, user=user)
