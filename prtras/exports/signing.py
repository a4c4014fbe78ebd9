"""The act that signs a manifest with the key of this installation, and puts its public half on record."""

import hashlib
import hmac
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.exports import keys
from prtras.exports.models import SigningKey


@cache
def _key(text: str) -> Ed25519PrivateKey:
    return keys.private_of(text)


def public_key() -> bytes:
    """The public half of the key that signs now, as PEM. Raises NoKey for a setting that makes no sense."""
    return keys.pem_of(verifying_key())


def verifying_key() -> Ed25519PublicKey:
    """The public half of the key that signs now. Raises NoKey."""
    return _key(settings.SIGNING_KEY).public_key()


def fingerprint() -> str:
    """Of the key that signs now."""
    return keys.fingerprint(verifying_key())


def sign(content: bytes) -> bytes:
    """64 bytes; the same for the same content (RFC 8032)."""
    return _key(settings.SIGNING_KEY).sign(content)


def derived(purpose: str) -> bytes:
    """A secret of this installation for one purpose: another with another signing key."""
    return hmac.new(settings.SIGNING_KEY.encode(), purpose.encode(), hashlib.sha256).digest()


def note_key(*, user: User) -> None:
    """Put the public half on record, so that it stays known when another key follows."""
    with acting(user, source="export"):
        SigningKey.objects.get_or_create(fingerprint=fingerprint(), defaults={"public_key": public_key().decode()})


def known_fingerprints() -> set[str]:
    """Of every key that signs or signed bundles here."""
    return {fingerprint(), *SigningKey.objects.values_list("fingerprint", flat=True)}
