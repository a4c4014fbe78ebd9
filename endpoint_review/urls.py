"""Addresses of the blind endpoint review."""

from django.urls import path

from endpoint_review import views

app_name = "endpoint_review"
urlpatterns = [
    path("endpoint-review/", views.cases, name="cases"),
    path("endpoint-review/open/", views.open_new, name="open"),
    path("endpoint-review/<str:number>/", views.case, name="case"),
    path("endpoint-review/<str:number>/reopen/", views.reopen, name="reopen"),
]
