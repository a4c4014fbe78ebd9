"""The Mayo PBC cohort as participants: everyone on study from one Day 0, with the visits of arm A1 planned."""

from datetime import date

from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.crf.context import ParticipantContext
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.planning import new_pages, new_visit
from visits.schedule import BASELINE, VERSION_1, from_day_0

DAY0 = date(2010, 1, 4)


def enrol(site: Site, numbers: list[int], user: User) -> None:
    """Participants 001 ... of a site with their planned visits and expected pages, in bulk."""
    planned = [VERSION_1.visits[BASELINE], *(visit for visit in from_day_0(VERSION_1) if not visit.arm)]
    with acting(user, source="test"):
        people = Participant.objects.bulk_create(
            Participant(site=site, number=f"{site.code}-{n:03d}", screening_number=f"S{site.code}{n:03d}",
                        state="on_study", consented=DAY0,
                        anchor=DAY0, arm="A1")
            for n in numbers
        )  # fmt: skip
        pairs = [(visit, new_visit(person, visit, DAY0)) for person in people for visit in planned]
        Visit.objects.bulk_create([visit for _, visit in pairs])
        CrfPage.objects.bulk_create(
            [page for plan, visit in pairs for page in new_pages(visit, plan, ParticipantContext(lambda code: []))]
        )
