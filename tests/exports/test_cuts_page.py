"""Data cuts by name, and two of them compared by the worker: counts, the first lines, and a file with all."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from prtras.accounts.models import ArmView
from prtras.datacut import snapshot
from prtras.datacut.cutting import take_cut
from prtras.exports import comparing, tasks, views
from prtras.exports.models import CutComparison
from prtras.files.models import Download

CUTS, COMPARE = reverse("exports:cuts"), reverse("exports:compare_cuts")


@pytest.fixture
def two(participant, fill, chen, monkeypatch):
    """A cut before and one after a consent's version was put right and demographics came."""
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    fill(participant, "consent")
    first, _ = take_cut(timezone.localdate(), user=chen)
    fill(participant, "consent", icf_version="V1.1", reason__icf_version="SOURCE", note__icf_version="form 3")
    fill(participant, "dm")
    second, _ = take_cut(timezone.localdate(), user=chen)
    return first, second


@pytest.fixture
def compared(two, chen):
    job = comparing.request_comparison(*two, user=chen)
    tasks.compare(str(job.id))
    job.refresh_from_db()
    return job


def test_a_cut_has_a_name_which_is_shown_wherever_it_is_chosen(two, chen, client_of):
    browser = client_of(chen)
    assert browser.post(CUTS, {"cut": two[0].id, "name": " DMC 1 "}).status_code == 302
    for address in (CUTS, reverse("exports:ask")):
        assert "DMC 1 ·" in browser.get(address).content.decode()
    browser.post(CUTS, {"cut": two[0].id, "name": ""})
    assert "DMC 1" not in browser.get(CUTS).content.decode()


@pytest.mark.parametrize("name", ["x" * 81, "two\nlines"])
def test_a_name_that_is_none_is_refused_at_its_field_and_not_lost(two, chen, client_of, name):
    answer = client_of(chen).post(CUTS, {"cut": two[1].id, "name": name})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="e-{two[1].id}"' in page
    assert f'value="{name}"' in page
    two[1].refresh_from_db()
    assert two[1].name == ""


def test_what_changed_between_two_cuts_is_listed_by_item_with_both_values(compared, participant, chen, client_of):
    page = client_of(chen).get(reverse("exports:comparison", args=[compared.id])).content.decode()
    assert compared.counts["consent"]["changed"] == 1
    assert compared.counts["dm"]["new"] > 3
    assert compared.participants == 1
    assert "V1.0" in page
    assert "V1.1" in page
    assert participant.number in page


def test_the_file_has_every_difference_and_no_identifier(compared, chen, client_of):
    answer = client_of(chen).get(reverse("exports:comparison_file", args=[compared.id]))
    lines = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    counts = {table: sum(each.values()) for table, each in compared.counts.items()}
    assert {table: sum(line["TABLE"] == table for line in lines) for table in counts} == counts
    assert len(lines) == sum(counts.values())
    changed = next(line for line in lines if line["CHANGE"] == "changed" and line["TABLE"] == "consent")
    assert (changed["ITEM"], changed["BEFORE"], changed["AFTER"]) == ("icf_version", "V1.0", "V1.1")
    assert not {"birth_date", "initials"} & {line["ITEM"] for line in lines}
    assert Download.objects.count() == 1


def test_the_same_data_differ_in_nothing(two, chen, client_of, monkeypatch):
    third, _ = take_cut(timezone.localdate(), user=chen)
    job = comparing.request_comparison(two[1], third, user=chen)
    tasks.compare(str(job.id))
    page = client_of(chen).get(reverse("exports:comparison", args=[job.id])).content.decode()
    assert "Every value is the same in both data cuts." in page


def test_a_cut_is_not_compared_with_itself_or_with_one_that_is_not_there(two, chen, client_of):
    browser = client_of(chen)
    answer = browser.post(COMPARE, {"before": two[0].id, "after": two[0].id})
    assert answer.status_code == 422
    assert "Select two different data cuts." in answer.content.decode()
    assert browser.post(COMPARE, {"before": two[0].id, "after": "nothing"}).status_code == 404
    assert not CutComparison.objects.exists()


def test_it_is_only_for_who_asked_and_a_look_is_on_record(compared, chen, zhao, client_of):
    address = reverse("exports:comparison", args=[compared.id])
    assert client_of(zhao).get(address).status_code == 404
    before = ArmView.objects.count()
    client_of(chen).get(address)
    assert ArmView.objects.count() == before + 1


def test_a_coordinator_names_and_compares_nothing(two, lin):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        comparing.name_cut(two[0], "Mine", user=lin)
    with pytest.raises(PermissionDenied):
        comparing.request_comparison(*two, user=lin)


def test_the_page_lists_the_first_differences_and_the_file_all(two, chen, client_of, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_SHOWN", 3)
    job = comparing.request_comparison(*two, user=chen)
    tasks.compare(str(job.id))
    browser = client_of(chen)
    page = browser.get(reverse("exports:comparison", args=[job.id])).content.decode()
    assert "First 3 differences" in page
    assert page.count('<th scope="row">01-001</th>') == 3
    answer = browser.get(reverse("exports:comparison_file", args=[job.id]))
    lines = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    job.refresh_from_db()
    assert len(lines) == sum(sum(each.values()) for each in job.counts.values()) > 3


def test_only_the_newest_cuts_are_offered_and_an_older_one_that_was_chosen(two, chen, client_of, monkeypatch):
    older, newest = two

    def offered(**chosen):
        page = client_of(chen).get(reverse("exports:ask"), chosen).content.decode()
        return [cut for cut in two if f'<option value="{cut.id}"' in page]

    assert offered() == [older, newest]
    monkeypatch.setattr(views, "CUTS", 1)
    assert (offered(), offered(cut=older.id)) == ([newest], [older, newest])
