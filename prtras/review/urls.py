"""Addresses of queries, verification, holds and signatures."""

from django.urls import path

from prtras.review.views import holds, queries, readiness, signatures, verification

app_name = "review"
urlpatterns = [
    path("queries/", queries.inbox, name="inbox"),
    path("checks/", queries.checks, name="checks"),
    path("queries/raise/", queries.raise_many, name="raise_many"),
    path("queries/close/", queries.close_many, name="close_many"),
    path("queries/<int:query_id>/assign/", queries.assign, name="assign"),
    path("queries/<int:query_id>/say/", queries.say, name="say"),
    path("pages/<uuid:page_id>/ask/", queries.ask, name="ask"),
    path("pages/<uuid:page_id>/verify/", verification.verify, name="verify"),
    path("hold/", holds.hold, name="hold"),
    path("hold/<int:act_id>/", holds.decide, name="decide"),
    path("sign/", signatures.sign, name="sign"),
    path("readiness/", readiness.ready, name="readiness"),
    path("readiness/<slug:code>/", readiness.ready_pages, name="ready_pages"),
]
