"""Addresses of accounts."""

from django.urls import path

from prtras.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("language/", views.language, name="language"),
    path("people/", views.people, name="people"),
    path("people/<int:membership_id>/", views.switch, name="switch"),
]
