"""The way through the study: consent first, the state follows what is recorded, nobody is expected after the end."""

import pytest

from prtras.crf.models import CrfPage
from prtras.crf.registry import all_forms, checks_everywhere
from prtras.entry.saving import ChecksFailed
from tests.conftest import page_of
from visits.planning import add_log_page

WITHDRAWN = {"withdraw_date": "2025-09-30", "reason__all": "NEW"}


def search(refused) -> set[str]:
    return {finding.check for finding in refused.value.findings}


def state_of(participant) -> str:
    participant.refresh_from_db()
    return participant.state


@pytest.mark.parametrize("form", ["dm", "hcc", "visit", "lbhem", "ie"])
def test_nothing_can_be_recorded_before_the_consent(participant, fill, form):
    with pytest.raises(ChecksFailed) as refused:
        fill(participant, form)
    assert "PATH-001" in search(refused)
    assert not CrfPage.objects.filter(participant=participant, state="submitted").exists()


def test_the_consent_itself_can_and_opens_the_casebook(participant, fill):
    fill(participant, "consent")
    fill(participant, "dm")
    participant.refresh_from_db()
    assert str(participant.consented) == "2025-05-23"


def test_the_screen_says_it_at_the_first_field_in_both_languages(participant, lin, client_of):
    page = page_of(participant, "vs")
    client = client_of(lin)
    for language, words in (("en", "fill in the consent form first"), ("zh-hans", "请先填写知情同意表")):
        client.cookies["django_language"] = language
        answer = client.post(f"/pages/{page.id}/", {"version": "0", "vs_date": "2025-05-26", "weight": "70"})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_after_a_withdrawal_nothing_later_can_be_recorded(enrolled, fill):
    fill(enrolled, "consent", **WITHDRAWN)
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, "vs", "S16", vs_date="2025-10-05")
    assert search(refused) == {"PATH-002"}


def test_what_happened_before_the_withdrawal_can_still_be_recorded_and_corrected(enrolled, fill, lin):
    fill(enrolled, "consent", **WITHDRAWN)
    fill(enrolled, "vs", "W12")
    fill(enrolled, "vs", "W12", weight="69", reason__all="SOURCE")


def test_after_a_withdrawal_the_outcome_of_an_event_and_the_end_are_recorded(enrolled, fill, lin):
    fill(enrolled, "consent", **WITHDRAWN)
    add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae", ae_start="2025-09-20", ae_end="2025-10-12")
    fill(enrolled, "eos", eos_date="2025-10-02")
    assert state_of(enrolled) == "withdrawn"


def test_every_form_but_the_consent_is_closed_before_it():
    closed = {form.code for form in all_forms() if "PATH-001" in {c.id for c in checks_everywhere(form.code)}}
    assert closed == {form.code for form in all_forms()} - {"consent"}


def test_a_withdrawal_ends_the_visits_to_come_and_taking_it_back_restores_them(enrolled, fill):
    before = set(enrolled.visits.filter(state="planned").values_list("code", flat=True))
    waiting = enrolled.pages.filter(state="expected").count()
    fill(enrolled, "consent", **WITHDRAWN)
    assert state_of(enrolled) == "withdrawn"
    assert set(enrolled.visits.filter(state="planned").values_list("code", flat=True)) == {
        "SCR", "W0", "S2", "S4", "S8", "W12", "S16", "EOS",
    }  # fmt: skip
    assert not enrolled.pages.filter(visit__code="W24", state="expected").exists()
    fill(enrolled, "consent", withdraw_date=None, reason__all="ENTRY")
    assert state_of(enrolled) == "on_study"
    assert set(enrolled.visits.filter(state="planned").values_list("code", flat=True)) == before
    assert enrolled.pages.filter(state="expected").count() == waiting


@pytest.mark.parametrize(
    ("disposition", "state"),
    [("COMPLETED", "completed"), ("LOST TO FOLLOW-UP", "lost"), ("WITHDRAWAL BY SUBJECT", "withdrawn"),
     ("PHYSICIAN DECISION", "withdrawn")],
)  # fmt: skip
def test_the_end_of_the_study_gives_the_state_and_a_correction_another(enrolled, fill, disposition, state):
    more = {"eos_reason_oth": "Moved away."} if disposition == "PHYSICIAN DECISION" else {}
    lost = {"last_status": "U"} if state == "lost" else {}
    fill(enrolled, "eos", eos_status=disposition, **more, **lost)
    assert state_of(enrolled) == state
    assert not enrolled.visits.filter(code="W48", state="planned").exists()
    fill(enrolled, "eos", eos_status="LOST TO FOLLOW-UP", last_status="U", reason__all="SOURCE")
    assert state_of(enrolled) == "lost"


def test_a_death_outweighs_every_other_end(enrolled, fill, lin):
    fill(enrolled, "eos")
    add_log_page(enrolled, "ae", user=lin)
    fatal = {"ae_grade": "5", "ae_out": "FATAL", "ae_ser": "Y", "ae_sdth": "Y", "ae_slife": "N", "ae_shosp": "N",
             "ae_sdisab": "N", "ae_scong": "N", "ae_smie": "N", "ae_aware": "2025-09-12", "ae_report": "2025-09-12",
             "ae_narr": "x", "ae_susar": "N", "ae_start": "2025-09-10", "ae_end": "2025-09-12"}  # fmt: skip
    fill(enrolled, "ae", **fatal)
    assert page_of(enrolled, "death").required
    fill(enrolled, "death")
    assert state_of(enrolled) == "died"


def test_a_screening_failure_is_a_state_and_an_assessment_put_right_takes_it_back(participant, fill):
    fill(participant, "consent")
    fill(participant, "ie", exc04="Y", exc04_detail="x", ie_eligible="N", scr_outcome="FAIL")
    assert state_of(participant) == "screen_failure"
    assert not participant.visits.filter(code="W0").exists()
    fill(participant, "ie", reason__all="ENTRY")
    assert state_of(participant) == "screening"
    assert participant.visits.filter(code="W0").exists()
