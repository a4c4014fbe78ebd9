"""Who someone is, by user name and password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.http import HttpRequest

from prtras.accounts.models import User
from prtras.audit.acting import acting


class PasswordBackend(ModelBackend):
    """As Django's own; a password that is stored in a way of before is stored anew, as an act of its owner."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if isinstance(user, User) and _is_outdated(user.password):
            anew = make_password(password)
            with acting(user, source="sign-in"):  # unless the password was changed while this one was checked
                if User.objects.filter(pk=user.pk, password=user.password).update(password=anew):
                    user.password = anew
        return user if isinstance(user, User) else None


def _is_outdated(stored: str) -> bool:
    """Is it stored with another algorithm than today's, or with fewer rounds?"""
    today = get_hasher()
    return identify_hasher(stored).algorithm != today.algorithm or today.must_update(stored)
