"""Registering a participant, for programs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework import serializers
from rest_framework.response import Response

from enrollment.registering import NumberRefused, next_numbers, register_participant
from prtras.accounts.access import sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.api.bodies import Body
from prtras.api.endpoint import Endpoint, operation
from prtras.api.problems import SHAPE, Problem, Remark
from prtras.api.views.casebook import ParticipantLine
from prtras.labels import T


class RegistrationBody(Body):
    """Where; under which numbers, the next free ones if none are given."""

    site = serializers.CharField(max_length=8)
    number = serializers.CharField(max_length=12, required=False)
    screening_number = serializers.CharField(max_length=8, required=False)


class Registrations(Endpoint):
    """The door of the study."""

    @operation(T("登记受试者", "Register a participant"), line=ParticipantLine, body=RegistrationBody,
               acts=("enrollment:register",), status=201)  # fmt: skip
    def post(self, request: Any) -> Response:
        """A new participant in screening, with the pages of the screening visit."""
        if not sites_where(self.user, Action.REGISTER):
            raise PermissionDenied(Action.REGISTER)
        return self.once(self._register)

    def _register(self) -> Response:
        sent = self.body()
        sites = Site.objects.filter(pk__in=sites_where(self.user, Action.REGISTER))
        site = sites.filter(code=sent["site"]).first()
        if site is None:
            raise Problem(422, remarks=(Remark("site", "unknown", SHAPE["unknown"]),))
        number, screening_number = next_numbers(site)
        number, screening_number = sent.get("number", number), sent.get("screening_number", screening_number)
        try:
            person = register_participant(site, number, screening_number, user=self.user)
        except NumberRefused as refused:
            raise Problem(422, remarks=(Remark(refused.field, "number", refused.text),)) from None
        return Response(ParticipantLine(person).data, 201)
