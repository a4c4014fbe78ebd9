"""The screening log: everyone who was screened, what was decided, why someone failed. Reads; three queries a page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from enrollment.models import ArmChoice, Consent, Eligibility
from enrollment.models.eligibility import EXCLUSION, INCLUSION
from prtras.crf.models import STATES, Participant
from prtras.labels import T

NOT_MET = {**dict.fromkeys(INCLUSION, "N"), **dict.fromkeys(EXCLUSION, "Y")}


@dataclass(frozen=True)
class Screened:
    """One person's way to the choice of arm, or out."""

    participant: Participant
    state: T
    consented: date | None
    assessed: date | None
    computed: str | None
    decided: str | None
    criteria: tuple[str, ...]
    arm_chosen: date | None

    @property
    def disagrees(self) -> bool:
        """The investigator's decision is not what the criteria say."""
        return bool(self.computed and self.decided and self.computed != self.decided)


def log(participants: Iterable[Participant]) -> list[Screened]:
    """The lines of these participants, in their order."""
    people = list(participants)
    of = {"page__participant__in": people, "page__state": "submitted"}
    consents = {consent.page.participant_id: consent for consent in Consent.objects.filter(**of).select_related("page")}
    assessed = {each.page.participant_id: each for each in Eligibility.objects.filter(**of).select_related("page")}
    arms = dict(ArmChoice.objects.filter(**of).values_list("page__participant", "alloc_date"))
    return [_line(person, consents.get(person.pk), assessed.get(person.pk), arms.get(person.pk)) for person in people]


def _line(person: Participant, consent: Consent | None, eligibility: Eligibility | None, arm: date | None) -> Screened:
    consented, state = consent.icf_date if consent else None, STATES.text(person.state)
    if eligibility is None:
        return Screened(person, state, consented, None, None, None, (), arm)
    return Screened(
        person, state, consented, eligibility.ie_date, eligibility.ie_calc, eligibility.ie_eligible,
        not_met(eligibility), arm,
    )  # fmt: skip


def not_met(eligibility: Eligibility) -> tuple[str, ...]:
    """The criteria that keep someone out, as INC03 or EXC07."""
    return tuple(name.upper() for name, answer in NOT_MET.items() if getattr(eligibility, name) == answer)


def summary(participants: QuerySet[Participant]) -> list[tuple[T, int]]:
    """How many are in each state. One query."""
    counted = dict(participants.order_by().values_list("state").annotate(Count("id")))
    return [(text, counted.get(state, 0)) for state, text in STATES.codes.items()]


def reasons(participants: QuerySet[Participant]) -> list[tuple[str, T, int]]:
    """The criteria that failures did not meet, most frequent first: name, words, how often. One query."""
    failed = Eligibility.objects.filter(
        page__participant__in=participants.filter(state="screen_failure"), page__state="submitted"
    )
    counted = Counter(name for eligibility in failed for name in not_met(eligibility))
    items = {field.name: field.label for field in Eligibility._meta.get_fields() if hasattr(field, "label")}
    return [(name, items[name.lower()], number) for name, number in counted.most_common()]
