"""Addresses of exports."""

app_name = "exports"
urlpatterns: list[object] = []
