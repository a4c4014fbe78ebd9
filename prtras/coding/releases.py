"""The releases of MedDRA that the site brought, read into memory once per process. Reads; writes nothing."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from prtras.coding.models import Dictionary
from prtras.coding.terms import Terms
from prtras.files import storing
from prtras.files.models import StoredFile
from prtras.labels import T

_synonyms: list[Callable[[], Iterable[T]]] = []


def register_synonyms(load: Callable[[], Iterable[T]]) -> None:
    """Declare a study's list of terms in both languages: a term in one is found by its name in the other."""
    _synonyms.append(load)


def dictionary_in_force() -> Dictionary | None:
    """The release by which terms are coded now; None where the site brought none."""
    return Dictionary.objects.filter(in_force=True).first()


def terms_of(dictionary: Dictionary) -> Terms:
    """The terms of a release. Raises DamagedFile."""
    return _read(dictionary.file.sha256)


@lru_cache(maxsize=2)  # the release in force, and the one that people look at before they put it in force
def _read(sha256: str) -> Terms:
    return Terms.unpacked(storing.content(StoredFile.objects.get(sha256=sha256)))


def synonyms_of(text: str) -> list[str]:
    """What the study's own lists call the same thing in the other language."""
    typed = text.strip().lower()
    named = [term for load in _synonyms for term in load() if typed in (term.zh.lower(), term.en.lower())]
    return [name for term in named for name in (term.zh, term.en) if name.lower() != typed]
