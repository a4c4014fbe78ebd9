"""Source verification, freeze, lock and release, and who is to answer a query: the same acts as on the pages."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from prtras.accounts.access import require, sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.api.bodies import Body, Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import PARTICIPANT, STATE, ListEndpoint
from prtras.api.problems import SHAPE, Problem, Remark
from prtras.api.views.pages import PageLine
from prtras.api.views.queries import ELSEWHERE, QueryLine
from prtras.crf.access import page_for_view
from prtras.crf.models import CrfPage
from prtras.labels import T
from prtras.review import holding, querying, verifying
from prtras.review.access import queries_visible_to
from prtras.review.assignees import NotAbleToAnswer, assignee_of
from prtras.review.models import HoldAct, Query
from prtras.review.named_scopes import REFUSED, named_scope, why_not
from prtras.review.plan import plan
from prtras.review.states import NotAllowedNow

NOT_THAT_VERSION = T("此页已有新版本，或没有可核查的内容。", "The page has another version, or nothing to verify.")
KINDS = ("frozen", "locked", "release")


class VerifyBody(Body):
    """Which places agree with the source; an empty one is the whole page."""

    places = serializers.ListField(child=serializers.CharField(allow_blank=True, max_length=80), default=[""])


class ReasonBody(Body):
    """Why."""

    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class Verification(Endpoint):
    """The verification of a page."""

    @operation(T("源数据核查", "Verify a page"), line=PageLine, body=VerifyBody, acts=("review:verify",),
               by_version=True)  # fmt: skip
    def put(self, request: Any, page_id: UUID) -> Response:
        """These places agree with the source as of the version in `If-Match`."""
        page = self._page(page_id)
        return self.once(lambda: self._verify(page))

    def _verify(self, page: CrfPage) -> Response:
        places = self.body()["places"]
        if not places or not set(places) <= {"", *plan().places(page.form, page.participant.number)}:
            raise Problem(422, remarks=(Remark("places", "unknown", SHAPE["unknown"]),))
        try:
            done = verifying.verify_page(page.pk, places, user=self.user, seen_version=self.seen_version())
        except verifying.NothingToVerify:
            raise Problem(412, NOT_THAT_VERSION) from None
        return Response(PageLine(done).data)

    @operation(T("撤销源数据核查", "Withdraw a verification"), line=PageLine, body=ReasonBody, acts=("review:verify",))
    def delete(self, request: Any, page_id: UUID) -> Response:
        """The page was not compared after all: every mark on it goes."""
        page = self._page(page_id)
        return self.once(
            lambda: Response(
                PageLine(verifying.unverify_page(page.pk, user=self.user, reason=self.body()["reason"])).data
            )
        )

    def _page(self, page_id: UUID) -> CrfPage:
        page = page_for_view(self.user, page_id)
        require(self.user, Action.VERIFY, page.participant.site)
        return page


class HoldLine(Line):
    """A freezing, locking or release on record; without page, visit and participant it is of the study."""

    id = serializers.IntegerField()
    act = serializers.CharField()
    state = serializers.CharField()
    participant = serializers.CharField(source="participant.number", default="")
    visit = serializers.IntegerField(source="visit_id", allow_null=True)
    page = serializers.UUIDField(source="page_id", allow_null=True)
    reason = serializers.CharField()
    pages = serializers.IntegerField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()
    second = serializers.CharField(source="second.username", default="")
    second_at = serializers.DateTimeField(allow_null=True)


class HoldBody(Body):
    """What is to be held or released, and why: one of page, visit, participant and study."""

    act = serializers.ChoiceField(KINDS)
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    page = serializers.UUIDField(default=None, allow_null=True)
    visit = serializers.IntegerField(default=None, allow_null=True, min_value=1, max_value=10**9 - 1)
    participant = serializers.CharField(default="", allow_blank=True, max_length=12)
    study = serializers.BooleanField(default=False)


class Holds(ListEndpoint):
    """Freezes, locks and releases."""

    filters = {PARTICIPANT: "participant__number", STATE: "state", "act": "act"}

    def rows(self) -> QuerySet[HoldAct]:
        """Raises PermissionDenied."""
        require(self.user, Action.SEE_PAGES)
        return holding.acts_visible_to(self.user).select_related("participant", "by", "second")

    @operation(T("冻结与锁定列表", "List holds"), line=HoldLine)
    def get(self, request: Any) -> Response:
        """Every freezing, locking and release, with who decided on it."""
        return self.listed()

    @operation(T("冻结、锁定或解除", "Freeze, lock or release"), line=HoldLine, body=HoldBody, acts=("review:hold",),
               status=201)  # fmt: skip
    def post(self, request: Any) -> Response:
        """At once; the release of what someone else locked waits for a second person."""
        require(self.user, Action.HOLD)
        return self.once(self._hold)

    def _hold(self) -> Response:
        sent = self.body()
        named = {name: str(sent[name] or "") for name in ("page", "visit", "participant", "study")}
        if sum(bool(text) for text in named.values()) != 1:
            raise Problem(422, remarks=(Remark("page", "one", ONE_OF),))
        scope = named_scope(self.user, **named)
        try:
            if sent["act"] == "release":
                done = holding.release(scope, sent["reason"], user=self.user)
            else:
                done = holding.hold(scope, sent["act"], sent["reason"], user=self.user)
        except holding.NotReady as unready:
            raise Problem(409, why_not(unready)) from None
        except holding.NoReason:
            raise Problem(422, remarks=(Remark("reason", "required", REFUSED[holding.NoReason]),)) from None
        except (holding.StillFollowed, holding.NothingToDo) as refused:
            raise Problem(409, REFUSED[type(refused)]) from None
        return Response(HoldLine(done).data, 201)


ONE_OF = T("请指明页面、访视、受试者或整个研究之一。", "Name one of page, visit, participant and study.")


class Decide(Endpoint):
    """A second person's word on a release: `grant` or `refuse`."""

    @operation(T("批准或驳回解除", "Grant or refuse a release"), line=HoldLine, acts=("review:decide",))
    def post(self, request: Any, act_id: int, word: str) -> Response:
        """`grant` or `refuse`; never by who asked for it."""
        if word not in ("grant", "refuse"):
            raise Http404
        require(self.user, Action.HOLD)
        act = get_object_or_404(holding.requests_visible_to(self.user), id=act_id)
        return self.once(lambda: self._decide(act, word))

    def _decide(self, act: HoldAct, word: str) -> Response:
        try:
            return Response(HoldLine(holding.decide_release(act.pk, grant=word == "grant", user=self.user)).data)
        except holding.NothingToDo:
            raise Problem(409, REFUSED[holding.NothingToDo]) from None


