"""Who sends a request: the owner of the token in its header. No session, no cookie, no form: nothing to forge."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from prtras.accounts.models import ApiToken, User
from prtras.accounts.tokens import NotAToken, token_in


class Bearer(BaseAuthentication):
    """`Authorization: Bearer prtras_...`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The person and the token; None without a header. Raises AuthenticationFailed for any that opens nothing."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        try:
            token = token_in(text.strip(), request)
        except NotAToken:
            raise AuthenticationFailed from None
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What an answer 401 invites to."""
        return "Bearer"
