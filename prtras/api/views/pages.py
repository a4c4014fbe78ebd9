"""Pages of the casebook: read, checked, saved, voided."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from prtras.accounts.access import may, require
from prtras.accounts.rights import Action
from prtras.api.bodies import Body, Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import FORM, PARTICIPANT, SITE, STATE, ListEndpoint
from prtras.api.page_saving import judged_page, save
from prtras.api.places import page_values
from prtras.api.problems import Problem, Remark
from prtras.audit.models import AuditEvent
from prtras.crf.access import page_for_edit, page_for_view, page_for_voiding, pages_visible_to
from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage
from prtras.entry import history, voiding
from prtras.entry.remarks import VOID_LIMIT
from prtras.labels import T


class PageLine(Line):
    """A page and its state."""

    id = serializers.UUIDField()
    form = serializers.CharField()
    participant = serializers.CharField(source="participant.number")
    visit = serializers.SerializerMethodField()
    sequence = serializers.SerializerMethodField()
    repeat = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    hold = serializers.CharField()
    verified = serializers.CharField()
    signed = serializers.BooleanField()
    submitted_at = serializers.DateTimeField(allow_null=True)

    def get_visit(self, page: CrfPage) -> str:
        """The visit's code; empty where the page belongs to none."""
        return page.visit.code if page.visit else ""

    def get_sequence(self, page: CrfPage) -> int:
        """The number of an unscheduled visit, else 0."""
        return page.visit.sequence if page.visit else 0


class PageAnswer(PageLine):
    """A page with what is on it."""

    values = serializers.DictField()
    rows = serializers.DictField(child=serializers.DictField())
    derived = serializers.DictField()
    missing = serializers.DictField(child=serializers.CharField())
    reported = serializers.DictField(child=serializers.CharField())
    voided = serializers.DictField(child=serializers.CharField())
    withheld = serializers.ListField(child=serializers.CharField())


class Texts(serializers.DictField):
    """Texts by place."""

    child = serializers.CharField(allow_blank=False, max_length=2000)


class PageBody(Body):
    """A page whole: what is not there is empty. Reasons by place, or `all`; answers by the number of the query."""

    values = serializers.DictField(default=dict)
    rows = serializers.DictField(child=serializers.DictField(), default=dict)
    missing = Texts(default=dict)
    reasons = Texts(default=dict)
    voided = Texts(default=dict)
    confirmed = Texts(default=dict)
    answers = Texts(default=dict)
    emptied = serializers.ListField(child=serializers.CharField(), default=list)


class CheckedAnswer(Line):
    """What the checks say of a page as it would be stored."""

    refused = serializers.ListField(child=serializers.DictField())
    questions = serializers.ListField(child=serializers.DictField())
    changed = serializers.ListField(child=serializers.CharField())
    emptied = serializers.ListField(child=serializers.CharField())
    derived = serializers.DictField()


class SavedAnswer(Line):
    """What became of a save."""

    version = serializers.IntegerField()
    changed = serializers.ListField(child=serializers.CharField())
    opened = serializers.ListField(child=serializers.IntegerField())
    closed = serializers.ListField(child=serializers.IntegerField())
    questions = serializers.ListField(child=serializers.DictField())


class Pages(ListEndpoint):
    """Pages of the reader's sites."""

    filters = {PARTICIPANT: "participant__number", SITE: "participant__site__code", "visit": "visit__code",
               FORM: "form", STATE: "state"}  # fmt: skip

    def rows(self) -> QuerySet[CrfPage]:
        """Raises PermissionDenied."""
        require(self.user, Action.SEE_PAGES)
        return pages_visible_to(self.user).select_related("participant", "visit")

    @operation(T("页面列表", "List pages"), line=PageLine)
    def get(self, request: Any) -> Response:
        """Pages with their states, without what is on them."""
        return self.listed()


