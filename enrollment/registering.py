"""Acts at the door: a person enters screening and gets the numbers that are hers alone."""

import re

from django.db import IntegrityError, transaction

from enrollment.schedule import SCREENING
from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.crf.models import Participant, Study
from prtras.crf.planning import plan_visit
from prtras.crf.schedule import SCHEDULE
from prtras.labels import T

NUMBER = re.compile(r"\d{2}-\d{3}")
SCREENING_NUMBER = re.compile(r"S\d{3}")


class NumberRefused(ValueError):
    """A number is taken or not well formed; `field` and `text` say which and why."""

    def __init__(self, field: str, text: T) -> None:
        super().__init__(text.en)
        self.field, self.text = field, text


def next_numbers(site: Site) -> tuple[str, str]:
    """The next free participant and screening number: one after the highest ever given."""
    numbers = Participant.objects.values_list("number", "screening_number")
    used = [int(n.split("-")[1]) for n, _ in numbers if n.startswith(f"{site.code}-")]
    screened = [int(s[1:]) for _, s in numbers]
    return f"{site.code}-{max(used, default=0) + 1:03d}", f"S{max(screened, default=0) + 1:03d}"


def register_participant(site: Site, number: str, screening_number: str, *, user: User) -> Participant:
    """A new participant in screening, with the pages of the screening visit. Raises NumberRefused."""
    if Study.objects.exclude(hold="").exists():
        raise NumberRefused(
            "number", T("研究数据已锁定,不能登记受试者。", "The study's data are held: nobody can be added.")
        )
    if not NUMBER.fullmatch(number) or not number.startswith(f"{site.code}-"):
        raise NumberRefused(
            "number",
            T("受试者编号应为 {site}-001 的形式。", "A participant number looks like {site}-001.").format(
                site=site.code
            ),
        )
    if not SCREENING_NUMBER.fullmatch(screening_number):
        raise NumberRefused("screening_number", T("筛选号应为 S001 的形式。", "A screening number looks like S001."))
    try:
        with acting(user), transaction.atomic():
            participant = Participant.objects.create(site=site, number=number, screening_number=screening_number)
            plan_visit(participant, SCHEDULE.visits[SCREENING.code], None)
    except IntegrityError as duplicate:
        field = "screening_number" if "screening_number" in str(duplicate) else "number"
        value = screening_number if field == "screening_number" else number
        text = T("编号 {value} 已被使用,编号不会重复使用。", "{value} is taken; a number is never used twice.")
        raise NumberRefused(field, text.format(value=value)) from None
    return participant
