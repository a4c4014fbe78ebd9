"""Where everything is."""

from django.urls import include, path

from prtras.ui import errors
from visits.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("prtras.accounts.urls")),
    path("", include("prtras.entry.urls")),
    path("", include("prtras.review.urls")),
    path("", include("prtras.trail.urls")),
    path("", include("prtras.paper.urls")),
    path("", include("prtras.exports.urls")),
    path("", include("enrollment.urls")),
    path("", include("visits.urls")),
    path("", include("labs.urls")),
    path("", include("analysis.urls")),
]

handler400 = errors.malformed
handler403 = errors.refused
handler404 = errors.not_found
handler500 = errors.failed
