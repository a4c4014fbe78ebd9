"""Is a restored database what it was? Proven by its content: seals, the trail replayed against every table, files, and
what else rooms register. Reads only; runs in a process whose database is the restored one.
"""

from collections.abc import Callable, Iterator

from django.db import connection

from prtras.audit import replay, sealing
from prtras.audit.checks import function_errors
from prtras.audit.installing import audited_models
from prtras.audit.models import AuditEvent
from prtras.files import storing
from prtras.files.models import StoredFile

#: What a room proves of its own content: one line for each thing that is wrong.
Proof = Callable[[], Iterator[str]]
_proofs: list[Proof] = []


def register_proof(proof: Proof) -> None:
    """Let a room prove its part of a restored database."""
    _proofs.append(proof)


def findings(head: str, last_event: int) -> Iterator[str]:
    """What is wrong; nothing where the database is whole. `head` and `last_event` are what the backup knew."""
    with connection.cursor() as cursor:
        yield from (str(error.msg) for error in function_errors(cursor))
    if broken := sealing.verify():
        yield f"seal {broken.seal} does not fit audit rows {broken.first_event} to {broken.last_event}"
    if intruders := sealing.intruders():
        yield f"audit rows were put in behind the seals: {intruders[:5]}"
    if head != "-" and sealing.seal_of(head) is None:
        yield f"the head seal {head[:16]} of the backup is not in the chain"
    if AuditEvent.objects.filter(id__lte=last_event).order_by("-id").values_list("id", flat=True).first() != (
        last_event or None
    ):
        yield f"audit row {last_event}, which was there when the backup was made, is missing"
    for row in replay.unexplained():
        yield f"{row.table} row {row.row}: the trail does not account for {', '.join(row.columns) or 'it'}"
    if strangers := replay.strangers():
        yield f"no account ever had the name in audit rows {strangers[:5]}"
    yield from _files()
    for proof in _proofs:
        yield from proof()


def _files() -> Iterator[str]:
    for stored in StoredFile.objects.iterator():
        try:
            storing.content(stored)
        except storing.DamagedFile:
            yield f"files/{stored.sha256}: missing, or another file stands in its place"


def facts() -> dict[str, object]:
    """How much there is: audit rows, rows of every audited table together, files, and the newest moment."""
    newest = AuditEvent.objects.order_by("-id").first()
    return {
        "events": AuditEvent.objects.count(),
        "rows": sum(model._default_manager.count() for model in audited_models()),
        "files": StoredFile.objects.count(),
        "until": newest.at.isoformat() if newest else "",
    }
