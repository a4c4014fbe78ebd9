"""Participants, their visits, and what the casebook is: forms and schedule."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from prtras.accounts.access import require
from prtras.accounts.rights import Action
from prtras.api.bodies import Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import PARTICIPANT, SITE, STATE, ListEndpoint
from prtras.crf.access import participant_for, participants_visible_to, visits_visible_to
from prtras.crf.items import Item
from prtras.crf.models import Participant, Visit
from prtras.crf.registry import all_forms
from prtras.crf.schedule import SCHEDULE
from prtras.labels import T


class ParticipantLine(Line):
    """A participant, known by number."""

    number = serializers.CharField()
    site = serializers.CharField(source="site.code")
    screening_number = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    day_0 = serializers.DateField(source="anchor", allow_null=True)
    arm = serializers.CharField()
    consented = serializers.DateField(allow_null=True)
    withdrawn = serializers.DateField(allow_null=True)
    hold = serializers.CharField()


class Participants(ListEndpoint):
    """The participants of the reader's sites."""

    filters = {SITE: "site__code", STATE: "state"}
    order = "number"

    def rows(self) -> QuerySet[Participant]:
        """Raises PermissionDenied."""
        require(self.user, Action.SEE_PAGES)
        return participants_visible_to(self.user).select_related("site")

    @operation(T("受试者列表", "List participants"), line=ParticipantLine)
    def get(self, request: Any) -> Response:
        """Participants of the sites at which the token holds, by number."""
        return self.listed()


class OneParticipant(Endpoint):
    """One participant."""

    @operation(T("一名受试者", "One participant"), line=ParticipantLine)
    def get(self, request: Any, number: str) -> Response:
        """The participant; 404 for one of another site."""
        return Response(ParticipantLine(participant_for(self.user, number)).data)


class VisitLine(Line):
    """A visit: its window, its day, what became of it."""

    id = serializers.IntegerField()
    participant = serializers.CharField(source="participant.number")
    visit = serializers.CharField(source="code")
    sequence = serializers.IntegerField()
    state = serializers.CharField()
    target = serializers.DateField(allow_null=True)
    opens = serializers.DateField(allow_null=True)
    closes = serializers.DateField(allow_null=True)
    date = serializers.DateField(allow_null=True)
    schedule = serializers.CharField()


class Visits(ListEndpoint):
    """Visits, unscheduled ones too."""

    filters = {PARTICIPANT: "participant__number", SITE: "participant__site__code", "visit": "code", STATE: "state"}

    def rows(self) -> QuerySet[Visit]:
        """Raises PermissionDenied."""
        require(self.user, Action.SEE_PAGES)
        return visits_visible_to(self.user).select_related("participant")

    @operation(T("访视列表", "List visits"), line=VisitLine)
    def get(self, request: Any) -> Response:
        """Visits with their windows and states."""
        return self.listed()


class FormsAnswer(Line):
    """The dictionary."""

    forms = serializers.ListField(child=serializers.DictField())


class Forms(Endpoint):
    """The dictionary: every form with its items."""

    @operation(T("数据字典", "Data dictionary"), line=FormsAnswer)
    def get(self, request: Any) -> Response:
        """Forms, tables and items: labels, types, units, code lists, ranges, CDASH and SDTM names."""
        require(self.user, Action.SEE_PAGES)
        return Response({"forms": [_form(form) for form in all_forms()]})


def _form(form: Any) -> dict[str, Any]:
    tables = [
        {"table": table.code, "title": _both(table.title), "row_keys": list(table.rows.keys) if table.rows else None,
         "items": [_item(name, item) for name, item in table.items.items()]}
        for table in form.tables()
    ]  # fmt: skip
    return {"form": form.code, "title": _both(form.title), "kind": form.kind, "tables": tables}


def _item(name: str, item: Item) -> dict[str, Any]:
    ranges = {kind: [str(limits.low), str(limits.high)] for kind in ("hard", "soft") if (limits := getattr(item, kind))}
    codes = {code: _both(text) for code, text in item.codes.choices()} if item.codes else None
    return {
        "item": name, "label": _both(item.label), "kind": item.kind, "need": item.need, "unit": item.unit,
        "other_units": list(item.other_units), "ranges": ranges, "codes": codes, "identifies": item.identifies,
        "cdash": item.cdash, "sdtm": item.sdtm,
    }  # fmt: skip


def _both(text: T) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


class ScheduleAnswer(Line):
    """The versions of the schedule."""

    versions = serializers.ListField(child=serializers.DictField())


class ScheduleOfVisits(Endpoint):
    """The schedule of visits."""

    @operation(T("访视计划", "Schedule of visits"), line=ScheduleAnswer)
    def get(self, request: Any) -> Response:
        """Every version: visits with their days after Day 0 and their forms."""
        require(self.user, Action.SEE_PAGES)
        return Response({"versions": [_version(schedule) for schedule in SCHEDULE]})


def _version(schedule: Any) -> dict[str, Any]:
    visits = [
        {"visit": each.code, "title": _both(each.title), "day": each.day, "first": each.first, "last": each.last,
         "arm": each.arm, "required": list(each.required), "optional": list(each.optional),
         "conditional": [form for form, _ in each.conditional]}
        for each in schedule.visits.values()
    ]  # fmt: skip
    return {"version": schedule.version, "note": _both(schedule.note), "visits": visits}
