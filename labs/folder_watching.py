"""Act: take up the files that a laboratory's system lays into a folder, each as a dry run that a person looks at.

`PRTRAS_LAB_FOLDER/SITE/MAPPING/file`: the code of the site, and the name of a saved mapping, which HL7 messages need
not have. Nothing is imported by itself: a person takes what the dry run shows. A file is taken up once it has lain
unchanged for a minute, and is then moved to the folder `read` beside it, or to `refused` with a text that says why.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from labs import importing
from labs.files.hl7 import MEANING, is_hl7
from labs.files.refusals import FileRefused
from labs.models import LabImport, SavedMapping
from prtras.accounts.models import Site, User
from prtras.labels import T

#: How long a file has to lie unchanged: before that it may still be written.
AT_REST = 60  # seconds
READ, REFUSED = "read", "refused"
NO_MAPPING = T("没有名为“{n}”的列映射。", "There is no saved mapping “{n}”.")
TOO_LARGE = T("文件过大。", "The file is too large.")
_logger = logging.getLogger(__name__)


def read_folder() -> list[LabImport]:
    """Take up every file that waits; the dry runs asked for. Nothing where no folder or person is set."""
    folder, username = settings.LAB_FOLDER, settings.LAB_USER
    if not folder or not username:
        return []
    user = User.objects.get(username=username)
    requested = []
    for site in Site.objects.order_by("code"):
        for path in _waiting(Path(folder) / site.code):
            try:
                requested.append(_take_up(path, site, user))
                _move(path, READ)
            except FileRefused as refused:
                _logger.warning("laboratory file %s refused: %s", path.name, refused.text.en)
                _move(path, REFUSED).with_suffix(".txt").write_text(f"{refused.text.zh}\n{refused.text.en}\n", "utf-8")
    return requested


def _waiting(folder: Path) -> Iterator[Path]:
    """The files in the folders of mappings that nobody is writing, the oldest first; no link leads out of it."""
    if folder.is_dir():
        files = [path for path in folder.glob("*/*") if path.is_file() and not path.is_symlink()]
        at_rest = [path for path in files if time.time() - path.stat().st_mtime >= AT_REST]
        yield from sorted(at_rest, key=lambda path: (path.stat().st_mtime, path.name))


def _take_up(path: Path, site: Site, user: User) -> LabImport:
    if path.stat().st_size > settings.UPLOAD_LIMIT:
        raise FileRefused(TOO_LARGE)
    content, name = path.read_bytes(), path.parent.name
    saved = SavedMapping.objects.filter(site=site, name=name).first()
    if saved is None and not is_hl7(content):
        raise FileRefused(NO_MAPPING.format(n=name))
    mapping = saved.mapping if saved else MEANING
    return importing.request_import(site, content, path.name[:200], mapping, user=user, dry_run=True)


def _move(path: Path, where: str) -> Path:
    """Out of the way, under a name that is not there yet."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target = folder / f"{time.time_ns()}-{path.name}"
    path.rename(target)
    return target
