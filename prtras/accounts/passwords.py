"""A rule for new passwords that Django does not have."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from prtras.accounts.models import User
from prtras.labels import T


class NotOneOfTheLast:
    """Refuses a password that the person had lately. Source: standards, A4 (password history)."""

    def __init__(self, number: int = 5) -> None:
        self.number = number

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if user is None or user.pk is None:
            return
        for old in user.old_passwords.all()[: self.number]:
            if check_password(password, old.password):
                raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """What is asked for."""
        return str(
            T("不能使用最近 {n} 次用过的密码。", "You cannot reuse any of your last {n} passwords.").format(
                n=self.number
            )
        )
