"""The import of hospital files, for programs: a dry run, its report, and the import itself."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from labs import importing, tasks
from labs.files.hl7 import MEANING, is_hl7
from labs.files.refusals import FileRefused
from labs.files.samples import LONGEST_REASON
from labs.models import LabImport, SavedMapping
from prtras.accounts.access import sites_where
from prtras.accounts.models import Site
from prtras.accounts.rights import Action
from prtras.api.bodies import Body, Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import SITE, ListEndpoint
from prtras.api.problems import SHAPE, TOO_LARGE, Problem, Remark
from prtras.files import storing
from prtras.files.uploads import was_too_large
from prtras.labels import T

NO_DRY_RUN = T("请先完成试运行。", "A dry run has to be done first.")


class ImportLine(Line):
    """A try at a file, and its report when it is done."""

    id = serializers.UUIDField()
    site = serializers.CharField(source="site.code")
    name = serializers.CharField()
    status = serializers.CharField()
    dry_run = serializers.BooleanField()
    applied = serializers.BooleanField()
    complete = serializers.BooleanField()
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    report = serializers.DictField(allow_null=True)


class FileBody(Body):
    """The file, the site, and what its columns mean: the name under which the site keeps it, or `columns` themselves;
    neither for HL7 messages.
    """

    file = serializers.FileField(max_length=200)
    site = serializers.CharField(max_length=8)
    mapping = serializers.CharField(max_length=80, allow_blank=True, default="")
    columns = serializers.JSONField(default=None)


class CommitBody(Body):
    """All lines or the good ones, of all participants or of some; why differing values are replaced; doubtful samples
    confirmed by a person.
    """

    part = serializers.ChoiceField([importing.ALL, importing.GOOD], default=importing.ALL)
    correction = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")
    participants = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    confirmed = serializers.BooleanField(default=False)


class LabImports(ListEndpoint):
    """What was tried and imported."""

    parser_classes = [MultiPartParser]
    filters = {SITE: "site__code", "state": "status"}

    def rows(self) -> QuerySet[LabImport]:
        """Raises PermissionDenied."""
        sites = sites_where(self.user, Action.IMPORT_RESULTS)
        if not sites:
            raise PermissionDenied(Action.IMPORT_RESULTS)
        return LabImport.objects.filter(site__in=sites).select_related("site", "file")

    @operation(T("检验文件导入列表", "List laboratory imports"), line=ImportLine)
    def get(self, request: Any) -> Response:
        """Tries and imports with their reports."""
        return self.listed()

    @operation(T("试运行检验文件", "Try a laboratory file"), line=ImportLine, body=FileBody,
               acts=("labs:import", "labs:mapping"), status=201)  # fmt: skip
    def post(self, request: Any) -> Response:
        """Upload a file for a dry run; poll its report by its id."""
        self.rows()
        return self.once(self._try)

    def _try(self) -> Response:
        self.request.data  # noqa: B018 - the file is read only now, and dropped while it is
        if was_too_large(self.request._request):
            raise Problem(413, TOO_LARGE)
        sent = self.body()
        sites = Site.objects.filter(pk__in=sites_where(self.user, Action.IMPORT_RESULTS))
        site = sites.filter(code=sent["site"]).first()
        if site is None:
            raise Problem(422, remarks=(Remark("site", "unknown", SHAPE["unknown"]),))
        content, name = sent["file"].read(), sent["file"].name
        return _requested(site, content, name, _mapping(site, sent, content), user=self.user, dry_run=True)


def _mapping(site: Site, sent: dict[str, Any], content: bytes) -> dict[str, Any]:
    """What the columns mean. Raises Problem (422) for a name that the site does not keep, and where nothing says it."""
    if isinstance(sent["columns"], dict) and not sent["mapping"]:
        return sent["columns"]
    saved = SavedMapping.objects.filter(site=site, name=sent["mapping"]).first()
    if saved is None and (sent["mapping"] or sent["columns"] is not None or not is_hl7(content)):
        name = "columns" if sent["columns"] is not None else "mapping"
        raise Problem(422, remarks=(Remark(name, "unknown", SHAPE["unknown"]),))
    return saved.mapping if saved else MEANING


def _requested(site: Site, content: bytes, name: str, mapping: dict[str, Any], **how: Any) -> Response:
    try:
        job = importing.request_import(site, content, name, mapping, **how)
    except FileRefused as refused:
        raise Problem(422, refused.text, (Remark("file", "refused", refused.text),)) from None
    tasks.run.delay_on_commit(str(job.id))
    return Response(ImportLine(job).data, 201)


class OneLabImport(Endpoint):
    """One try."""

    @operation(T("检验文件导入的报告", "Report of a laboratory import"), line=ImportLine)
    def get(self, request: Any, import_id: UUID) -> Response:
        """How far it is, and its report."""
        return Response(ImportLine(tried(self, import_id)).data)


class CommitLabImport(Endpoint):
    """The import of what was tried."""

    @operation(T("导入已试运行的文件", "Import what was tried"), line=ImportLine, body=CommitBody,
               acts=("labs:report",), status=201)  # fmt: skip
    def post(self, request: Any, import_id: UUID) -> Response:
        """All of it or the good lines; poll the new import by its id."""
        job = tried(self, import_id)
        return self.once(lambda: self._commit(job))

    def _commit(self, job: LabImport) -> Response:
        sent = self.body()
        if not job.dry_run or job.status != "done":
            raise Problem(409, NO_DRY_RUN)
        content = storing.content(job.file)
        return _requested(job.site, content, job.name, job.mapping, user=self.user, dry_run=False, **sent)


def tried(endpoint: Endpoint, import_id: UUID) -> LabImport:
    """A try at one of the reader's sites. Raises Http404, PermissionDenied."""
    sites = sites_where(endpoint.user, Action.IMPORT_RESULTS)
    if not sites:
        raise PermissionDenied(Action.IMPORT_RESULTS)
    return get_object_or_404(LabImport.objects.select_related("file", "site"), id=import_id, site__in=sites)
