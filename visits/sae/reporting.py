"""Acts: reports of a serious adverse event. The first is the initial one; what follows says what is new."""

import json
import logging
from uuid import UUID

from django.utils import timezone
from django.utils.translation import override

from prtras.accounts.access import may, require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.audit.sealing import head_seal
from prtras.codelists import CodeList
from prtras.crf.models import CrfPage
from prtras.crf.planning import lock
from prtras.crf.study import protocol
from prtras.files import pdf, storing
from prtras.files.models import StoredFile
from prtras.jobs.running import carry_out
from prtras.labels import LANGUAGES, T
from visits.models import SaeReport
from visits.sae.e2b.case import case_of, missing
from visits.sae.e2b.elements import faults, plain
from visits.sae.e2b.message import message
from visits.sae.e2b.readback import Unread, require_readable
from visits.sae.facts import parts_of

KINDS = CodeList(
    "SAE_REPORT",
    T("报告类型", "Type of report"),
    {
        "initial": T("首次报告", "Initial report"),
        "followup": T("随访报告", "Follow-up report"),
        "final": T("总结报告", "Final report"),
    },
)
LONGEST = 2000  # characters of what is new
NOT_SERIOUS = T("该事件未提交或不是严重不良事件。", "The event is not submitted, or not serious.")
FIRST = T("首次报告只有一份，请选择随访报告或总结报告。", "There is one initial report; choose follow-up or final.")
NO_FIRST = T("请先生成首次报告。", "Make the initial report first.")
WHAT_IS_NEW = T("请说明与上次报告相比的新信息。", "Say what is new since the last report.")
NOT_READ_BACK = T("报告写出后读回不一致：{what}", "The message does not read back: {what}")
TOO_LONG = T("最多 {n} 个字符。", "At most {n} characters.")


_logger = logging.getLogger(__name__)


class ReportRefused(Exception):
    """No report was asked for; the text says why."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


def request_report(page: CrfPage, kind: str, changes: str = "", *, user: User) -> SaeReport:
    """Ask for a report on the event of a page. Raises PermissionDenied, KeyError (kind), ReportRefused."""
    _require(user, page)
    KINDS.codes[kind]
    changes = changes.strip()
    with acting(user, source="sae report"):
        lock(page.participant)
        last = page.sae_reports.exclude(status="failed").order_by("number").last()
        if refused := _refused(page, kind, changes, last):
            raise ReportRefused(refused)
        highest = page.sae_reports.order_by("number").last()
        number = highest.number + 1 if highest else 1
        return SaeReport.objects.create(requested_by=user, page=page, number=number, kind=kind, changes=changes)


def _require(user: User, page: CrfPage) -> None:
    if not may(user, Action.SIGN, page.participant.site):
        require(user, Action.EDIT_PAGE, page.participant.site)


def _refused(page: CrfPage, kind: str, changes: str, last: SaeReport | None) -> T | None:
    if page.state != "submitted" or page.adverseevent.ae_ser != "Y":
        return NOT_SERIOUS
    if kind == "initial":
        return FIRST if last else None
    if last is None:
        return NO_FIRST
    if len(changes) > LONGEST:
        return TOO_LONG.format(n=LONGEST)
    return None if changes else WHAT_IS_NEW


def write_report(report_id: UUID) -> SaeReport | None:
    """Write both PDFs; None when someone else claimed it."""
    return carry_out(SaeReport, report_id, "sae report", _written, atomic=True)


def _written(requested: SaeReport) -> dict[str, object]:
    page = CrfPage.objects.select_related("participant__site", "adverseevent").get(pk=requested.page_id)
    _require(requested.requested_by, page)
    files = {language: _stored(requested, page, code) for language, code in LANGUAGES.items()}
    written = {"page_version": page.version, "file_zh": files["zh"], "file_en": files["en"]}
    return written | _case(requested, page)


def _case(requested: SaeReport, page: CrfPage) -> dict[str, object]:
    """The ICSR as XML and JSON, read back before it is kept; or why there is none."""
    wrong = missing(page)
    case = {} if wrong else case_of(page, requested.number, timezone.now())
    if wrong := wrong or faults(case):
        return {"e2b_missing": [[text.zh, text.en] for text in wrong]}
    content = message(case)
    try:
        require_readable(content, case)
    except Unread as unread:  # the PDFs do not wait for it
        _logger.exception("no ICSR of report %s", requested.pk)
        text = NOT_READ_BACK.format(what=str(unread)[:200])
        return {"e2b_missing": [[text.zh, text.en]]}
    listed = json.dumps({"standard": "ICH E2B(R3)", "elements": plain(case)}, ensure_ascii=False, indent=1)
    return {
        "e2b_xml": storing.store(content, user=requested.requested_by),
        "e2b_json": storing.store(listed.encode(), user=requested.requested_by),
    }


def _stored(requested: SaeReport, page: CrfPage, language: str) -> StoredFile:
    """One PDF. Everything that depends on the language is said in it."""
    with override(language):
        parts = parts_of(page)
    earlier = page.sae_reports.filter(number__lt=requested.number).exclude(status="failed").order_by("number")
    context = {
        "report": requested, "page": page, "parts": parts, "kind": KINDS.text(requested.kind), "study": protocol(),
        "earlier": [(each, KINDS.text(each.kind)) for each in earlier], "printed": timezone.localtime(),
        "head_seal": head_seal(), "version": page.version,
    }  # fmt: skip
    return storing.store(pdf.render("visits/sae_report.html", context, language), user=requested.requested_by)


def file_name(report: SaeReport, ending: str) -> str:
    """`PRTRAS-001-01-023-AE2-1-zh.pdf`: study, participant, event, number of the report."""
    page = report.page
    return protocol().file_name(page.participant.number, f"AE{page.repeat}", f"{report.number}", ending)
