"""Texts that the database shall not be able to read: encrypted with a key made from the installation's secret key."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(ValueError):
    """Not sealed here, altered, or too old."""


@cache
def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"prtras sealed {secret}".encode()).digest()))


def encrypt(text: str) -> str:
    """Encrypt and authenticate a text (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def decrypt(sealed: str, max_age: int | None = None) -> str:
    """The text, if it was sealed here and (in seconds) not longer ago than `max_age`. Raises Unreadable."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode(), ttl=max_age).decode()
    except InvalidToken:
        raise Unreadable from None
