"""E-mail to people who work here, in the language they read. Never about a participant: the caller sees to that."""

from django.core.mail import send_mail
from django.utils.translation import override

from prtras.accounts.models import User
from prtras.labels import T


def send(person: User, subject: T, text: T) -> bool:
    """Send one message; False when no address is known."""
    if not person.email:
        return False
    with override(person.language or "zh-hans"):
        send_mail(str(subject), str(text), None, [person.email])
    return True
