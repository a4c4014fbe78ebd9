"""Source verification: what the plan wants, and that it ends when what was seen changes."""

import pytest
from django.urls import reverse

from enrollment.models import Consent
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage
from prtras.review import plan as plans
from prtras.review import readiness
from prtras.review.models import Verification
from prtras.review.plan import Plan
from prtras.review.verifying import NothingToVerify, unverify_page, verify_page
from tests.conftest import page_of

ITEMS = ("mri_date", "mri_overall")


@pytest.fixture(autouse=True)
def plan(monkeypatch):
    made = Plan("test", "seed", whole=frozenset({"consent"}), items={"mri": ITEMS, "lbhem": ("hem_date",)})
    monkeypatch.setattr(plans, "_plan", [made])
    return made


@pytest.fixture
def page(participant, fill):
    return fill(participant, "consent").page


@pytest.fixture
def mri(enrolled, fill):
    return fill(enrolled, "mri", "W12").page


def verified(page):
    return CrfPage.objects.get(pk=page.pk).verified


def test_it_works(page, wang):
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    assert verified(page) == "full"
    mark = Verification.objects.get()
    assert (mark.by, mark.place, mark.dropped_at) == (wang, "", None)


def test_a_change_of_anything_typed_ends_it(page, participant, wang, fill):
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    fill(participant, "consent", biobank_consent="N", reason__all="SOURCE")
    assert verified(page) == ""
    assert Verification.objects.get().dropped_at is not None


def test_a_reason_for_a_missing_value_that_goes_ends_it(participant, wang, lin, fill):
    page = fill(participant, "consent", copy_given=None, missing__copy_given="SITE").page
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    with acting(lin):
        Consent.objects.filter(page=page).update(missing={})
    assert verified(page) == ""


def test_a_change_from_below_the_application_ends_it_too(page, wang, lin):
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    with acting(lin):
        Consent.objects.filter(page=page).update(signer="AGENT")
    assert verified(page) == ""


def test_an_item_stays_verified_while_another_changes(mri, enrolled, wang, fill):
    verify_page(mri.pk, ITEMS, user=wang, seen_version=mri.version)
    assert verified(mri) == "full"
    fill(enrolled, "mri", "W12", mri_reader="ZZ", reason__all="SOURCE")
    assert verified(mri) == "full"
    fill(
        enrolled, "mri", "W12", mri_reader="ZZ", mri_date="2025-08-26", mri_read_date="2025-08-27", reason__all="SOURCE"
    )
    assert verified(mri) == "part"
    assert [m.place for m in Verification.objects.filter(dropped_at=None)] == ["mri_overall"]


def test_a_reason_for_a_missing_value_is_seen_too(mri, enrolled, wang, fill):
    verify_page(mri.pk, ITEMS, user=wang, seen_version=mri.version)
    fill(enrolled, "mri", "W12", mri_overall="", missing__mri_overall="OTHER", reason__all="SOURCE")
    assert verified(mri) == "part"


def test_a_row_is_known_by_its_key(enrolled, wang, fill):
    page = fill(enrolled, "lbhem", "W12").page
    verify_page(page.pk, ["", "plt:orres", "wbc:orres"], user=wang, seen_version=page.version)
    fill(enrolled, "lbhem", "W12", row__plt__orres="181", reason__all="SOURCE")
    assert {m.place for m in Verification.objects.filter(dropped_at=None)} == {"wbc:orres"}


def test_a_computed_value_that_changes_ends_nothing(participant, fill, wang):
    fill(participant, "consent")
    person = fill(participant, "dm").page
    verify_page(person.pk, [""], user=wang, seen_version=person.version)
    fill(participant, "consent", icf_date="2026-05-23", inv_sign_date="2026-05-23", reason__all="SOURCE")
    assert verified(person) == "full"


def test_a_page_that_moved_on_or_was_never_filled_is_not_verified(page, participant, wang):
    with pytest.raises(NothingToVerify):
        verify_page(page.pk, [""], user=wang, seen_version=page.version + 1)
    with pytest.raises(NothingToVerify):
        verify_page(page_of(participant, "dm").pk, [""], user=wang, seen_version=0)


def test_it_can_be_taken_back(page, wang):
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    unverify_page(page.pk, user=wang, reason="The wrong page.")
    assert verified(page) == ""


def test_the_sample_is_drawn_the_same_again_and_has_about_the_size_that_was_asked_for():
    one, same = Plan("1", "seed", percent=20), Plan("2", "seed", percent=20)
    numbers = [f"01-{n:03d}" for n in range(1, 1001)]
    assert one.sampled(numbers) == same.sampled(numbers)
    assert 160 < len(one.sampled(numbers)) < 240
    assert Plan("1", "another seed", percent=20).sampled(numbers) != one.sampled(numbers)
    assert Plan("1", "seed", percent=0).sampled(numbers) == []
    assert len(Plan("1", "seed", percent=100).sampled(numbers)) == 1000


def test_the_readiness_list_wants_what_the_plan_wants(page, participant, wang, fill):
    fill(participant, "dm")
    assert set(readiness.unverified(CrfPage.objects.all())) == {CrfPage.objects.get(pk=page.pk)}
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    assert not readiness.unverified(CrfPage.objects.all()).exists()


def test_the_monitor_verifies_on_the_page(mri, wang, client_of):
    browser, address = client_of(wang), reverse("review:verify", args=[mri.pk])
    sent = {"version": str(mri.version), "next": reverse("entry:page", args=[mri.pk])}
    assert browser.post(address, sent | {"place": ["no_such_item"]}).status_code == 404
    shown = browser.post(address, sent | {"place": list(ITEMS)}, follow=True).content.decode()
    assert "All items required by the monitoring plan are verified" in shown
    assert verified(mri) == "full"
