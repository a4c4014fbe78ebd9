"""The act by which a person enters the study, under a number that is given once."""

from django.db import IntegrityError, transaction

from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.crf.models import Participant, Study
from prtras.crf.planning import plan_visit
from prtras.crf.schedule import PlannedVisit


class StudyHeld(Exception):
    """The study is frozen or locked: nobody is added."""


class NumberInUse(ValueError):
    """A number was given before; `field` says which: `number` or `screening_number`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def register_participant(
    site: Site, number: str, first: PlannedVisit, *, user: User, screening_number: str | None = None
) -> Participant:
    """A new participant with the pages of their first visit. Raises StudyHeld, NumberInUse.

    What a number looks like, and whether there are screening numbers, is the study's to say.
    """
    if Study.objects.exclude(hold="").exists():
        raise StudyHeld
    try:
        with acting(user), transaction.atomic():
            participant = Participant.objects.create(site=site, number=number, screening_number=screening_number)
            plan_visit(participant, first, None)
    except IntegrityError as refused:
        raise NumberInUse("screening_number" if "screening_number" in str(refused) else "number") from None
    return participant
