"""A page as a program sends it: checked, and saved by the act that the screen uses."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.response import Response

from prtras.accounts.models import User
from prtras.api.places import plain_value, typed_of
from prtras.api.problems import Problem, Remark
from prtras.crf.checks import Finding
from prtras.crf.content import StoredPage, stored_page
from prtras.crf.models import CrfPage
from prtras.crf.places import Place
from prtras.crf.planning import PageHeld
from prtras.entry import parsing
from prtras.entry.changes import changes_of
from prtras.entry.judging import judge
from prtras.entry.saving import AnswersEmptied, ChecksFailed, PageChanged, PageVoided, ReasonsMissing, save_page
from prtras.labels import T

VOIDED = T("此页已标注为录入有误或不再需要。", "The page was entered in error or is not needed.")
HELD = T("此页已冻结或锁定，未保存。", "The page is frozen or locked; nothing was saved.")
CHANGED = T("此页已被他人修改，请重新读取。", "Someone else saved the page meanwhile; read it again.")
NEEDS_REASON = T("修改已提交的值须注明原因。", "A change of a submitted value needs a reason.")
EMPTIES = T(
    "该项不适用，将被清空；请在 emptied 中注明。", "It does not apply and would be emptied; name it in `emptied`."
)


def judged_page(page: CrfPage, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What the checks say of a page as it would be stored. Raises Problem for what cannot be read. Writes nothing."""
    stored = stored_page(page)
    submission = _read(stored, sent)
    judged = judge(page, stored.form, submission.content)
    derived = {place: plain_value(judged.content.value_at(place)) for place in _derived(stored, judged.content.rows)}
    return {
        "refused": _plain(judged.refusals),
        "questions": _plain(judged.questions),
        "changed": list(changes_of(stored, judged.content)),
        "emptied": sorted(judged.emptied),
        "derived": derived,
    }


def _derived(stored: StoredPage, rows: Iterable[str]) -> list[Place]:
    form = stored.form
    places = [Place(name) for name, item in form.items.items() if item.derived]
    of_rows = [name for name, item in form.rows.items.items() if item.derived] if form.rows else []
    return places + [Place.at(name, key) for key in rows for name in of_rows]


def _plain(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [_remark(finding).plain() | {"severity": finding.severity} for finding in findings]


def _remark(finding: Finding) -> Remark:
    return Remark(finding.place, finding.check, finding.text, finding.overridable)


def _read(stored: StoredPage, sent: Mapping[str, Any]) -> parsing.Submission:
    """What was sent as the content of a page. Raises Problem with every place that cannot be read."""
    typed = typed_of(stored.form, sent)
    submission = parsing.read(stored.form, typed)
    if submission.problems:  # a code that left its list may stay where it is stored
        submission = parsing.read(stored.form, typed, stored.content(with_voided=True))
    if submission.problems:
        raise Problem(422, remarks=tuple(Remark(p, "unreadable", text) for p, text in submission.problems.items()))
    return submission


def save(page: CrfPage, sent: Mapping[str, Any], version: int, *, user: User) -> Response:
    """Save the page on top of a version. Raises Problem for whatever `save_page` refuses."""
    submission = _read(stored_page(page), sent)
    try:
        saved = save_page(
            page.pk, submission.content, submission.remarks, user=user, seen_version=version, source="API token",
            seen_emptied=frozenset(sent["emptied"]),
        )  # fmt: skip
    except ChecksFailed as refused:
        raise Problem(422, remarks=tuple(map(_remark, refused.findings))) from None
    except ReasonsMissing as refused:
        raise Problem(422, NEEDS_REASON, _at(refused.changes, "reason", NEEDS_REASON)) from None
    except AnswersEmptied as refused:
        raise Problem(422, EMPTIES, _at(refused.places, "emptied", EMPTIES)) from None
    except PageVoided:
        raise Problem(409, VOIDED) from None
    except PageHeld:
        raise Problem(409, HELD) from None
    except PageChanged:
        raise Problem(412, CHANGED) from None
    data = {
        "version": saved.page.version, "changed": list(saved.changed), "opened": [q.pk for q in saved.opened],
        "closed": [q.pk for q in saved.closed], "questions": _plain(saved.questions),
    }  # fmt: skip
    return Response(data, headers={"ETag": f'"{saved.page.version}"'})


def _at(places: Iterable[str], check: str, text: T) -> tuple[Remark, ...]:
    return tuple(Remark(place, check, text) for place in places)
