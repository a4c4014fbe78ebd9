"""The answer while the database is away, or another act is writing the same data: what was typed is on the page."""

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

#: Never written back into a page: whoever sent them types them again.
SECRETS = frozenset({"password", "again", "new", "code", "old_code"})
#: An answer of the browser's that is good once.
SPENT = frozenset({"passkey"})
RETRY_SECONDS = 10
#: PostgreSQL's lock_not_available: rows were waited for as long as `prtras.audit.acting.LONGEST_WAIT`.
BEING_WRITTEN = "55P03"


def is_outage(error: BaseException | None) -> bool:
    """Is the database's word that it is not there, or not able to answer now, behind this error?"""
    while error is not None and not isinstance(error, OperationalError | InterfaceError):
        error = error.__context__
    return error is not None


def is_being_written(error: BaseException | None) -> bool:
    """Was it that another act held the rows for too long?"""
    while error is not None and getattr(error.__cause__, "pgcode", None) != BEING_WRITTEN:
        error = error.__context__
    return error is not None


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """503 in the browser's language. What was sent stands on the page and can be sent again from there."""
    if hasattr(request, "session"):
        del request.session  # nobody looks for it in the database on the way out
    language = get_language_from_request(request)
    context = _sent(request) | {"html_lang": "en" if language.startswith("en") else "zh-CN"}
    context |= {"being_written": is_being_written(error)}
    with override(language):
        page = render_to_string("503.html", context)
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(page, status=503, headers=headers)


def _sent(request: HttpRequest) -> dict[str, object]:
    """The fields of a POST, those to be typed again, and the files to be chosen again; the token is the one sent."""
    try:
        fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in SPENT]
        files = list(request.FILES)
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return {}  # too large or cut off: it could not have been taken either
    return {
        "address": request.get_full_path() if request.method == "POST" else "",
        "fields": [(name, text) for name, text in fields if name not in SECRETS],
        "secrets": [name for name, text in fields if name in SECRETS and text],
        "files": files,
    }
