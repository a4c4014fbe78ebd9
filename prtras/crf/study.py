"""Which study this is, as far as the platform has to know: its identifiers and the few numbers that it sets."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from prtras.accounts.arms import offer_results_by_arm
from prtras.labels import T


@dataclass(frozen=True)
class StudyProtocol:
    """Identifiers of the study, the version of its CRF specification, and what it leaves the platform to watch.

    `overdue_after`: so long after its window closed a page without data is overdue (GEN-010). `institution_number` is
    the number under which the hospital knows the study. `arms`: participants are in arms; who may see results by arm is
    then a right of its own, and what tells the arm of participants is a look at them.
    """

    code: str
    registration: str
    title: T
    specification: str
    overdue_after: timedelta
    institution_number: str = ""
    arms: bool = False

    def file_name(self, *parts: str) -> str:
        """The name of a file that leaves the system, beginning with the study's code."""
        return "-".join((self.code, *parts))

    @property
    def identifiers(self) -> str:
        """Code and number in the registry, as they stand below a heading."""
        return " · ".join(filter(None, (self.code, self.registration)))

    @property
    def all_identifiers(self) -> str:
        """The identifiers with the hospital's own number, as they stand on the first page of what is printed."""
        return " · ".join(filter(None, (self.identifiers, self.institution_number)))


_protocol: list[StudyProtocol] = []


class NoStudy(LookupError):
    """No study registered its protocol at start-up."""


def register_protocol(protocol: StudyProtocol) -> None:
    """Name the study that this installation runs. Raises ValueError for a second one."""
    if _protocol:
        raise ValueError(f"{protocol.code}: {_protocol[0].code} is registered already")
    _protocol.append(protocol)
    if protocol.arms:
        offer_results_by_arm()


def protocol() -> StudyProtocol:
    """The study of this installation. Raises NoStudy."""
    if not _protocol:
        raise NoStudy
    return _protocol[0]


def in_templates(request: HttpRequest) -> dict[str, StudyProtocol]:
    """Context processor: `study`, for what every page says of the study."""
    return {"study": protocol()}
