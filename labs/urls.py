"""Addresses."""

app_name = "labs"
urlpatterns: list[object] = []
