"""Is this bundle whole, unchanged and ours? Upload, wait, read the findings; and the keys that sign."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from prtras.accounts.access import AuthenticatedRequest, may
from prtras.accounts.rights import Action
from prtras.exports import building, signing, tasks, verifying
from prtras.exports.models import BundleCheck, SigningKey
from prtras.files.uploads import NO_FILE, limit_of, too_large, was_too_large


@login_required
def check(request: AuthenticatedRequest) -> HttpResponse:
    """Upload a bundle; below, the checks that this person asked for before."""
    building.require_export(request.user)
    uploaded = request.FILES.get("file")
    if uploaded is not None:
        requested = verifying.request_check(uploaded.read(), uploaded.name or "", user=request.user)
        tasks.check.delay_on_commit(str(requested.id))
        return redirect("exports:checked", check_id=requested.id)
    recent = BundleCheck.objects.filter(requested_by=request.user)[:20]
    context: dict[str, object] = {"recent": recent, "limit_mb": limit_of(request) // 1024**2}
    if request.method != "POST":
        return render(request, "exports/check.html", context)
    dropped = was_too_large(request)
    context["problem"] = too_large(request) if dropped else NO_FILE
    return render(request, "exports/check.html", context, status=413 if dropped else 422)


@login_required
def checked(request: AuthenticatedRequest, check_id: UUID) -> HttpResponse:
    """What is wrong with a bundle, by file and line; only for who laid it before the system."""
    building.require_export(request.user)
    job = get_object_or_404(BundleCheck, id=check_id, requested_by=request.user)
    return render(request, "exports/checked.html", {"job": job, "report": verifying.report_of(job)})


@login_required
def signing_keys(request: AuthenticatedRequest) -> HttpResponse:
    """The keys that sign and signed bundles here, so that others can compare fingerprints."""
    if not (may(request.user, Action.MANAGE_ACCOUNTS) or building.may_export(request.user)):
        raise PermissionDenied(Action.EXPORT)
    now = signing.fingerprint()
    former = SigningKey.objects.exclude(fingerprint=now).order_by("-first_used_at")
    context: dict[str, object] = {"fingerprint": now, "public_key": signing.public_key().decode(), "former": former}
    context["since"] = SigningKey.objects.filter(fingerprint=now).first()
    return render(request, "exports/signing_keys.html", context)