class AssignBody(Body):
    """Who is to answer (empty: everyone who may), and by when."""

    assignee = serializers.CharField(max_length=150, allow_blank=True, default="")
    due = serializers.DateField(default=None, allow_null=True)


class Assign(Endpoint):
    """Who is to answer a query."""

    @operation(T("指派质疑", "Assign a query"), line=QueryLine, body=AssignBody, acts=("review:assign",))
    def put(self, request: Any, query_id: int) -> Response:
        """A person by user name, and a day."""
        require(self.user, Action.SEE_PAGES)
        known = queries_visible_to(self.user).select_related("page__participant__site")
        query = get_object_or_404(known, id=query_id)
        require(self.user, Action.RAISE_QUERY, query.page.participant.site)
        return self.once(lambda: self._assign(query, query.page.participant.site))

    def _assign(self, query: Query, site: Site) -> Response:
        sent = self.body()
        try:
            wish = querying.Assignment(assignee_of(sent["assignee"], site), sent["due"])
            return Response(QueryLine(querying.assign(query.pk, wish, user=self.user)).data)
        except NotAbleToAnswer:
            raise Problem(422, remarks=(Remark("assignee", "unknown", SHAPE["unknown"]),)) from None
        except NotAllowedNow:
            raise Problem(409, ELSEWHERE) from None


class CloseBody(Body):
    """Which answered queries, and a word for their threads."""

    queries = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    text = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ClosedAnswer(Line):
    """How many were closed: those that were still answered."""

    closed = serializers.IntegerField()


class CloseMany(Endpoint):
    """Many answered queries."""

    @operation(T("关闭多条质疑", "Close many queries"), line=ClosedAnswer, body=CloseBody, acts=("review:close_many",))
    def post(self, request: Any) -> Response:
        """All or none of those that are answered, at sites where the person may close them."""
        require(self.user, Action.CLOSE_QUERY)
        return self.once(self._close)

    def _close(self) -> Response:
        sent = self.body()
        sites = sites_where(self.user, Action.CLOSE_QUERY)
        queries = Query.objects.filter(id__in=sent["queries"], state="answered", page__participant__site__in=sites)
        return Response(ClosedAnswer({"closed": querying.close_all(queries, sent["text"], user=self.user)}).data)
