"""Acts on second factors: authenticator app, passkeys, recovery codes. The cryptography is pyotp's and webauthn's."""

import hashlib
import json
import secrets
import time
import unicodedata
from collections.abc import Mapping
from typing import Any

import pyotp
import webauthn
from django.http import HttpRequest
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.encryption import decrypt, encrypt
from prtras.accounts.models import RecoveryCode, SecondFactor, User
from prtras.audit.acting import acting

ISSUER = "PRTRAS EDC"
RECOVERY_CODES = 10


class NotAccepted(ValueError):
    """The code or the passkey's answer is not right, was used before, or belongs to someone else."""


# -- Authenticator app (RFC 6238: six digits, 30 seconds; one step early or late is accepted) --------


def new_totp_secret() -> str:
    """A secret for the app, not yet stored."""
    return pyotp.random_base32()


def totp_address(user: User, secret: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.get_username(), issuer_name=ISSUER)


def add_totp(secret: str, code: str, *, user: User) -> SecondFactor:
    """Take an app into use, once it gives the right code; it replaces an earlier one. Raises NotAccepted."""
    step = _step_of(secret, code, after=0)
    with acting(user, source="second factor"):
        user.factors.filter(kind="totp", ended_at=None).update(ended_at=timezone.now())
        return SecondFactor.objects.create(user=user, kind="totp", name="App", secret=encrypt(secret), counter=step)


def _step_of(secret: str, code: str, after: int) -> int:
    """The time step that the code belongs to, later than the last one used."""
    typed = _plain(code)
    now = int(time.time()) // 30
    for step in (now - 1, now, now + 1):
        expected = pyotp.TOTP(secret).generate_otp(step)
        if step > after and secrets.compare_digest(expected.encode(), typed.encode()):
            return step
    raise NotAccepted


def _plain(code: str) -> str:
    """A code as it was meant: full-width digits of an input method are digits."""
    return unicodedata.normalize("NFKC", code).replace(" ", "").strip()


# -- Passkeys -------------------------------------------------------------------------------------


def _home(request: HttpRequest) -> tuple[str, str]:
    """The relying party's id and origin: the host under which the site is visited."""
    host = request.get_host()
    return host.partition(":")[0], f"{'https' if request.is_secure() else 'http'}://{host}"


def passkey_offer(request: AuthenticatedRequest) -> dict[str, Any]:
    """What the browser needs to make a passkey for the person signed in. The challenge is stored in the session."""
    user = request.user
    there = user.factors.filter(kind="passkey", ended_at=None).values_list("credential", flat=True)
    options = webauthn.generate_registration_options(
        rp_id=_home(request)[0],
        rp_name=ISSUER,
        user_id=f"prtras-{user.pk}".encode(),
        user_name=user.get_username(),
        user_display_name=user.display_name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in there if each],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return _challenge(request, options)


def add_passkey(request: AuthenticatedRequest, answer: str, name: str) -> SecondFactor:
    """Take a new passkey into use. Raises NotAccepted."""
    rp_id, origin = _home(request)
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=_expected(request), expected_rp_id=rp_id, expected_origin=origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise NotAccepted(str(wrong)) from wrong
    with acting(request.user, source="second factor"):
        return SecondFactor.objects.create(
            user=request.user,
            kind="passkey",
            name=name[:40] or "Passkey",
            secret=bytes_to_base64url(made.credential_public_key),
            credential=bytes_to_base64url(made.credential_id),
            counter=made.sign_count,
        )


def passkey_question(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser needs to ask a passkey of this person."""
    there = user.factors.filter(kind="passkey", ended_at=None).values_list("credential", flat=True)
    options = webauthn.generate_authentication_options(
        rp_id=_home(request)[0],
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in there if each],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _challenge(request, options)


def _challenge(request: HttpRequest, options: Any) -> dict[str, Any]:
    request.session["challenge"] = bytes_to_base64url(options.challenge)
    question: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return question


def _expected(request: HttpRequest) -> bytes:
    """The challenge that was given out; it is good for one answer."""
    return base64url_to_bytes(request.session.pop("challenge", "") or "AA")


def _accept_passkey(request: HttpRequest, user: User, answer: str) -> None:
    rp_id, origin = _home(request)
    try:
        credential = str(json.loads(answer)["id"])
        factor = user.factors.get(kind="passkey", ended_at=None, credential=credential)
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=_expected(request),
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(factor.secret),
            credential_current_sign_count=factor.counter,
        )
    except (SecondFactor.DoesNotExist, WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise NotAccepted(str(wrong)) from wrong
    _used(factor, verified.new_sign_count, user)


# -- Accepting whatever there is ----------------------------------------------------------------------


def kinds_of(user: User) -> set[str]:
    """Which kinds of second factor a person has."""
    return set(user.factors.filter(ended_at=None).values_list("kind", flat=True))


def accept(request: HttpRequest, user: User, given: Mapping[str, str]) -> None:
    """A code of the app, a recovery code (`code`) or the passkey's answer (`passkey`). Raises NotAccepted."""
    if given.get("passkey"):
        return _accept_passkey(request, user, given["passkey"])
    code = _plain(given.get("code", ""))
    with acting(user, source="second factor"):
        factor = user.factors.select_for_update().filter(kind="totp", ended_at=None).first()
        if factor is not None and len(code) == 6:
            return _used(factor, _step_of(decrypt(factor.secret), code, after=factor.counter), user)
        _use_recovery_code(user, code)
    return None


def _used(factor: SecondFactor, counter: int, user: User) -> None:
    with acting(user, source="second factor"):
        factor.counter, factor.used_at = counter, timezone.now()
        factor.save(update_fields=["counter", "used_at"])


def end_factor(factor: SecondFactor, *, user: User) -> None:
    """Not to be used any more: lost, replaced, or taken back by an administrator."""
    with acting(user, source="second factor"):
        factor.ended_at = timezone.now()
        factor.save(update_fields=["ended_at"])


def end_all_factors(person: User) -> None:
    """App, passkeys and recovery codes are lost or in doubt: they end, and the tokens made with them. Call inside an
    act.
    """
    person.factors.filter(ended_at=None).update(ended_at=timezone.now())
    person.recovery_codes.filter(used_at=None).update(used_at=timezone.now())
    person.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


# -- Recovery codes -------------------------------------------------------------------------------


def new_recovery_codes(*, user: User) -> list[str]:
    """Ten fresh codes, shown once; the earlier ones are void."""
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    with acting(user, source="second factor"):
        user.recovery_codes.filter(used_at=None).update(used_at=timezone.now())
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, sha256=_sum(user, code)) for code in codes)
    return codes


def _use_recovery_code(user: User, code: str) -> None:
    used = user.recovery_codes.filter(sha256=_sum(user, code.lower()), used_at=None)
    if not used.update(used_at=timezone.now()):
        raise NotAccepted


def _sum(user: User, code: str) -> str:
    return hashlib.sha256(f"{user.pk} {code}".encode()).hexdigest()
