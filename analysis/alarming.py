"""Acts of the night's alarm: compare the counts with those of the night before, and tell administrators of it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from analysis.alarms import Alarm, Counted, alarms, counted
from analysis.models import AnalysisRun
from analysis.outputs.stored_results import from_json
from prtras.jobs import scheduling
from prtras.jobs.mails import tell_administrators
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The deferred mail.
MAIL = "analysis.alarming.tell"
SUBJECT = T("PRTRAS EDC：夜间分析警报", "PRTRAS EDC: the night run raised an alarm")
TEXT = T(
    "{at} 的夜间分析中，下列计数的变化不能由新录入的数据解释：\n{what}\n\n"
    "请通知统计师或研究者，在“分析”页面的该次运行中查看涉及的受试者。",
    "In the night run of {at} these counts moved in a way that the data entered since do not explain:\n{what}\n\n"
    "Please tell the statistician or an investigator: the run on the page Runs names the participants.",
)


def compared(job: AnalysisRun, data: "AnalysisData") -> dict[str, object]:
    """The columns of a night run that hold its counts and its alarms; the mail follows from the same transaction.

    A run that a person asked for is of any cut-off and is compared with nothing. The first night has none before it.
    """
    if not job.nightly:
        return {}
    after = counted(data)
    night = before(job).filter(counted__isnull=False).first()
    columns: dict[str, object] = {"counted": after.to_dict()}
    if night is None:
        return columns
    raised = alarms(from_json(Counted, night.counted, "counted"), after)
    if raised:
        scheduling.defer(MAIL, job.pk.int)
    return columns | {"alarms": [alarm.to_dict() for alarm in raised]}


def before(run: AnalysisRun) -> QuerySet[AnalysisRun]:
    """The finished night runs that were requested before a run, the newest first."""
    nights = AnalysisRun.objects.filter(nightly=True, status="done", requested_at__lt=run.requested_at)
    return nights.order_by("-requested_at")


def alarms_of(run: AnalysisRun) -> list[Alarm]:
    """The alarms that a run raised."""
    return [from_json(Alarm, stored, "alarms") for stored in run.alarms or ()]


def _tell(number: int) -> None:
    """Counts and their names alone go into the mail, nobody's number."""
    run = AnalysisRun.objects.get(pk=UUID(int=number))
    texts = [alarm.text for alarm in alarms_of(run)]
    what = T("\n".join(text.zh for text in texts), "\n".join(text.en for text in texts))
    tell_administrators(what, run.requested_at, SUBJECT, TEXT)


scheduling.register_deferred(MAIL, _tell)
