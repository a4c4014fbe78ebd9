"""Further pages of a participant, for programs: logs and unscheduled visits."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from prtras.accounts.access import require
from prtras.accounts.rights import Action
from prtras.api.bodies import Body
from prtras.api.endpoint import Endpoint, operation
from prtras.api.problems import SHAPE, Problem, Remark
from prtras.api.views.pages import PageLine
from prtras.crf.access import participant_for
from prtras.crf.models import Participant
from prtras.crf.planning import PageHeld
from prtras.crf.registry import UnknownForm, form_of
from prtras.labels import T
from visits import planning

HELD = T("受试者资料已冻结或锁定。", "The participant's data are frozen or locked.")


class FurtherPageBody(Body):
    """The form of a log, or `UNS` for an unscheduled visit."""

    form = serializers.CharField(max_length=12)


class FurtherPages(Endpoint):
    """What is added to a casebook beside its schedule."""

    @operation(T("新增记录页或计划外访视", "Add a log page or an unscheduled visit"), line=PageLine,
               body=FurtherPageBody, acts=("visits:add",), status=201)  # fmt: skip
    def post(self, request: Any, number: str) -> Response:
        """Another adverse event, a recurrence, an unscheduled visit."""
        person = participant_for(self.user, number)
        require(self.user, Action.EDIT_PAGE, person.site)
        return self.once(lambda: self._add(person))

    def _add(self, person: Participant) -> Response:
        code = self.body()["form"]
        if person.hold:
            raise Problem(409, HELD)
        try:
            if code == "UNS":
                return Response(PageLine(planning.add_unscheduled_page(person, user=self.user)).data, 201)
            form = form_of(code)
            if form.kind != "log" and form.code != "death":
                raise UnknownForm(code)
            return Response(PageLine(planning.add_log_page(person, form.code, user=self.user)).data, 201)
        except UnknownForm:
            raise Problem(422, remarks=(Remark("form", "unknown", SHAPE["unknown"]),)) from None
        except PageHeld:
            raise Problem(409, HELD) from None
