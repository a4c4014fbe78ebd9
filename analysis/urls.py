"""Addresses."""

app_name = "analysis"
urlpatterns: list[object] = []