class OnePage(Endpoint):
    """One page."""

    @operation(T("读取页面", "Read a page"), line=PageAnswer)
    def get(self, request: Any, page_id: UUID) -> Response:
        """What is on the page; its version is the ETag."""
        page = page_for_view(self.user, page_id)
        identifiers = may(self.user, Action.SEE_IDENTIFIERS, page.participant.site)
        data = PageLine(page).data | page_values(stored_page(page), identifiers=identifiers)
        return Response(data, headers={"ETag": f'"{page.version}"'})

    @operation(T("保存页面", "Save a page"), line=SavedAnswer, body=PageBody, acts=("entry:page",), by_version=True)
    def put(self, request: Any, page_id: UUID) -> Response:
        """The page whole, on top of the version in If-Match (412: someone saved another one meanwhile).

        Soft checks that are not answered under `confirmed` become queries; what would be emptied is named in `emptied`.
        """
        page = page_for_edit(self.user, page_id)
        return self.once(lambda: save(page, self.body(), self.seen_version(), user=self.user))


class Validate(Endpoint):
    """What the checks say of a page before it is saved."""

    @operation(T("核查而不保存", "Check without saving"), line=CheckedAnswer, body=PageBody, stores=False)
    def post(self, request: Any, page_id: UUID) -> Response:
        """Every hard and soft check, what is derived and what would be emptied. Nothing is stored."""
        return Response(judged_page(page_for_edit(self.user, page_id), self.body()))


class HistoryAnswer(Line):
    """What happened to a page."""

    items = serializers.ListField(child=serializers.DictField())


class History(Endpoint):
    """The history of a page."""

    @operation(T("页面历史", "History of a page"), line=HistoryAnswer)
    def get(self, request: Any, page_id: UUID) -> Response:
        """Everything that ever happened to the page, newest first: who, when, why, from which value to which."""
        page = page_for_view(self.user, page_id)
        identifiers = may(self.user, Action.SEE_IDENTIFIERS, page.participant.site)
        events = AuditEvent.objects.filter(page=page.pk).order_by("-id")
        return Response({"items": [_line(line) for line in history.lines(events, identifiers=identifiers, page=page)]})


def _line(line: history.Line) -> dict[str, Any]:
    changes = [{"place": each.place, "old": each.old, "new": each.new, "reason": each.why} for each in line.changes]
    return {
        "event": line.event.pk, "at": line.event.at, "who": line.who, "role": line.event.role, "act": str(line.act),
        "source": line.event.source, "reason": line.why, "changes": changes,
    }  # fmt: skip


class ReasonBody(Body):
    """Why."""

    reason = serializers.CharField(max_length=VOID_LIMIT)


NOT_NOW = T("此页的当前状态不允许该操作。", "The current status of the page does not allow this.")
NO_REASON = T("请填写原因。", "Please enter a reason.")


class Void(Endpoint):
    """A page that should not be there."""

    act = staticmethod(voiding.void_page)

    @operation(T("标记为录入有误", "Void a page"), line=PageLine, body=ReasonBody, acts=("entry:void",))
    def post(self, request: Any, page_id: UUID) -> Response:
        """Entered in error, or after all not."""
        page = page_for_voiding(self.user, page_id)
        return self.once(lambda: self._carry_out(page))

    def _carry_out(self, page: CrfPage) -> Response:
        try:
            done = type(self).act(page.pk, self.body()["reason"], user=self.user)
        except voiding.NoReason:
            raise Problem(422, remarks=(Remark("reason", "required", NO_REASON),)) from None
        except voiding.NotNow:
            raise Problem(409, NOT_NOW) from None
        return Response(PageLine(done).data)


class Restore(Void):
    """A page that was voided."""

    act = staticmethod(voiding.restore_page)

    @operation(T("恢复页面", "Restore a page"), line=PageLine, body=ReasonBody, acts=("entry:void",))
    def post(self, request: Any, page_id: UUID) -> Response:
        """It is to be there after all."""
        return super().post(request, page_id)
