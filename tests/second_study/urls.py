"""The platform's addresses and those of HTN-002."""

from django.urls import include, path

from prtras.platform_urls import handler400, handler403, handler404, handler500
from tests.second_study import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

_own = [
    path("people-in-study/", views.people, name="people"),
    path("people-in-study/join/", views.join, name="join"),
    path("people-in-study/<str:number>/", views.participant, name="participant"),
    path("people-in-study/<str:number>/add/", views.add, name="add"),
    path("reminders/", views.reminders, name="reminders"),
]
urlpatterns = [
    path("", views.start, name="start"),
    path("", include("prtras.platform_urls")),
    path("", include((_own, "htn"))),
]
