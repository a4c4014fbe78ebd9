"""Acts on printouts: request one, print it in the worker, store it for the person who requested it."""

from uuid import UUID

from prtras.accounts.access import may, require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.models import Participant
from prtras.files import storing
from prtras.jobs.running import carry_out
from prtras.labels import LANGUAGES
from prtras.paper import casebook
from prtras.paper.models import Printout

BLANK = ("blank", "annotated")


def request_printout(kind: str, language: str, participant: Participant | None = None, *, user: User) -> Printout:
    """Ask for a blank or annotated CRF, or a participant's casebook. Raises PermissionDenied, KeyError."""
    require(user, Action.SEE_PAGES, participant.site if participant else None)
    with acting(user, source="print"):
        return Printout.objects.create(
            requested_by=user, kind=kind, language=LANGUAGES[language], participant=participant
        )  # fmt: skip


def print_out(printout_id: UUID) -> Printout | None:
    """Print what was requested; None when someone else claimed it."""
    return carry_out(Printout, printout_id, "print", _print)


def _print(printout: Printout) -> dict[str, object]:
    user, participant = printout.requested_by, printout.participant
    require(user, Action.SEE_PAGES, participant.site if participant else None)
    if participant is None:
        printed = casebook.crf(printout.language, annotated=printout.kind == "annotated")
    else:
        identifiers = may(user, Action.SEE_IDENTIFIERS, participant.site)
        printed = casebook.casebook(participant, printout.language, identifiers=identifiers)
    return {"file": storing.store(printed, user=user)}
