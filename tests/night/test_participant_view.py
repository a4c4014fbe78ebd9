"""How a participant counts in the analysis, and by which record: as the page says it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import choose_arm, page_of


@pytest.fixture
def day_0():
    return timezone.localdate() - timedelta(weeks=30)


@pytest.fixture
def scanned(participant, fill, day_0):
    """Someone in the NA arm with an evaluable scan at week 12."""
    choose_arm(participant, fill, day_0)
    fill(participant, "visit", "W12", visit_date=str(day_0 + timedelta(days=84)))
    fill(
        participant,
        "mri",
        "W12",
        mri_date=str(day_0 + timedelta(days=85)),
        mri_read_date=str(day_0 + timedelta(days=86)),
    )
    participant.refresh_from_db()
    return participant


def shown(client, language="en", number="01-001"):
    client.cookies["django_language"] = language
    html = client.get(f"/participants/{number}/analysis/").content.decode()
    return re.sub(r"\s+", " ", html)


def test_a_scan_without_recurrence_is_a_censoring_and_links_to_its_page(scanned, client_of, lin, day_0):
    page = shown(client_of(lin))
    assert "censored: data cut-off" in page
    assert f'<td data-l="Date">{day_0 + timedelta(days=85)}</td>' in page
    assert f"/pages/{page_of(scanned, 'mri', 'W12').id}/" in page
    assert "something is missing: not in the adjusted model" in page


def test_the_same_in_chinese_has_no_english_words(scanned, client_of, lin):
    page = shown(client_of(lin), "zh-hans")
    main = page.split("<main")[1].split("</main>")[0]
    text = re.sub(r"<[^>]*>", " ", main)
    assert "删失：数据截止" in text
    assert not re.search(r"censor|scan|endpoint", text, re.IGNORECASE)


def test_without_an_arm_nobody_is_in_the_analysis(participant, client_of, lin):
    assert "No arm chosen yet: not in the analysis." in shown(client_of(lin))


def test_a_participant_of_another_site_is_not_there(participant, client_of, eve):
    assert client_of(eve).get("/participants/01-001/analysis/").status_code == 404


@pytest.mark.parametrize(
    ("weeks", "why"), [(30, "no evaluable scan after Day 0"), (2, "first follow-up scan not due yet")]
)
def test_who_is_not_analysed_reads_why(participant, fill, client_of, lin, weeks, why):
    choose_arm(participant, fill, timezone.localdate() - timedelta(weeks=weeks))
    assert f"not analysed: {why}" in shown(client_of(lin))
