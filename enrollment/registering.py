"""Acts at the door: a person enters screening and gets numbers that are given once only."""

import re

from enrollment.schedule import SCREENING
from prtras.accounts.models import Site, User
from prtras.crf import registering
from prtras.crf.models import Participant
from prtras.crf.schedule import SCHEDULE
from prtras.labels import T

NUMBER = re.compile(r"\d{2}-\d{3}")
SCREENING_NUMBER = re.compile(r"S\d{3}")
STUDY_HELD = T(
    "研究数据已冻结或锁定，不能登记受试者。", "Study data are frozen or locked: no participant can be registered."
)
NUMBER_IN_USE = T("编号 {value} 已被使用，编号不会重复使用。", "{value} is already in use. Numbers are never reused.")


class NumberRefused(ValueError):
    """A number is taken or not well formed; `field` and `text` say which and why."""

    def __init__(self, field: str, text: T) -> None:
        super().__init__(text.en)
        self.field, self.text = field, text


def next_numbers(site: Site) -> tuple[str, str]:
    """The next free participant and screening number: one after the highest ever given."""
    numbers = Participant.objects.values_list("number", "screening_number")
    used = [int(n.split("-")[1]) for n, _ in numbers if n.startswith(f"{site.code}-")]
    screened = [int(s[1:]) for _, s in numbers if s]
    return f"{site.code}-{max(used, default=0) + 1:03d}", f"S{max(screened, default=0) + 1:03d}"


def register_participant(site: Site, number: str, screening_number: str, *, user: User) -> Participant:
    """A new participant in screening, with the pages of the screening visit. Raises NumberRefused."""
    if not NUMBER.fullmatch(number) or not number.startswith(f"{site.code}-"):
        raise NumberRefused(
            "number",
            T("受试者编号应为 {site}-001 的形式。", "Enter the participant number as {site}-001.").format(
                site=site.code
            ),
        )
    if not SCREENING_NUMBER.fullmatch(screening_number):
        raise NumberRefused("screening_number", T("筛选号应为 S001 的形式。", "Enter the screening number as S001."))
    first = SCHEDULE.visits[SCREENING]
    try:
        return registering.register_participant(site, number, first, user=user, screening_number=screening_number)
    except registering.StudyHeld:
        raise NumberRefused("number", STUDY_HELD) from None
    except registering.NumberInUse as refused:
        value = screening_number if refused.field == "screening_number" else number
        raise NumberRefused(refused.field, NUMBER_IN_USE.format(value=value)) from None
