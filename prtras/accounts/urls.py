"""Addresses of accounts."""

from django.urls import path

from prtras.accounts.views import my_account, people, sign_in, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second-factor/", sign_in.second_factor, name="second_factor"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", sign_in.language, name="language"),
    path("invitation/<str:secret>/", my_account.invitation, name="invitation"),
    path("session/", my_account.session, name="session"),
    path("account/", my_account.account, name="my_account"),
    path("account/app/", my_account.totp, name="totp"),
    path("account/recovery/", my_account.recovery, name="recovery"),
    path("account/passkey/offer/", my_account.passkey_offer, name="passkey_offer"),
    path("account/passkey/", my_account.add_passkey, name="add_passkey"),
    path("account/factors/<int:factor_id>/end/", my_account.end_factor, name="end_factor"),
    path("account/sessions/<int:session_id>/end/", my_account.end_session, name="end_session"),
    path("account/e-mail/", my_account.change_email, name="change_email"),
    path("account/requests/object/", my_account.object_to_requests, name="object"),
    path("account/policies/", my_account.policies, name="policies"),
    path("account/tokens/", tokens.own, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("people/tokens/<int:token_id>/revoke/", tokens.revoke_of_others, name="revoke_token_of"),
    path("people/", people.people, name="people"),
    path("people/review/", people.review, name="access_review"),
    path("people/requests/<int:request_id>/", people.decide, name="decide"),
    path("people/<int:membership_id>/", people.switch, name="switch"),
]
