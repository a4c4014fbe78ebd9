"""Addresses of accounts."""

from django.urls import path

from prtras.accounts import own_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/second/", views.second, name="second"),
    path("logout/", views.logout, name="logout"),
    path("language/", views.language, name="language"),
    path("invitation/<str:secret>/", own_views.invitation, name="invitation"),
    path("session/", own_views.session, name="session"),
    path("account/", own_views.account, name="account"),
    path("account/app/", own_views.totp, name="totp"),
    path("account/recovery/", own_views.recovery, name="recovery"),
    path("account/passkey/offer/", own_views.passkey_offer, name="passkey_offer"),
    path("account/passkey/", own_views.add_passkey, name="add_passkey"),
    path("account/factors/<int:factor_id>/end/", own_views.end_factor, name="end_factor"),
    path("account/sessions/<int:session_id>/end/", own_views.end_session, name="end_session"),
    path("account/policies/", own_views.policies, name="policies"),
    path("people/", views.people, name="people"),
    path("people/review/", views.review, name="review"),
    path("people/<int:membership_id>/", views.switch, name="switch"),
]
