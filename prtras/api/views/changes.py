"""The feed of changes: every event of the trail about a participant, once, in order."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from prtras.accounts.access import require, sites_where
from prtras.accounts.rights import Action
from prtras.api.bodies import Line
from prtras.api.endpoint import operation
from prtras.api.lists import PARTICIPANT, ListEndpoint
from prtras.audit.models import AuditEvent
from prtras.audit.trail import settled_until
from prtras.audit.words import withheld_tables
from prtras.crf.models import Participant
from prtras.entry.history import identifying
from prtras.labels import T
from prtras.trail.reading import TrailFilter, events_for


class ChangeLine(Line):
    """One changed row: of an INSERT all columns that have a value, of an UPDATE those that changed."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    transaction = serializers.IntegerField()
    table = serializers.CharField()
    row = serializers.CharField()
    operation = serializers.CharField()
    page = serializers.UUIDField(allow_null=True)
    participant = serializers.SerializerMethodField()
    actor = serializers.CharField(source="actor_name")
    role = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField()
    reasons = serializers.DictField(allow_null=True)
    old = serializers.SerializerMethodField()
    new = serializers.SerializerMethodField()

    def get_participant(self, event: AuditEvent) -> str:
        """The number."""
        number: str = self.context["view"].people[event.participant].number
        return number

    def get_old(self, event: AuditEvent) -> dict[str, Any] | None:
        """What was before."""
        return self._shown(event, event.old)

    def get_new(self, event: AuditEvent) -> dict[str, Any] | None:
        """What is after."""
        return self._shown(event, event.new)

    def _shown(self, event: AuditEvent, values: dict[str, Any] | None) -> dict[str, Any] | None:
        view = self.context["view"]
        known = view.people[event.participant].site_id in view.identified
        hidden = frozenset() if known else identifying(event.table)
        return None if values is None else {name: value for name, value in values.items() if name not in hidden}


class Changes(ListEndpoint):
    """What changed, for a copy that is kept elsewhere."""

    filters = {PARTICIPANT: "participant__in", "table": "table"}
    people: Mapping[int, Participant] = {}
    #: The sites at which the reader may know who a participant is.
    identified: list[int] = []

    def rows(self) -> QuerySet[AuditEvent]:
        """What the reader may see of the trail about participants. Raises PermissionDenied."""
        require(self.user, Action.SEE_TRAIL)
        self.identified = sites_where(self.user, Action.SEE_IDENTIFIERS)
        settled = settled_until()
        events = events_for(self.user, TrailFilter()).filter(participant__isnull=False, at__lt=settled)
        return events.exclude(table__in=withheld_tables())

    def sought(self, name: str, text: str) -> Any:
        """A participant's number names the row."""
        return Participant.objects.filter(number=text).values("pk") if name == PARTICIPANT else text

    def answer(self, rows: list[Any], limit: int) -> Response:
        """Always with a cursor: what comes later goes on from there."""
        self.people = Participant.objects.in_bulk({event.participant for event in rows})
        response = super().answer(rows, limit)
        after = str(rows[:limit][-1].pk) if rows else self.request.query_params.get("after")
        response.data |= {"next": after, "more": len(rows) > limit}
        return response

    @operation(T("变更", "Changes"), line=ChangeLine)
    def get(self, request: Any) -> Response:
        """Every event after a cursor, in order, none left out: what is still being written waits for the next request.

        Laid one over the other by table and row they give the present state. `more` says that there is more now.
        """
        return self.listed()
