"""A person lays a bundle before the system and reads what is wrong with it; nothing of the bundle stays."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import resolve, reverse

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.exports import building, keys, signing, verifying
from prtras.exports.models import BundleCheck, SigningKey
from prtras.files.models import StoredFile
from prtras.files.uploads import limit_of
from tests.exports.bundles import files_of, replaced, signed_anew, whole


@pytest.fixture(scope="module")
def good() -> bytes:
    return whole()


@pytest.fixture
def uploaded(client_of, chen, settings):
    """What chen reads of an upload, in a language."""

    def upload(content: bytes, language: str = "en") -> str:
        browser = client_of(chen)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = browser.post(reverse("exports:check"), {"file": SimpleUploadedFile("a bundle.zip", content)})
        assert answer.status_code == 302
        assert "data-live" in browser.get(answer["Location"]).content.decode()
        assert [path.read_bytes()[:2] for path in Path(settings.UPLOADS_FOLDER).iterdir()] == [b"gA"], "encrypted"
        verifying.run(BundleCheck.objects.latest("requested_at").id)
        assert list(Path(settings.UPLOADS_FOLDER).iterdir()) == []
        return browser.get(answer["Location"]).content.decode()

    return upload


def test_what_was_edited_stands_there_in_both_languages_and_nothing_of_the_bundle_stays(good, uploaded):
    edited = building.zipped(signed_anew(replaced(files_of(good), "data/ae.csv", b"2024-03,", b"SECRET,")))
    page = uploaded(edited)
    assert "ae_start: no value of type partial." in page
    assert "It is signed by a key that was not given" in page
    assert "ae_start：不是类型 partial 的值。" in uploaded(edited, "zh-hans")
    assert not StoredFile.objects.exists()
    stored = json.dumps([*AuditEvent.objects.values_list("old", "new"), *BundleCheck.objects.values_list("report")])
    assert "SECRET" not in stored


def test_what_is_no_bundle_is_a_finding(uploaded):
    assert "This is not a whole zip file." in uploaded(b"no zip")


def test_without_a_file_it_asks_for_one(client_of, chen):
    answer = client_of(chen).post(reverse("exports:check"))
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_bundle_may_be_larger_than_other_uploads_up_to_a_limit_that_is_named(client_of, chen, settings):
    settings.UPLOAD_LIMIT, settings.UPLOAD_LIMITS = 1000, {"exports:check": 1024**2}

    def status(size: int) -> tuple[int, str]:
        file = SimpleUploadedFile("a bundle.zip", b"0" * size)
        answer = client_of(chen).post(reverse("exports:check"), {"file": file})
        return answer.status_code, answer.content.decode()

    assert status(1024**2)[0] == 302
    code, page = status(1024**2 + 1)
    assert code == 413
    assert "larger than 1 MB and was not uploaded" in page
    assert "Bundle (ZIP, 1 MB at most)" in page
    anybody = RequestFactory().post(reverse("exports:check"))
    anybody.resolver_match = resolve(anybody.path)
    assert limit_of(anybody) == 1000, "who is not signed in"


def test_an_upload_whose_check_ended_without_a_result_goes_too(chen, settings):
    requested = verifying.request_check(b"no zip", "b.zip", user=chen)
    with acting(chen):
        BundleCheck.objects.filter(id=requested.id).update(status="failed")
    verifying.forget_left_behind()
    assert list(Path(settings.UPLOADS_FOLDER).iterdir()) == []


def test_who_may_not_export_lays_nothing_before_it(lin):
    with pytest.raises(PermissionDenied):
        verifying.request_check(b"", "b.zip", user=lin)


def test_a_bundle_that_a_former_key_signed_is_still_known_and_the_key_listed(
    good, chen: User, adm, client_of, settings
):
    signing.note_key(user=chen)
    before = signing.fingerprint()
    settings.SIGNING_KEY = keys.new_private()
    assert before in signing.known_fingerprints()
    page = client_of(adm).get(reverse("exports:signing_keys")).content.decode()
    assert before in page
    assert signing.fingerprint() in page
    assert "PRIVATE" not in page
    assert SigningKey.objects.count() == 1
    requested = verifying.request_check(good, "b.zip", user=chen)
    notes = [note.code for note in verifying.report_of(verifying.run(requested.id)).notes]
    assert "known_key" in notes
