"""What the API offers: for people as a page of the product, for programs as OpenAPI 3.1."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.models import User
from prtras.accounts.tokens import opens_anything
from prtras.api.schema import described, operations


def _require_use(user: User) -> None:
    """Raises PermissionDenied for whom no token opens anything."""
    if not opens_anything(user):
        raise PermissionDenied


@login_required
def docs(request: AuthenticatedRequest) -> HttpResponse:
    """Every operation, in the reader's language."""
    _require_use(request.user)
    return render(request, "api/docs.html", {"operations": operations(described())})


@require_GET
@login_required
def schema(request: AuthenticatedRequest) -> JsonResponse:
    """The same as OpenAPI."""
    _require_use(request.user)
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})
