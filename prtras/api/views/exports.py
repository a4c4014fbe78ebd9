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
from prtras.exports import building, downloads, tasks
from prtras.exports.formats.registry import UnknownFormat
from prtras.exports.models import ExportJob
from prtras.labels import T


class ExportLine(Line):
    """A bundle: how far it is, and of which data cut."""

    id = serializers.UUIDField()
    format = serializers.CharField()
    status = serializers.CharField()
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    cut_sha256 = serializers.CharField(source="cut.sha256", default="")
    sha256 = serializers.CharField(source="file.sha256", default="")


class ExportBody(Body):
    """Which format."""

    format = serializers.CharField(max_length=20, default="csv")


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
        try:
            job = building.request_export(self.body()["format"], user=self.user)
        except UnknownFormat:
            raise Problem(422, remarks=(Remark("format", "unknown", SHAPE["unknown"]),)) from None
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
        return downloads.bundle_file(job, user=self.user)
