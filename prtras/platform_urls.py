"""The addresses that every study has."""

from django.urls import include, path

from prtras.api import problems
from prtras.ui import errors

urlpatterns = [
    path("", include("prtras.accounts.urls")),
    path("", include("prtras.entry.urls")),
    path("", include("prtras.review.urls")),
    path("", include("prtras.coding.urls")),
    path("", include("prtras.trail.urls")),
    path("", include("prtras.paper.urls")),
    path("", include("prtras.exports.urls")),
    path("", include("prtras.operations.urls")),
    path("api/v1/", include("prtras.api.urls")),
]

handler400 = errors.malformed
handler403 = errors.refused
handler404 = problems.not_found
handler500 = errors.failed
