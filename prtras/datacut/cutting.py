"""The act that pins a data cut."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from prtras.accounts.models import User
from prtras.audit import sealing
from prtras.audit.acting import acting
from prtras.datacut import snapshot
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import MomentInFuture, Snapshot
from prtras.files import storing


def take_cut(cutoff: date, *, user: User, as_of: datetime | None = None) -> tuple[DataCut, Snapshot]:
    """Seal the trail, take the picture of what is dated up to the cut-off, as of a moment (or now), and store it.

    Raises MomentInFuture for a cut-off or a moment that is still to come.
    """
    require_past(cutoff, as_of)
    sealing.seal()
    picture = snapshot.take(as_of).up_to(cutoff)
    content = picture.content()
    stored = storing.store(snapshot.packed(content), user=user)
    created_at, moment = parse_datetime(picture.created_at), picture.moment
    assert created_at is not None
    assert moment is not None
    with acting(user, source="data cut"):
        cut = DataCut.objects.create(
            created_at=created_at, entered_until=as_of, cutoff=cutoff, file=stored, sha256=snapshot.sha256(content),
            rows=picture.rows, head_seal=picture.head_seal, last_event=moment.last_event,
            open_transactions=list(moment.open_transactions), unbegun=moment.unbegun,
        )  # fmt: skip
    return cut, picture


def require_past(*moments: date | datetime | None) -> None:
    """Raises MomentInFuture for a day or a moment that is still to come."""
    for moment in moments:
        now = timezone.now() if isinstance(moment, datetime) else timezone.localdate()
        if moment is not None and moment > now:
            raise MomentInFuture(moment)


def reopen(cut: DataCut) -> Snapshot:
    """The picture as it was taken. Raises DamagedFile when its bytes changed."""
    picture = snapshot.unpacked(storing.content(cut.file))
    if picture.checksum != cut.sha256:
        raise storing.DamagedFile(cut.sha256)
    return picture
