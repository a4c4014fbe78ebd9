"""Acts of signing: a person's name, the time and the meaning, bound to the SHA-256 of what was signed.

A later change breaks the signature at once: the database sees to it, whatever route the change takes. Whoever looks at
a page recomputes the checksum as well, so that a signature copied to another page fits nowhere. Source: 21 CFR 11.50,
11.70.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils import timezone

from prtras.accounts.access import role_for, sites_where
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.codelists import CodeList
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import form_of
from prtras.labels import T
from prtras.review.models import Query, Signature

MEANINGS = CodeList(
    "SIGNATURE_MEANING",
    T("签名含义", "Meaning of the signature"),
    {
        "CONFIRMED": T("本人确认以上数据真实、准确、完整", "I confirm that these data are true, accurate and complete"),
        "REVIEWED": T("本人已审阅以上数据", "I have reviewed these data"),
    },
)


class NotSignable(Exception):
    """Some of the pages hold no submitted data, wait for an answer, are signed, or moved on; nothing was signed."""


class SigningRests(Exception):
    """Someone says that the signer's password or second factor is lost; they have to confirm their account first."""


def pages_to_sign(user: User) -> QuerySet[CrfPage]:
    """Submitted pages at the sites where the person signs, without a valid signature and without an open query."""
    pages = CrfPage.objects.filter(
        participant__site__in=sites_where(user, Action.SIGN), state="submitted", signed=False, hold__in=("", "frozen")
    )
    return pages.exclude(id__in=Query.objects.filter(state="open").values("page"))


def sign_pages(seen: Mapping[UUID, int], meaning: str, *, user: User) -> list[Signature]:
    """Sign pages, as of the versions that were seen: all of them or none. Raises NotSignable, SigningRests.

    The caller has asked for password and second factor just now.
    """
    if meaning not in MEANINGS:
        raise NotSignable(meaning)
    with acting(user, source="signature"):
        if user.signing_rests:
            raise SigningRests
        people = Participant.objects.filter(pages__in=list(seen)).order_by("pk")
        list(people.select_for_update(no_key=True, of=("self",)))  # first, as every act on a page does
        pages = list(
            CrfPage.objects.filter(id__in=seen).order_by("participant_id", "id")
            .select_for_update(of=("self",)).select_related("participant__site", "visit")
        )  # fmt: skip
        allowed = set(pages_to_sign(user).filter(id__in=seen).values_list("id", flat=True))
        if not pages or any(page.pk not in allowed or page.version != seen[page.pk] for page in pages):
            raise NotSignable
        at, batch = timezone.now(), uuid4()
        contents = contents_of(pages)
        signatures = [
            Signature(
                page=page, batch=batch, user=user, name=user.display_name, at=at, meaning=meaning,
                role=role_for(user, Action.SIGN, page.participant.site),
                sha256=checksum(contents[page.pk], user.pk, meaning, at),
            )
            for page in pages
        ]  # fmt: skip
        Signature.objects.bulk_create(signatures)
        CrfPage.objects.filter(id__in=seen).update(signed=True)
    return signatures


def checksum(content: Mapping[str, Any], signer: int, meaning: str, at: datetime) -> str:
    """What binds a signature to its page: SHA-256 over content, signer, meaning and moment, in one canonical form."""
    bound = {"content": content, "signer": signer, "meaning": meaning, "at": at.timestamp()}
    return hashlib.sha256(json.dumps(bound, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def misfits(signatures: Collection[Signature]) -> set[int]:
    """The ids of the unbroken signatures that do not fit what stands on their pages."""
    live = [each for each in signatures if each.broken_at is None]
    contents = contents_of([each.page for each in live])
    return {
        each.pk for each in live if each.sha256 != checksum(contents[each.page_id], each.user_id, each.meaning, each.at)
    }


def contents_of(pages: Iterable[CrfPage]) -> dict[UUID, dict[str, Any]]:
    """Everything that stands on each page: where it belongs, its version, its values and its rows. By page."""
    contents: dict[UUID, dict[str, Any]] = {}
    by_form: dict[str, list[UUID]] = defaultdict(list)
    for page in pages:
        by_form[page.form].append(page.pk)
        contents[page.pk] = {
            "page": page.pk, "form": page.form, "participant": page.participant_id, "visit": page.visit_id,
            "repeat": page.repeat, "version": page.version, "rows": [],
        }  # fmt: skip
    for code, ids in by_form.items():
        form = form_of(code)
        for values in form.model.objects.filter(page__in=ids).values():
            contents[values["page_id"]]["values"] = _without_empty(values)
        rows = form.rows.model.objects.filter(page__in=ids).order_by("page", "row") if form.rows else None
        for values in rows.values() if rows is not None else ():
            contents[values["page_id"]]["rows"].append(_without_empty(values))
    return contents


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty: a column that comes with a later version of the form breaks no signature."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
