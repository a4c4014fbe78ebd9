"""What people are told of work that failed. The reason stands in the application, where it is guarded."""

from datetime import datetime

from django.utils import timezone

from prtras.accounts.mailing import send
from prtras.accounts.models import SYSTEM, Membership, User
from prtras.accounts.rights import Action
from prtras.labels import T

SUBJECT = T("PRTRAS EDC：后台任务失败", "PRTRAS EDC: a task failed")
TEXT = T(
    "{what}（{at}）未能完成。原因请登录系统查看；如仍需要，请重新提交。",
    "{what} of {at} could not be completed. Sign in to see why, and request it again if it is still needed.",
)


def tell_requester(person: User, what: T, at: datetime) -> None:
    """Tell who asked for something that it failed; what the machine asked for is the administrators'."""
    if person.username == SYSTEM:
        tell_administrators(what, at)
    else:
        _send(person, what, at)


def tell_administrators(what: T, at: datetime, subject: T = SUBJECT, text: T = TEXT) -> None:
    """Tell everyone who manages accounts: of a failure, or what `subject` and `text` (with {what}, {at}) say."""
    members = Membership.objects.filter(is_active=True, user__is_active=True).select_related("user")
    for person in {member.user for member in members if member.may(Action.MANAGE_ACCOUNTS)}:
        _send(person, what, at, subject, text)


def _send(person: User, what: T, at: datetime, subject: T = SUBJECT, text: T = TEXT) -> None:
    send(person, subject, text.format(what=what, at=f"{timezone.localtime(at):%Y-%m-%d %H:%M}"))
