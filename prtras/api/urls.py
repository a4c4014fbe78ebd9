"""Addresses of the platform's part of the API; the study's stand with the study's own."""

from django.urls import path

from prtras.api.views import casebook, changes, description, exports, pages, queries, review

app_name = "api"
urlpatterns = [
    path("", description.docs, name="docs"),
    path("schema", description.schema, name="schema"),
    path("participants", casebook.Participants.as_view(), name="participants"),
    path("participants/<str:number>", casebook.OneParticipant.as_view(), name="participant"),
    path("visits", casebook.Visits.as_view(), name="visits"),
    path("forms", casebook.Forms.as_view(), name="forms"),
    path("schedule", casebook.ScheduleOfVisits.as_view(), name="schedule"),
    path("pages", pages.Pages.as_view(), name="pages"),
    path("pages/<uuid:page_id>", pages.OnePage.as_view(), name="page"),
    path("pages/<uuid:page_id>/validate", pages.Validate.as_view(), name="validate"),
    path("pages/<uuid:page_id>/history", pages.History.as_view(), name="history"),
    path("pages/<uuid:page_id>/void", pages.Void.as_view(), name="void"),
    path("pages/<uuid:page_id>/restore", pages.Restore.as_view(), name="restore"),
    path("pages/<uuid:page_id>/verification", review.Verification.as_view(), name="verification"),
    path("holds", review.Holds.as_view(), name="holds"),
    path("holds/<int:act_id>/<str:word>", review.Decide.as_view(), name="decide"),
    path("queries", queries.Queries.as_view(), name="queries"),
    path("queries/close", review.CloseMany.as_view(), name="close_many"),
    path("queries/<int:query_id>/assignment", review.Assign.as_view(), name="assign"),
    path("queries/<int:query_id>/<str:act>", queries.Say.as_view(), name="say"),
    path("changes", changes.Changes.as_view(), name="changes"),
    path("exports", exports.Exports.as_view(), name="exports"),
    path("exports/<uuid:job_id>", exports.OneExport.as_view(), name="export"),
    path("exports/<uuid:job_id>/file", exports.ExportFile.as_view(), name="export_file"),
]
