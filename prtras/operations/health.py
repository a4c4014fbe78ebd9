"""How the installation does: what a proxy asks before it sends anybody here, and what the status page shows. Reads."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import connection
from django.utils import timezone

from prtras.audit.models import AuditEvent, AuditSeal
from prtras.jobs.models import Due
from prtras.jobs.timetable import PICK_UP
from prtras.labels import T
from prtras.operations.backing_up import can_be_proven, is_set_up
from prtras.operations.models import OperationRecord

OK, LATE, FAILED, OFF = "ok", "late", "failed", "off"
#: A seal is made every hour; a backup and its proof every night; what waits is picked up every minute.
SEAL_LATE, NIGHT_LATE, WAITING_LATE = timedelta(hours=2), timedelta(hours=26), timedelta(minutes=15)
#: Bytes that have to be free where data are written.
LEAST_FREE = 2 * 1024**3


@dataclass(frozen=True)
class Sign:
    """One thing that is looked at: its name, how it is, and since when or how much, in words."""

    code: str
    title: T
    state: str
    text: T


def ready() -> dict[str, str]:
    """What has to work before anybody is sent here: `ok`, or why not, by name.

    The database role and the triggers in force, no migration that waits, the broker, and room on the disk.
    """
    return {name: _tried(look) for name, look in _READY.items()}


def _tried(look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception as failed:  # whatever it is: it is not ready
        return type(failed).__name__


def _database() -> str:
    wrong = [each for each in run_checks(tags=["database"], databases=["default"]) if each.level >= ERROR]
    return ", ".join(sorted({str(each.id) for each in wrong})) or OK


def _migrations() -> str:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "waiting" if waiting else OK


def _broker() -> str:
    url = settings.REDIS_URL.replace("redis+socket://", "unix://")
    redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1).ping()
    return OK


def _disk() -> str:
    free = free_bytes()
    return OK if free >= LEAST_FREE else f"{free // 1024**2} MB free"


_READY: dict[str, Callable[[], str]] = {
    "database": _database, "migrations": _migrations, "broker": _broker, "disk": _disk,
}  # fmt: skip


def free_bytes() -> int:
    """Where stored files are written."""
    folder = Path(settings.FILES_FOLDER)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def signs() -> Iterator[Sign]:
    """What the administrator looks at, in the order of the page."""
    now = timezone.now()
    for name, title in (
        ("database", T("数据库与触发器", "Database and triggers")),
        ("broker", T("消息队列", "Broker")),
    ):
        state = _tried(_READY[name])
        yield Sign(name, title, OK if state == OK else FAILED, T("正常", "works") if state == OK else T(state, state))
    yield _seals(now)
    yield _waiting(now)
    yield from _nightly(now)
    free = free_bytes()
    amount = f"{free / 1024**3:.1f} GB"
    yield Sign("disk", T("磁盘空间", "Disk"), OK if free >= LEAST_FREE else FAILED,
               T(f"可用 {amount}", f"{amount} free"))  # fmt: skip


def _seals(now: datetime) -> Sign:
    seal = AuditSeal.objects.order_by("-id").first()
    unsealed = AuditEvent.objects.filter(id__gt=seal.last_event if seal else 0)
    oldest = unsealed.order_by("id").first()
    late = oldest is not None and now - oldest.at > SEAL_LATE
    words = T("最近封存：{at}；未封存 {n} 条", "latest seal {at}; {n} rows are not sealed yet")
    at = _when(seal.made_at) if seal else "–"
    return Sign("seals", T("稽查轨迹封存", "Seals of the audit trail"), LATE if late else OK,
                words.format(at=at, n=unsealed.count()))  # fmt: skip


def _waiting(now: datetime) -> Sign:
    waiting = Due.objects.filter(finished_at=None).exclude(name=PICK_UP).order_by("due_at")
    oldest = waiting.first()
    late = oldest is not None and now - oldest.due_at > WAITING_LATE and oldest.leased_until is None
    words = T("待处理 {n} 项，最早的 {at}", "{n} to be done, the oldest of {at}")
    text = words.format(n=waiting.count(), at=_when(oldest.due_at)) if oldest else T("无", "none")
    return Sign("waiting", T("后台任务", "Background work"), LATE if late else OK, text)


def _nightly(now: datetime) -> Iterator[Sign]:
    titles = {"backup": T("备份", "Backup"), "restore": T("备份恢复验证", "Restore, proven by content")}
    possible = {"backup": is_set_up(), "restore": can_be_proven()}
    for kind, title in titles.items():
        last = OperationRecord.objects.filter(kind=kind).exclude(ended_at=None).first()
        if not possible[kind]:
            yield Sign(kind, title, OFF, T("未设置", "not set up"))
        elif last is None:
            yield Sign(kind, title, LATE, T("尚未进行", "not yet"))
        else:
            state = FAILED if not last.ok else LATE if now - last.began_at > NIGHT_LATE else OK
            detail = f" · {last.findings[0]}" if last.findings else ""
            text = f"{_when(last.began_at)} · {last.backup or '–'}{detail}"
            yield Sign(kind, title, state, T(text, text))


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
