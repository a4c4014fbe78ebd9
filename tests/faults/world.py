"""Who and what is there before the first kill: people with addresses, pages to fill, someone in follow-up."""

from dataclasses import dataclass

from enrollment.registering import next_numbers, register_participant
from prtras.accounts.managing import create_system_user
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import form_of
from prtras.demo.cohort.people import create_people
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from tests import casebook

PAGES = 6


@dataclass(frozen=True)
class World:
    """Pages by their ids, and a participant in follow-up by number."""

    pages: list[str]
    patient: str


def create_world() -> World:
    """Write it into an empty database."""
    cast, system = create_people(), create_system_user()
    with acting(system):
        for person in User.objects.exclude(pk=system.pk):
            person.email = f"{person.username}@example.org"
            person.save(update_fields=["email"])
    participants = [
        register_participant(cast.site, *next_numbers(cast.site), user=cast.coordinator) for _ in range(PAGES)
    ]
    for participant in participants:
        fill(participant, "consent", cast.coordinator)
    patient = participants[0]
    for form in ("dm", "hcc", "radtx"):
        fill(patient, form, cast.coordinator)
    fill(patient, "mri", cast.coordinator, "SCR", mri_date="2025-05-26")
    fill(patient, "lbviro", cast.coordinator, "SCR")
    fill(patient, "ie", cast.coordinator)
    fill(patient, "na", cast.coordinator)
    fill(patient, "alloc", cast.coordinator)
    pages = CrfPage.objects.filter(participant__in=participants, form="consent").order_by("id")
    return World([str(page.pk) for page in pages], patient.number)


def fill(participant: Participant, form: str, user: User, visit: str | None = None, **typed: object) -> None:
    """Submit a clean page."""
    pages = CrfPage.objects.filter(participant=participant, form=form)
    page = pages.get(visit__code=visit) if visit else pages.order_by("visit__position", "repeat")[0]
    submission = read(form_of(form), casebook.typed(form, **typed))
    save_page(page.pk, submission.content, submission.remarks, user=user, seen_version=page.version)
