"""Pages of the study to which the platform leads: the study registers their names at start-up."""

from django.urls import reverse

#: Where everyone begins; every study has a page there.
START = "/"
_participant_page: list[str] = []


def register_participant_page(name: str) -> None:
    """Name the page of one participant; its only argument is their number. A later one takes an earlier one's place."""
    _participant_page[:] = [name]


def participant_page(number: str) -> str:
    """The address of a participant's page. Raises LookupError where the study registered none."""
    if not _participant_page:
        raise LookupError("The study registered no page of a participant.")
    return reverse(_participant_page[0], args=[number])
