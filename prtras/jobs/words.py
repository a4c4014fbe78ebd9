"""How the trail speaks of what the worker does for a person."""

from collections.abc import Mapping

from prtras.audit.words import Act, Label, Words
from prtras.labels import T


def words_of_a_job(requested: T, columns: Mapping[str, Label], silent: frozenset[str] = frozenset()) -> Words:
    """The words of a kind of job, with those of its own columns."""
    return Words(
        requested,
        (
            Act(T("开始", "Started"), "status", "running"),
            Act(T("完成", "Done"), "status", "done"),
            Act(T("失败", "Failed"), "status", "failed"),
            Act(T("取消", "Cancelled"), "status", "cancelled"),
        ),
        {"log": Label(T("说明", "Log")), **columns},
        silent | {"requested_by_id", "requested_at", "started_at", "finished_at", "status"},
    )
