"""Releases of MedDRA that the site brought, and the coding of the casebook's terms."""

from typing import Any

from django.db import models

from prtras.accounts.models import User
from prtras.audit.models import Audited
from prtras.coding.terms import LEVELS, Path, Term
from prtras.crf.models import CrfPage
from prtras.files.models import StoredFile


class Dictionary(Audited):
    """A release of MedDRA as the site's own files have it. `file` holds its terms; at most one release is in force."""

    version = models.CharField(max_length=8, unique=True)
    languages = models.CharField(max_length=8, help_text="zh, en, or both with a space")
    file = models.ForeignKey(StoredFile, models.PROTECT)
    terms = models.PositiveIntegerField(help_text="lowest level terms")
    in_force = models.BooleanField(default=False)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["in_force"], condition=models.Q(in_force=True), name="one_in_force")
        ]

    def __str__(self) -> str:
        return f"MedDRA {self.version}"


class Coding(Audited):
    """What a person accepted for the term of a page: the lowest level term and all above it, as they were named then.

    `verbatim` is the text that was coded: when the page says something else, it is to be coded again, as it is without
    a lowest level term (taken back), and while another release is in force than that of `dictionary`.
    """

    page = models.OneToOneField(CrfPage, models.PROTECT, related_name="coding")
    verbatim = models.CharField(max_length=200)
    dictionary = models.ForeignKey(Dictionary, models.PROTECT)
    match = models.CharField(max_length=8, help_text="exact, synonym, similar or search")
    llt = models.PositiveIntegerField(null=True)
    llt_zh = models.CharField(max_length=200, blank=True)
    llt_en = models.CharField(max_length=200, blank=True)
    pt = models.PositiveIntegerField(null=True)
    pt_zh = models.CharField(max_length=200, blank=True)
    pt_en = models.CharField(max_length=200, blank=True)
    hlt = models.PositiveIntegerField(null=True)
    hlt_zh = models.CharField(max_length=200, blank=True)
    hlt_en = models.CharField(max_length=200, blank=True)
    hlgt = models.PositiveIntegerField(null=True)
    hlgt_zh = models.CharField(max_length=200, blank=True)
    hlgt_en = models.CharField(max_length=200, blank=True)
    soc = models.PositiveIntegerField(null=True)
    soc_zh = models.CharField(max_length=200, blank=True)
    soc_en = models.CharField(max_length=200, blank=True)
    coded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    coded_at = models.DateTimeField()

    @property
    def path(self) -> Path | None:
        """The accepted term; None when the coding was taken back."""
        if self.llt is None:
            return None
        llt, pt, hlt, hlgt, soc = (
            Term(*(getattr(self, f"{level}{part}") for part in ("", "_zh", "_en"))) for level in LEVELS
        )
        return Path(llt, pt, hlt, hlgt, soc)

    @staticmethod
    def columns_of(path: Path | None) -> dict[str, Any]:
        """The columns that hold a term, or that it was taken back."""
        if path is None:
            empty = {f"{level}{part}": "" for level in LEVELS for part in ("_zh", "_en")}
            return dict.fromkeys(LEVELS) | empty
        return {
            f"{level}{part}": value
            for level, term in path.terms()
            for part, value in (("", term.code), ("_zh", term.zh), ("_en", term.en))
        }
