"""Queries: read, raised, answered, closed, asked again, cancelled."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from prtras.accounts.access import require
from prtras.accounts.rights import Action
from prtras.api.bodies import Body, Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import FORM, PARTICIPANT, SITE, STATE, ListEndpoint
from prtras.api.problems import SHAPE, Problem, Remark
from prtras.crf.access import page_for_view
from prtras.crf.registry import form_of
from prtras.labels import T
from prtras.review import querying
from prtras.review.access import queries_visible_to
from prtras.review.models import Query
from prtras.review.states import NotAllowedNow

EMPTY = T("请填写内容。", "Enter a text.")
LOCKED = T("此页已锁定。", "The page is locked.")
ELSEWHERE = T("质疑的当前状态不允许该操作。", "The current state of the query does not allow this.")
ACTS = {
    "answer": (Action.ANSWER_QUERY, querying.answer),
    "close": (Action.CLOSE_QUERY, querying.close),
    "reopen": (Action.CLOSE_QUERY, querying.reopen),
    "cancel": (Action.CLOSE_QUERY, querying.cancel),
}


class MessageLine(Line):
    """One thing in the thread."""

    act = serializers.CharField()
    text = serializers.CharField()
    author = serializers.CharField(source="author.username")
    at = serializers.DateTimeField()


class QueryLine(Line):
    """A query with its thread."""

    id = serializers.IntegerField()
    page = serializers.UUIDField(source="page_id")
    participant = serializers.CharField(source="page.participant.number")
    form = serializers.CharField(source="page.form")
    place = serializers.CharField()
    check_id = serializers.CharField()
    state = serializers.CharField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    opened_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    messages = MessageLine(many=True)


class NewQueryBody(Body):
    """A question about a place on a page."""

    page = serializers.UUIDField()
    place = serializers.CharField(max_length=80)
    text = serializers.CharField(max_length=2000)


class TextBody(Body):
    """What is to be put into the thread."""

    text = serializers.CharField(max_length=2000, allow_blank=True, default="")


class Queries(ListEndpoint):
    """Queries on pages of the reader's sites."""

    filters = {PARTICIPANT: "page__participant__number", SITE: "page__participant__site__code", FORM: "page__form",
               STATE: "state", "page": "page"}  # fmt: skip

    def rows(self) -> QuerySet[Query]:
        """Raises PermissionDenied."""
        require(self.user, Action.SEE_PAGES)
        related = queries_visible_to(self.user).select_related("page__participant")
        return related.prefetch_related("messages__author")

    @operation(T("质疑列表", "List queries"), line=QueryLine)
    def get(self, request: Any) -> Response:
        """Queries with their threads."""
        return self.listed()

    @operation(T("提出质疑", "Raise a query"), line=QueryLine, body=NewQueryBody, acts=("review:ask",), status=201)
    def post(self, request: Any) -> Response:
        """A person's question about one place."""
        return self.once(self._raise)

    def _raise(self) -> Response:
        sent = self.body()
        page = page_for_view(self.user, sent["page"])
        require(self.user, Action.RAISE_QUERY, page.participant.site)
        if form_of(page.form).item_at(sent["place"]) is None:
            raise Problem(422, remarks=(Remark("place", "unknown", SHAPE["unknown"]),))
        try:
            raised = querying.raise_query(page, sent["place"], sent["text"], user=self.user)
        except querying.PageLocked:
            raise Problem(409, LOCKED) from None
        return Response(QueryLine(raised).data, 201)


class Say(Endpoint):
    """A move of a query: `answer`, `close`, `reopen` or `cancel`."""

    @operation(T("答复、关闭、重开或取消质疑", "Answer, close, reopen or cancel a query"), line=QueryLine,
               body=TextBody, acts=("review:say",))  # fmt: skip
    def post(self, request: Any, query_id: int, act: str) -> Response:
        """`answer`, `close`, `reopen` or `cancel`, with the words for the thread."""
        if act not in ACTS:
            raise Http404
        require(self.user, Action.SEE_PAGES)
        query = get_object_or_404(queries_visible_to(self.user).select_related("page__participant__site"), id=query_id)
        require(self.user, ACTS[act][0], query.page.participant.site)
        return self.once(lambda: self._move(query, act))

    def _move(self, query: Query, act: str) -> Response:
        try:
            moved = ACTS[act][1](query.pk, self.body()["text"], user=self.user)
        except querying.EmptyText:
            raise Problem(422, remarks=(Remark("text", "required", EMPTY),)) from None
        except NotAllowedNow:
            raise Problem(409, ELSEWHERE) from None
        except querying.PageLocked:
            raise Problem(409, LOCKED) from None
        return Response(QueryLine(moved).data)
