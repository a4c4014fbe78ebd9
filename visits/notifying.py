"""Acts that tell people by e-mail: of a serious adverse event at once, of what waits for them once a day.

No message says anything about a participant: it says that something waits, and where to sign in.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from prtras.accounts.access import may, sites_where, system_user
from prtras.accounts.mailing import send
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.audit.sealing import head_seal
from prtras.crf.models import CrfPage, FormPage
from prtras.jobs.leasing import finished, once
from prtras.labels import T
from prtras.review import inbox, readiness
from prtras.review.signing import pages_to_sign
from visits import worklist
from visits.models import AdverseEvent, SafetyNotice
from visits.sae.clock import within

#: By name, as the timetable names it: an act does not know the worker's door.
NOTICE_TASK = "visits.tasks.send_safety_notice"
SAE_SUBJECT = T("PRTRAS EDC：严重不良事件", "PRTRAS EDC: serious adverse event")
SAE_TEXT = T(
    "中心 {site} 录入了一例严重不良事件，须在获知后 {hours} 小时内上报。请登录系统查看：{address}",
    "A serious adverse event was entered at site {site}; it must be reported within {hours} hours of awareness."
    " Sign in: {address}",
)
DIGEST_SUBJECT = T("PRTRAS EDC：今日待办", "PRTRAS EDC: your tasks today")
DIGEST_END = T("请登录系统查看：{address}", "Sign in: {address}")
#: A head that has left the machine: whoever rewrites the whole trail cannot rewrite it.
HEAD_SEAL = T("\n稽查轨迹最新封存值：{seal}", "\nLatest seal of the audit trail: {seal}")


def after_adverse_event(page: CrfPage, saved: FormPage, user: User) -> None:
    """A serious event is made known once, as soon as it is on record. Call inside an act."""
    assert isinstance(saved, AdverseEvent)
    if saved.ae_ser == "Y" and page.state != "void" and not SafetyNotice.objects.filter(page=page).exists():
        notice = SafetyNotice.objects.create(page=page)
        # robust: an absent broker does not spoil the save; `send_waiting` finds what was not sent
        transaction.on_commit(lambda: current_app.send_task(NOTICE_TASK, [notice.pk]), robust=True)


def send_notice(notice_id: int) -> int:
    """Tell the investigators and monitors of the site, each once; how many now. Safe to run again and side by side.

    Who could not be told waits for the next try; the notice is sent when nobody waits any more.
    """
    notice = SafetyNotice.objects.select_related("page__participant__site").get(pk=notice_id)
    if notice.sent_at:
        return 0
    site = notice.page.participant.site
    text = SAE_TEXT.format(site=site.code, address=address(), hours=within() // timedelta(hours=1))
    members = site.memberships.filter(is_active=True, user__is_active=True).exclude(user__email="")
    able = [m.user for m in members.select_related("user").order_by("user") if _is_responsible(m.user, site)]
    names = {f"safety notice {notice.pk} to {person.pk}": person for person in able}
    now = sum(once(name, notice.made_at, partial(send, person, SAE_SUBJECT, text)) for name, person in names.items())
    reached = len(finished(names, notice.made_at))
    with acting(system_user(), source="notice"):
        SafetyNotice.objects.filter(pk=notice_id, sent_at=None).update(
            recipients=reached, sent_at=timezone.now() if reached == len(names) > 0 else None
        )
    return now


def _is_responsible(person: User, site: Site) -> bool:
    return may(person, Action.SIGN, site) or may(person, Action.HOLD, site)


def send_waiting() -> int:
    """Notices of which someone was not told yet: not handed to the worker, its worker died, or no mail server."""
    waiting = SafetyNotice.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(send_notice(pk) for pk in list(waiting))


@dataclass(frozen=True)
class Waiting:
    """One line of the digest."""

    title: T
    count: int


def digest(user: User, today: date) -> list[Waiting]:
    """What waits for someone today, in numbers; nothing that is not theirs to do."""
    waiting: list[Waiting] = []
    if may(user, Action.EDIT_PAGE):
        waiting += [Waiting(group["title"], group["count"]) for group in worklist.visit_groups(user, today)]
        waiting.append(Waiting(T("待答复质疑", "queries to answer"), worklist.open_queries(user)[0]))
        waiting.append(Waiting(T("我的草稿", "my drafts"), worklist.drafts_of(user).count()))
        waiting.append(Waiting(T("待上报SAE", "SAE reports due"), worklist.saes_to_report(user).count()))
    if may(user, Action.SIGN):
        waiting.append(Waiting(T("待签页", "pages to sign"), pages_to_sign(user).count()))
    if may(user, Action.HOLD):
        answered = sum(answered for _, _, _, answered in inbox.ageing(user))
        pages = CrfPage.objects.filter(participant__site__in=sites_where(user, Action.HOLD))
        waiting.append(Waiting(T("待关闭质疑", "queries to close"), answered))
        waiting.append(Waiting(T("待源数据核查页", "pages to verify"), readiness.unverified(pages).count()))
    return [line for line in waiting if line.count]


def send_digests(today: date) -> int:
    """Everyone with an address gets their numbers once a day, if there is anything; how many were sent now.

    Who holds data gets the trail's newest seal with them, to compare with (`verify_audit --head`).
    """
    seal, sent, due_at = head_seal(), 0, timezone.make_aware(datetime.combine(today, time.min))
    for person in User.objects.filter(is_active=True).exclude(email="").order_by("pk"):
        if lines := digest(person, today):
            text = T("", "")
            for line in lines:
                text = text + line.title + T(f"：{line.count}\n", f": {line.count}\n")
            text = text + T("\n", "\n") + DIGEST_END.format(address=address())
            if may(person, Action.HOLD):
                text = text + HEAD_SEAL.format(seal=seal)
            sent += once(f"digest to {person.pk}", due_at, partial(send, person, DIGEST_SUBJECT, text))
    return sent


def address() -> str:
    """Where people sign in."""
    host = settings.ALLOWED_HOSTS[0]
    return f"https://{host}/" if settings.ENVIRONMENT == "production" else f"http://{host}:8000/"
