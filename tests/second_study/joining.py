"""Acts of HTN-002: a person joins, and what follows from their pages."""

from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage, FormPage, Participant, Visit
from prtras.crf.planning import add_page, lock, plan_visit
from prtras.crf.registering import register_participant
from tests.second_study.models import Agreement, BloodPressure
from tests.second_study.schedule import FIRST, OUT_OF_TURN, SECOND


def join(site: Site, *, user: User) -> Participant:
    """The next number of the site, with the pages of the first visit."""
    number = Participant.objects.filter(site=site).count() + 1
    return register_participant(site, f"{site.code}-{number}", FIRST, user=user)


def after_agreement(page: CrfPage, saved: FormPage, user: User) -> None:
    """Day 0 is the day of the agreement; the second visit is planned from it."""
    assert isinstance(saved, Agreement)
    participant = page.participant
    participant.state, participant.consented, participant.anchor = "on_study", saved.agreed_on, saved.agreed_on
    participant.save(update_fields=["state", "consented", "anchor"])
    if not participant.visits.filter(code=SECOND.code).exists():
        plan_visit(participant, SECOND, participant.anchor)


def after_blood_pressure(page: CrfPage, saved: FormPage, user: User) -> None:
    """The visit took place on that day."""
    assert isinstance(saved, BloodPressure)
    assert page.visit_id
    Visit.objects.filter(pk=page.visit_id).update(state="done", date=saved.bp_date)


def add_visit(participant: Participant, *, user: User) -> Visit:
    """A visit out of turn."""
    with acting(user):
        number = lock(participant).visits.filter(code=OUT_OF_TURN.code).count() + 1
        return plan_visit(participant, OUT_OF_TURN, None, sequence=number)


def add_event(participant: Participant, *, user: User) -> CrfPage:
    """The next row of the log of events."""
    with acting(user):
        return add_page(lock(participant), "event")
