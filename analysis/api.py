"""Runs and the numbers of their outputs, for programs."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from analysis import running, tasks
from analysis.cut_form import CutForm
from analysis.models import AnalysisRun
from analysis.output_page import opened
from analysis.outputs import OUTPUTS
from analysis.run_views import LARGE
from prtras.accounts.access import may, require
from prtras.accounts.rights import Action
from prtras.api.bodies import Body, Line
from prtras.api.endpoint import Endpoint, operation
from prtras.api.lists import ListEndpoint
from prtras.api.problems import Problem, Remark
from prtras.labels import T

ALREADY = T("已有分析正在运行。", "An analysis is already running.")
OVER = T("该运行已结束，未取消。", "The run is over and was not cancelled.")


class RunLine(Line):
    """A run: of which data cut, and what became of it."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    nightly = serializers.BooleanField()
    cutoff = serializers.DateField()
    entered_until = serializers.DateTimeField(allow_null=True)
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    cut_sha256 = serializers.CharField(source="cut.sha256", default="")
    results_sha256 = serializers.CharField()
    warnings = serializers.IntegerField()


class RunAnswer(RunLine):
    """A run with the outputs that the reader may open."""

    outputs = serializers.ListField(child=serializers.DictField())


class RunBody(Body):
    """The cut-off date, and as of when; without a moment, as the data are."""

    cutoff = serializers.CharField(max_length=10)
    entered_until = serializers.CharField(max_length=25, allow_blank=True, default="")


class NumbersAnswer(Line):
    """Every number of an output as it was computed, by its place; null where it cannot be estimated."""

    output = serializers.CharField()
    run = serializers.UUIDField()
    numbers = serializers.DictField()


class Runs(ListEndpoint):
    """All runs."""

    filters = {"state": "status"}

    def rows(self) -> QuerySet[AnalysisRun]:
        """Raises PermissionDenied."""
        require(self.user, Action.SEE_POOLED)
        return AnalysisRun.objects.select_related("cut").defer(*LARGE)

    @operation(T("分析运行列表", "List runs"), line=RunLine)
    def get(self, request: Any) -> Response:
        """Runs with their states and data cuts."""
        return self.listed()

    @operation(T("运行分析", "Start a run"), line=RunLine, body=RunBody, acts=("analysis:start",), status=201)
    def post(self, request: Any) -> Response:
        """The worker computes the data dated up to a day; poll the run by its id."""
        require(self.user, Action.RUN_ANALYSIS)
        return self.once(self._request)

    def _request(self) -> Response:
        cut = CutForm({name: str(text) for name, text in self.body().items()})
        if cut.problem:
            raise Problem(422, remarks=tuple(Remark(name, "invalid", text) for name, text in cut.problem.items()))
        try:
            run = running.request_run(cut.cutoff, user=self.user, entered_until=cut.entered_until)
        except running.AlreadyRunning:
            raise Problem(409, ALREADY) from None
        tasks.run.delay_on_commit(str(run.id))
        return Response(RunLine(run).data, 201)


class OneRun(Endpoint):
    """One run."""

    @operation(T("一次运行", "One run"), line=RunAnswer)
    def get(self, request: Any, run_id: UUID) -> Response:
        """Its state and the outputs that the reader may open."""
        require(self.user, Action.SEE_POOLED)
        run = get_object_or_404(AnalysisRun.objects.select_related("cut").defer(*LARGE), id=run_id)
        by_arm = may(self.user, Action.SEE_BY_ARM)
        outputs = [{"output": each.code, "zh": each.title.zh, "en": each.title.en, "by_arm": each.by_arm}
                   for each in OUTPUTS if by_arm or not each.by_arm]  # fmt: skip
        return Response(RunLine(run).data | {"outputs": outputs})


class CancelRun(Endpoint):
    """A run that is not to go on."""

    @operation(T("取消运行", "Cancel a run"), line=RunLine, acts=("analysis:cancel",))
    def post(self, request: Any, run_id: UUID) -> Response:
        """It ends without a result, if it is not over by now."""
        require(self.user, Action.RUN_ANALYSIS)
        run = get_object_or_404(AnalysisRun.objects.select_related("cut").defer(*LARGE), id=run_id)
        self.body()
        return self.once(lambda: self._cancel(run))

    def _cancel(self, run: AnalysisRun) -> Response:
        if not running.cancel(run, user=self.user):
            raise Problem(409, OVER)
        run.refresh_from_db(fields=["status", "finished_at"])
        return Response(RunLine(run).data)


class Numbers(Endpoint):
    """The numbers of one output."""

    @operation(T("一项结果的数据", "Numbers of an output"), line=NumbersAnswer)
    def get(self, request: Any, run_id: UUID, code: str) -> Response:
        """As the bundle's expected.json has them. Of an output by arm only for who may see those, on record."""
        require(self.user, Action.SEE_POOLED)
        run, output, stored = opened(self.user, run_id, code)
        numbers = output.expected(stored[output]) if output.expected and code in stored.outputs else {}
        return Response({"output": code, "run": run.id, "numbers": numbers})
