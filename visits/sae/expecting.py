"""Acts: put terms on a site's list of expected reactions, and take them off."""

from collections.abc import Sequence
from datetime import date

from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.clinical.printed_number import folded
from prtras.labels import T
from visits.models import ExpectedReaction
from visits.sae.expectedness import DRUGS

LONGEST = 120  # characters of a term and of the name of its document
NO_TERM = T("请至少填写一个术语，每行一个。", "Enter at least one term, one a line.")
NO_SOURCE = T("请填写参考文件及其版本。", "Enter the reference document and its version.")
TOO_LONG = T("“{term}”超过 {n} 个字符。", "“{term}” is longer than {n} characters.")


class TermsRefused(Exception):
    """Nothing was put on the list; the text says why, at which item of the form."""

    def __init__(self, item: str, text: T) -> None:
        super().__init__(text.en)
        self.item, self.text = item, text


def add_terms(
    site: Site, drug: str, terms: Sequence[str], source: str, valid_from: date, *, user: User
) -> list[ExpectedReaction]:
    """Put terms on the list of a drug; those that are on it already stay. Raises PermissionDenied, KeyError (drug),
    TermsRefused.
    """
    require(user, Action.SIGN, site)
    DRUGS.codes[drug]
    given = list(dict.fromkeys(term.strip() for term in terms if term.strip()))
    if not given:
        raise TermsRefused("terms", NO_TERM)
    if not source.strip():
        raise TermsRefused("source", NO_SOURCE)
    for item, text in (("source", source.strip()), *(("terms", term) for term in given)):
        if len(text) > LONGEST:
            raise TermsRefused(item, TOO_LONG.format(term=text[:20], n=LONGEST))
    in_force = ExpectedReaction.objects.filter(site=site, drug=drug, ended__isnull=True)
    there = {folded(each.term) for each in in_force}
    fresh = [term for term in given if folded(term) not in there]
    ended = ExpectedReaction.objects.filter(site=site, drug=drug, term__in=fresh, valid_from=valid_from)
    with acting(user, source="expected reactions"):
        again = list(ended)
        for reaction in again:  # taken off, and put back for the same day
            reaction.ended, reaction.source = None, source.strip()
            reaction.save(update_fields=["ended", "source"])
        new = [
            ExpectedReaction(site=site, drug=drug, term=term, source=source.strip(), valid_from=valid_from)
            for term in fresh
            if term not in {reaction.term for reaction in again}
        ]
        return again + list(ExpectedReaction.objects.bulk_create(new))


def end_term(reaction: ExpectedReaction, on: date, *, user: User) -> None:
    """Take a term off the list from a day on. Raises PermissionDenied."""
    require(user, Action.SIGN, reaction.site)
    with acting(user, source="expected reactions"):
        ExpectedReaction.objects.filter(pk=reaction.pk, ended=None).update(ended=on)
