"""The act that pins a data cut."""

from datetime import date

from django.utils.dateparse import parse_datetime

from prtras.accounts.models import User
from prtras.audit import sealing
from prtras.audit.acting import acting
from prtras.datacut import snapshot
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot
from prtras.files import storing


def take_cut(cutoff: date, *, user: User) -> tuple[DataCut, Snapshot]:
    """Seal the trail, take the picture, keep it under its checksum."""
    sealing.seal()
    picture = snapshot.take()
    content = picture.content()
    stored = storing.store(snapshot.packed(content), user=user)
    created_at = parse_datetime(picture.created_at)
    assert created_at is not None
    with acting(user, source="data cut"):
        cut = DataCut.objects.create(
            created_at=created_at, cutoff=cutoff, file=stored, sha256=snapshot.sha256(content), rows=picture.rows,
            head_seal=picture.head_seal,
        )  # fmt: skip
    return cut, picture


def reopen(cut: DataCut) -> Snapshot:
    """The picture as it was taken. Raises DamagedFile when its bytes changed."""
    picture = snapshot.unpacked(storing.content(cut.file))
    if snapshot.sha256(picture.content()) != cut.sha256:
        raise storing.DamagedFile(cut.sha256)
    return picture
