"""Act: keep what the columns of a laboratory's files mean, under a name."""

from typing import Any

from labs.models import SavedMapping
from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting

LONGEST_NAME = 80  # characters of the name of a mapping


def save_mapping(site: Site, name: str, mapping: dict[str, Any], *, user: User) -> SavedMapping:
    """Keep a mapping under a name; the newest under a name holds. Raises PermissionDenied."""
    require(user, Action.IMPORT_RESULTS, site)
    with acting(user, source="import"):
        saved, _ = SavedMapping.objects.update_or_create(
            site=site, name=name[:LONGEST_NAME], defaults={"mapping": mapping}
        )
    return saved
