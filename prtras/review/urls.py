"""Addresses of queries, verification, holds and signatures."""

from django.urls import path

from prtras.review import trust_views, views

app_name = "review"
urlpatterns = [
    path("queries/", views.inbox, name="inbox"),
    path("checks/", views.checks, name="checks"),
    path("queries/raise/", views.raise_many, name="raise_many"),
    path("queries/close/", views.close_many, name="close_many"),
    path("queries/<int:query_id>/assign/", views.assign, name="assign"),
    path("queries/<int:query_id>/say/", views.say, name="say"),
    path("pages/<uuid:page_id>/ask/", views.ask, name="ask"),
    path("pages/<uuid:page_id>/verify/", trust_views.verify, name="verify"),
    path("hold/", trust_views.hold, name="hold"),
    path("hold/<int:act_id>/", trust_views.decide, name="decide"),
    path("sign/", trust_views.sign, name="sign"),
    path("readiness/", trust_views.ready, name="readiness"),
    path("readiness/<slug:code>/", trust_views.ready_pages, name="ready_pages"),
]
