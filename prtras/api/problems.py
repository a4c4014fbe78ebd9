"""What is refused, as `application/problem+json` (RFC 9457), with item and check of each error in both languages."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from rest_framework import exceptions
from rest_framework.response import Response

from prtras.files.errors import DAMAGED
from prtras.files.storing import DamagedFile
from prtras.labels import T
from prtras.ui import errors
from prtras.ui.outage import is_being_written, is_outage

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TOO_LARGE = T("请求内容过大。", "The body of the request is too large.")
NOT_JSON = T("请求内容不是有效的 JSON。", "The body of the request is not valid JSON.")
IN_USE = T(
    "这些数据正由其他人或一次导入写入，请稍后再次发送。",
    "These data are being written by somebody else or by an import; send the request again shortly.",
)
TITLES = {
    400: T("请求有误", "Malformed request"),
    401: T("令牌无效", "No valid token"),
    403: T("无权限", "Not allowed"),
    404: T("未找到", "Not found"),
    405: T("不支持该方法", "Method not allowed"),
    406: T("无法提供该格式", "Not available in this format"),
    409: T("当前状态不允许", "Not possible in the current state"),
    412: T("版本已变更", "Another version"),
    413: T("内容过大", "Too large"),
    415: T("不支持该格式", "Unsupported format"),
    422: T("内容被拒绝", "Refused"),
    428: T("须注明版本", "Version required"),
    429: T("请求过于频繁", "Too many requests"),
    500: T("系统错误", "Error of the system"),
    503: T("暂不可用", "Not available now"),
}
#: What is wrong with the shape of a request, by the code that the serializer gives.
SHAPE = {
    "required": T("必填。", "Required."),
    "null": T("不能为空值。", "May not be null."),
    "blank": T("不能为空。", "May not be empty."),
    "unknown": T("没有该名称。", "No such name."),
    "max_length": T("过长。", "Too long."),
    "invalid_choice": T("不在选项中。", "Not one of the choices."),
}
WRONG_TYPE = T("类型或格式不符。", "Wrong type or format.")


@dataclass(frozen=True)
class Remark:
    """One error: the place on the page or the name in the request, the check or rule, and what it says.

    `overridable`: it is no error any more with a reason of a person (decision 0032).
    """

    item: str
    check: str
    text: T
    overridable: bool = False

    def plain(self) -> dict[str, Any]:
        """As it stands in an answer."""
        plain = {"item": self.item, "check": self.check, "zh": self.text.zh, "en": self.text.en}
        return plain | ({"overridable": True} if self.overridable else {})


class Problem(Exception):
    """A request is refused, with a status, a sentence and what is wrong where."""

    def __init__(self, status: int, detail: T | None = None, remarks: tuple[Remark, ...] = ()) -> None:
        super().__init__(detail.en if detail else "")
        self.status, self.detail, self.remarks = status, detail or TITLES[status], remarks

    def plain(self) -> dict[str, Any]:
        """The body of the answer, in the reader's language; its errors in both."""
        return {
            "type": "about:blank",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": str(self.detail),
            "language": "en" if (get_language() or "").startswith("en") else "zh",
            "errors": [remark.plain() for remark in self.remarks],
        }


def answer(raised: Exception, context: Mapping[str, Any]) -> Response:
    """The exception handler of the API."""
    problem = _problem_of(raised)
    headers = {}
    if isinstance(raised, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, round(getattr(raised, "wait", None) or 1)))
    if isinstance(raised, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(problem.plain(), problem.status, headers=headers, content_type=MEDIA_TYPE)


def _problem_of(raised: Exception) -> Problem:
    match raised:
        case Problem():
            return raised
        case Http404():
            return Problem(404)
        case PermissionDenied():
            return Problem(403)
        case DamagedFile():
            log.error("stored file %s is damaged or missing", raised)
            return Problem(500, DAMAGED.format(detail=raised))
        case exceptions.ValidationError():
            return Problem(422, remarks=tuple(_shape(raised.get_full_details())))
        case exceptions.ParseError():
            return Problem(400, NOT_JSON)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem(401)
        case exceptions.APIException():
            return Problem(raised.status_code)
    if is_being_written(raised):
        return Problem(503, IN_USE)
    if is_outage(raised):
        return Problem(503)
    log.error("a request of the API failed", exc_info=raised)
    return Problem(500)


def _shape(details: Any, path: str = "") -> Iterator[Remark]:
    """The errors of a serializer, each with the path to its name."""
    if isinstance(details, Mapping) and {"message", "code"} == set(details):
        code = str(details["code"])
        yield Remark(path, code, SHAPE.get(code, WRONG_TYPE))
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            yield from _shape(inner, f"{path}.{name}" if path else str(name))
    else:
        for inner in details:
            yield from _shape(inner, path)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist: a problem for a program, a page for a person."""
    if request.path.startswith("/api/"):
        return JsonResponse(Problem(404).plain(), status=404, content_type=MEDIA_TYPE)
    return errors.not_found(request, exception)
