"""Acts: bring a release of MedDRA, look at what it changes, and put it in force."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from prtras.accounts.access import may, require, sites_where
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.coding.meddra_ascii import Release, ReleaseRefused, merged, read_release
from prtras.coding.models import Coding, Dictionary
from prtras.coding.open_terms import codings_in_force
from prtras.coding.releases import terms_of
from prtras.coding.terms import Terms
from prtras.crf.models import assign_changed
from prtras.files import storing
from prtras.labels import T

IN_FORCE = T(
    "MedDRA {version} 正在使用，不能再改。",
    "MedDRA {version} is in force and does not change any more.",
)
GONE = T("该版本中没有此低位语", "the lowest level term is not in this release")
NOT_CURRENT = T("低位语已不再使用", "the lowest level term is no longer current")
MOVED = T("低位语归入另一首选语：{pt}", "the lowest level term belongs to another preferred term: {pt}")


@dataclass(frozen=True)
class Concerned:
    """A coding that a release does not carry on, and why."""

    coding: Coding
    why: T


def import_release(archive: bytes, *, user: User) -> Dictionary:
    """Keep a release; one that is not in force yet takes a second language, or is replaced.

    Raises PermissionDenied, ReleaseRefused.
    """
    require(user, Action.CODE_TERMS)
    release = read_release(archive)
    with acting(user, source="coding"):
        there = Dictionary.objects.select_for_update().filter(version=release.version).first()
        if there is not None:
            release = _joined(there, release)
        packed = release.terms.packed()
        columns = {
            "languages": " ".join(sorted(release.languages)),
            "file": storing.store(packed, user=user),
            "terms": len(release.terms.lowest),
        }
        if there is None:
            return Dictionary.objects.create(version=release.version, imported_by=user, **columns)
        there.save(update_fields=assign_changed(there, columns))
        return there


def _joined(there: Dictionary, release: Release) -> Release:
    """A stored release with the names of another language, or the same brought anew. Raises ReleaseRefused."""
    if there.in_force or Coding.objects.filter(dictionary=there).exists():
        raise ReleaseRefused(IN_FORCE.format(version=there.version))
    if set(release.languages) & set(there.languages.split()):
        return release
    return merged(Release(there.version, tuple(there.languages.split()), terms_of(there)), release)


def effects_of(dictionary: Dictionary) -> tuple[list[Coding], list[Concerned]]:
    """The codings that a release carries on, and those that a person has to look at again; locked ones stay."""
    terms, carried, concerned = terms_of(dictionary), [], []
    codings = codings_in_force().exclude(page__hold="locked").exclude(dictionary=dictionary)
    for coding in codings.select_related("page__participant").order_by("page__participant__number", "pk"):
        why = _why_not(coding, terms)
        if why is None:
            carried.append(coding)
        else:
            concerned.append(Concerned(coding, why))
    return carried, concerned


def _why_not(coding: Coding, terms: Terms) -> T | None:
    path = terms.path(coding.llt or 0)
    if path is None:
        return GONE
    if not terms.is_current(coding.llt):
        return NOT_CURRENT
    return None if path.pt.code == coding.pt else MOVED.format(pt=path.pt.title)


def may_put_in_force(user: User) -> bool:
    """May this person say by which release everybody codes, at every site that has participants?"""
    concerned = set(Site.objects.filter(participants__isnull=False).values_list("pk", flat=True))
    return may(user, Action.CODE_TERMS) and concerned <= set(sites_where(user, Action.CODE_TERMS))


def put_in_force(dictionary: Dictionary, *, user: User) -> int:
    """Code by this release from now on; what it leaves in place is carried on with its names. How many were carried.

    It concerns every site with participants. Raises PermissionDenied.
    """
    if not may_put_in_force(user):
        raise PermissionDenied(Action.CODE_TERMS)
    with acting(user, source="coding"):
        earlier = list(Dictionary.objects.select_for_update().filter(in_force=True).exclude(pk=dictionary.pk))
        carried, _ = effects_of(dictionary)
        for each in earlier:
            each.in_force = False
            each.save(update_fields=["in_force"])
        Dictionary.objects.filter(pk=dictionary.pk).update(in_force=True)
        terms = terms_of(dictionary)
        for coding in carried:
            columns = {"dictionary": dictionary} | Coding.columns_of(terms.path(coding.llt or 0))
            Coding.objects.filter(pk=coding.pk).update(**columns)
    return len(carried)
