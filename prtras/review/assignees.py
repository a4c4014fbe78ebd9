"""Who may be asked to answer a query."""

from prtras.accounts.access import may
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action


class NotAbleToAnswer(ValueError):
    """There is nobody of that name who may answer at this site."""


def assignee_of(name: str, site: Site) -> User | None:
    """Someone who may answer at this site, by user name; nobody for an empty one. Raises NotAbleToAnswer."""
    if not name:
        return None
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None or not may(person, Action.ANSWER_QUERY, site):
        raise NotAbleToAnswer(name)
    return person
