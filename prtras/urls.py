"""Where everything is: the platform's addresses and those of the study."""

from django.urls import include, path

from prtras.platform_urls import handler400, handler403, handler404, handler500
from visits.views import home

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", home, name="home"),
    path("", include("prtras.platform_urls")),
    path("", include("enrollment.urls")),
    path("", include("visits.urls")),
    path("", include("labs.urls")),
    path("", include("endpoint_review.urls")),
    path("", include("analysis.urls")),
]
