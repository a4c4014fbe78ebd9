"""A second site enrolls its first participant, page by page as its coordinator types them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from prtras.crf.models import CrfPage, Participant
from tests import casebook
from tests.conftest import page_of
from visits.planning import add_log_page

#: The pages up to the choice of arm, in the order of the day; the choice itself comes last.
TO_THE_ARM = ("consent", "dm", "hcc", "radtx", "path", "lbviro", "mri", "ie", "na", "alloc")
CHANGED = {"mri": {"mri_date": "2025-05-26", "mri_read_date": "2025-05-27"}}


@pytest.fixture
def client(eve, client_of) -> Client:
    return client_of(eve)


def submit(client: Client, page: CrfPage) -> None:
    typed = casebook.typed(page.form, **CHANGED.get(page.form, {})) | {"version": ["0"]}
    answer = client.post(f"/pages/{page.id}/", typed)
    if answer.status_code == 422:  # soft questions, now seen
        answer = client.post(f"/pages/{page.id}/", typed | {"shown": [answer.context["shown"]]})
    assert answer.status_code == 302, answer.content.decode()


def test_its_first_participant_gets_an_arm_and_the_visits_of_the_arm(client, eve):
    offered = client.get("/register/").context["typed"]
    assert client.post("/register/", offered).status_code == 302
    person = Participant.objects.get(site__code="02")
    for form in TO_THE_ARM:
        if form == "na":
            add_log_page(person, "na", user=eve)
        submit(client, page_of(person, form, "SCR" if form in ("lbviro", "mri") else None))
    person.refresh_from_db()
    assert (person.number, person.arm, str(person.anchor)) == ("02-001", "A2", "2025-06-02")
    assert person.visits.filter(code="W156").exists()
    assert not person.pages.filter(queries__check_id="DM-006").exists()


@pytest.mark.usefixtures("participant")
@pytest.mark.parametrize("address", ["/worklist/", "/participants/", "/register/", "/labs/import/", "/screening/"])
def test_no_page_shows_it_the_number_of_the_first_site(address, client):
    answer = client.get(address)
    assert (answer.status_code, "01-" in answer.content.decode()) == (200, False)


def test_running_numbers_of_its_laboratory_files_become_its_own(client):
    file = SimpleUploadedFile("labs.csv", b"participant,date,ALT\n7,2025-08-25,30\n")
    html = client.post("/labs/import/", {"file": file}, follow=True).content.decode()
    assert "1 → 02-001" in html
