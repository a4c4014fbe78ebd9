"""The start-up check: can bundles be signed?"""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from prtras.exports import signing
from prtras.exports.keys import NoKey


def a_key_signs(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """An error when the setting PRTRAS_SIGNING_KEY is no Ed25519 key."""
    try:
        signing.fingerprint()
    except NoKey as wrong:
        return [Error(f"PRTRAS_SIGNING_KEY: {wrong} (Ed25519, PEM).", id="exports.E001")]
    return []
