"""The base of every endpoint: who may come, what is on record, a request that is sent twice, a version that is seen."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from prtras.accounts.models import ApiToken, User
from prtras.accounts.token_issuing import note_use
from prtras.api.authentication import Bearer
from prtras.api.bodies import Body, Line, NoBody
from prtras.api.json_body import StrictJson
from prtras.api.models import Answer
from prtras.api.problems import Problem
from prtras.api.throttle import PerToken
from prtras.labels import T

#: For so long a request that is sent again has the same answer.
GOOD_FOR = timedelta(days=7)
NOT_A_KEY = T("Idempotency-Key 应为 UUID。", "The Idempotency-Key has to be a UUID.")
OTHER_REQUEST = T("该 Idempotency-Key 已用于另一请求。", "This Idempotency-Key belongs to another request.")
NO_VERSION = T("请用 If-Match 注明所见版本。", "Name the version that you saw by If-Match.")

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What a method of an endpoint is, for its description: `acts` names the addresses of the pages' same acts.

    `by_version`: it names the version that was seen. `stores`: it changes something, unless it is a GET.
    """

    title: T
    line: type[Serializer[Any]] = Line
    body: type[Body] | None = None
    acts: tuple[str, ...] = ()
    status: int = 200
    by_version: bool = False
    media_type: str = "application/json"
    stores: bool = True


def operation(title: T, **facts: Any) -> Callable[[Method], Method]:
    """Say of a method what it is."""

    def mark(method: Method) -> Method:
        vars(method)["operation"] = Operation(title, **facts)
        return method

    return mark


def operation_of(view: APIView, method: str) -> Operation:
    """What a method says of itself. Raises AttributeError for one that says nothing."""
    described: Operation = getattr(view, method.lower()).operation
    return described


class Endpoint(APIView):
    """One address. Guards and acts are those of the pages; every request with a token is on record."""

    authentication_classes = [Bearer]
    permission_classes = [IsAuthenticated]
    throttle_classes = [PerToken]
    parser_classes: list[type[BaseParser]] = [StrictJson]
    renderer_classes = [JSONRenderer]
    metadata_class = None

    @property
    def user(self) -> User:
        """Whoever owns the token."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def body(self) -> dict[str, Any]:
        """What the request says. Raises ValidationError."""
        shape = operation_of(self, self.request.method or "").body or NoBody
        read = shape(data=self.request.data)
        read.is_valid(raise_exception=True)
        values: dict[str, Any] = read.validated_data
        return values

    def once(self, act: Callable[[], Response]) -> Response:
        """Carry an act out; under an `Idempotency-Key` that was used for the same request, only answer as then."""
        if "Idempotency-Key" not in self.request.headers:
            return act()
        key, request = _key_of(self.request), _checksum(self.request)
        Answer.objects.filter(token=self._token, at__lt=timezone.now() - GOOD_FOR).delete()
        with transaction.atomic():
            stored, is_new = Answer.objects.get_or_create(token=self._token, key=key, defaults={"request": request})
            if stored.request != request:
                raise Problem(422, OTHER_REQUEST)
            if not is_new:
                return Response(stored.body, stored.status, headers={"ETag": stored.etag} if stored.etag else None)
            response = act()
            stored.status, stored.body, stored.etag = (
                response.status_code,
                response.data,
                response.headers.get("ETag", ""),
            )
            stored.save()
        return response

    def seen_version(self) -> int:
        """The version that the program saw, from `If-Match`. Raises Problem (428) without one, (412) for no version."""
        text = self.request.headers.get("If-Match")
        if text is None:
            raise Problem(428, NO_VERSION)
        bare = text.strip().removeprefix('"').removesuffix('"')
        if not (bare.isascii() and bare.isdecimal() and len(bare) < 9):
            raise Problem(412)
        return int(bare)

    @property
    def _token(self) -> ApiToken:
        assert isinstance(self.request.auth, ApiToken)
        return self.request.auth

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Put the request on record before its answer leaves."""
        done = super().finalize_response(request, response, *args, **kwargs)
        token = getattr(request, "auth", None) if done.status_code not in (401, 429, 503) else None
        if isinstance(token, ApiToken):
            note_use(token, request.method or "", request.get_full_path(), done.status_code)
        return done


def _key_of(request: Request) -> UUID:
    try:
        return UUID(request.headers["Idempotency-Key"])
    except ValueError:
        raise Problem(422, NOT_A_KEY) from None


def _checksum(request: Request) -> str:
    text = repr((request.method, request.get_full_path(), request.headers.get("If-Match"), _plain(request.data)))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(data: Any) -> Any:
    """The body as text; of a file, its checksum."""
    if not hasattr(data, "getlist"):
        return data
    return [(name, _file(each)) for name in sorted(data) for each in data.getlist(name)]


def _file(sent: Any) -> Any:
    if not hasattr(sent, "read"):
        return sent
    checksum = hashlib.sha256(sent.read()).hexdigest()
    sent.seek(0)
    return checksum
