"""Exports: requested, polled, downloaded."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from prtras.api.bodies import Body, Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import ListEndpoint
from prtras.api.problems import SHAPE, Problem, Remark
from prtras.datacut.models import DataCut
from prtras.exports import building, downloads, tasks
from prtras.exports.deidentification import ANALYSIS, PROFILES
from prtras.exports.formats.registry import UnknownFormat
from prtras.exports.models import ExportJob
from prtras.exports.release import (
    DESTINATIONS,
    LONGEST_FILING,
    LONGEST_RECIPIENT,
    PURPOSES,
    NotAnswered,
    Release,
)
from prtras.labels import T


class ExportLine(Line):
    """A bundle: how far it is, of which data cut, for what and for whom; `contents` has bytes and rows by path."""

    id = serializers.UUIDField()
    format = serializers.CharField()
    status = serializers.CharField()
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    cut_sha256 = serializers.CharField(source="cut.sha256", default="")
    sha256 = serializers.CharField(source="file.sha256", default="")
    purpose = serializers.CharField()
    recipient = serializers.CharField()
    destination = serializers.CharField()
    filing = serializers.CharField()
    profile = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    contents = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()), allow_null=True)


class ExportBody(Body):
    """Which format, of which data cut (none: the data as they are), for what and for whom."""

    format = serializers.CharField(max_length=20, default="csv")
    cut = serializers.UUIDField(default=None, allow_null=True)
    purpose = serializers.ChoiceField(list(PURPOSES.codes))
    recipient = serializers.CharField(max_length=LONGEST_RECIPIENT)
    destination = serializers.ChoiceField(list(DESTINATIONS.codes))
    filing = serializers.CharField(max_length=LONGEST_FILING, default="", allow_blank=True)
    profile = serializers.ChoiceField(list(PROFILES.codes), default=ANALYSIS)


class Exports(ListEndpoint):
    """All bundles."""

    filters = {"state": "status"}

    def rows(self) -> QuerySet[ExportJob]:
        """Raises PermissionDenied."""
        building.require_export(self.user)
        return ExportJob.objects.select_related("cut", "file")

    @operation(T("导出列表", "List exports"), line=ExportLine)
    def get(self, request: Any) -> Response:
        """Bundles with their states."""
        return self.listed()

    @operation(T("申请导出", "Request an export"), line=ExportLine, body=ExportBody, acts=("exports:ask",), status=201)
    def post(self, request: Any) -> Response:
        """The worker builds the bundle of the data as they are; poll it by its id."""
        building.require_export(self.user)
        return self.once(self._request)

    def _request(self) -> Response:
        body = self.body()
        try:
            cut = DataCut.objects.get(id=body["cut"]) if body["cut"] else None
            job = building.request_export(Release.typed(body), body["format"], user=self.user, cut=cut)
        except UnknownFormat:
            raise Problem(422, remarks=(Remark("format", "unknown", SHAPE["unknown"]),)) from None
        except DataCut.DoesNotExist:
            raise Problem(422, remarks=(Remark("cut", "unknown", SHAPE["unknown"]),)) from None
        except NotAnswered as refused:
            wrong = tuple(Remark(field, "invalid", text) for field, text in refused.problems.items())
            raise Problem(422, remarks=wrong) from None
        tasks.build.delay_on_commit(str(job.id))
        return Response(ExportLine(job).data, 201)


class OneExport(Endpoint):
    """One bundle."""

    @operation(T("导出状态", "State of an export"), line=ExportLine)
    def get(self, request: Any, job_id: UUID) -> Response:
        """How far it is; `done` when the file is there."""
        building.require_export(self.user)
        return Response(ExportLine(get_object_or_404(ExportJob.objects.select_related("cut", "file"), id=job_id)).data)


class Zip(BaseRenderer):
    """Bytes as they are."""

    media_type = "application/zip"
    format = "zip"

    def render(self, data: Any, media_type: str | None = None, context: Any = None) -> bytes:
        """Only a problem comes here."""
        return JSONRenderer().render(data)


class ExportFile(Endpoint):
    """The file of a bundle."""

    renderer_classes = [JSONRenderer, Zip]

    @operation(T("下载导出", "Download an export"), media_type="application/zip")
    def get(self, request: Any, job_id: UUID) -> Any:
        """The zip. The download is on record, and so is the look at results by arm in a study with arms."""
        building.require_export(self.user)
        job = get_object_or_404(ExportJob.objects.select_related("file"), id=job_id, status="done")
        try:
            return downloads.bundle_file(job, user=self.user)
        except downloads.Expired:
            raise Problem(409, downloads.EXPIRED) from None
