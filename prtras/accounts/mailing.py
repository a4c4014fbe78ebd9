"""E-mail to people who work here, in the language they read. Never about a participant: the caller sees to that."""

import logging

from django.core.mail import send_mail
from django.utils.translation import override

from prtras.accounts import account_mails
from prtras.accounts.models import User
from prtras.labels import T

log = logging.getLogger(__name__)


def send(person: User, subject: T, text: T, *, to: str = "") -> bool:
    """Send one message; False when no address is known or the mail server does not take it."""
    address = to or person.email
    if not address:
        return False
    with override(person.language or "zh-hans"):
        try:
            return bool(send_mail(str(subject), str(text), None, [address]))
        except OSError:  # refused, unreachable, or an address that does not exist
            log.exception("no mail to account %s", person.pk)
            return False


def notify(person: User, what: T, *, to: str = "") -> bool:
    """Write to a person what happened to their own account, and what to do if they did not want it."""
    text = account_mails.LETTER.format(name=person.display_name, what=what) + account_mails.NOT_YOURS
    return send(person, account_mails.CHANGED, text, to=to)
