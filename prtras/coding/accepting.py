"""Acts: a person accepts a term of the dictionary for a text of the casebook, or takes it back."""

from collections.abc import Collection

from django.utils import timezone

from prtras.accounts.access import require, sites_where
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.coding.models import Coding, Dictionary
from prtras.coding.open_terms import open_terms, suggest
from prtras.coding.releases import terms_of
from prtras.crf.models import assign_changed
from prtras.labels import T

NOT_CURRENT = T("请选择现用版本中的现用低位语。", "Choose a current lowest level term of the release in force.")
LOCKED = T("数据已锁定，编码不能更改。", "The data are locked; their coding cannot be changed.")
NOTHING = T("该术语已编码或已更改。", "The term is coded already, or has changed.")


class CodingRefused(Exception):
    """Nothing was coded; the text says why."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


def accept(form: str, text: str, llt: int, *, user: User) -> int:
    """Code a text by a lowest level term on every page where it stands and is open. How many pages.

    Pages of sites where the person does not code, and locked pages, stay as they are.
    Raises PermissionDenied, CodingRefused.
    """
    require(user, Action.CODE_TERMS)
    with acting(user, source="coding"):
        dictionary = Dictionary.objects.select_for_update().filter(in_force=True).first()  # one at a time
        path = terms_of(dictionary).path(llt) if dictionary else None
        if dictionary is None or path is None or not terms_of(dictionary).is_current(llt):
            raise CodingRefused(NOT_CURRENT)
        sites = sites_where(user, Action.CODE_TERMS)
        terms = open_terms(user, dictionary, form, text) if text.strip() else []
        concerned = [record for term in terms for record in term.records if record.page.participant.site_id in sites]
        if not concerned:
            raise CodingRefused(NOTHING)
        suggest(terms, dictionary)
        match = next((near.match for near in terms[0].near if near.path.llt.code == llt), "search")
        columns = {"dictionary": dictionary, "match": match, "coded_by": user, "coded_at": timezone.now()}
        columns |= Coding.columns_of(path)
        there = {each.page_id: each for each in Coding.objects.filter(page__in=[page for page, _ in concerned])}
        for page, verbatim in concerned:
            values = columns | {"verbatim": verbatim}
            if coding := there.get(page.pk):
                coding.save(update_fields=assign_changed(coding, values))
            else:
                Coding.objects.create(page=page, **values)
    return len(concerned)


def take_back(codings: Collection[Coding], *, user: User) -> None:
    """The texts are to be coded again. Raises PermissionDenied, CodingRefused (locked data)."""
    with acting(user, source="coding"):
        for coding in codings:
            require(user, Action.CODE_TERMS, coding.page.participant.site)
            if coding.page.hold == "locked":
                raise CodingRefused(LOCKED)
            columns = Coding.columns_of(None) | {"coded_by": user, "coded_at": timezone.now()}
            coding.save(update_fields=assign_changed(coding, columns))
