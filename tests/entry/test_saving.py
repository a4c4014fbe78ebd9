"""save_page(): the one way to change a page."""

import pytest

from prtras.audit.models import AuditEvent
from prtras.crf.registry import form_of
from prtras.entry.parsing import read
from prtras.entry.saving import ChecksFailed, PageChanged, QuestionsOpen, ReasonsMissing, save_page
from prtras.review import querying
from prtras.review.models import Query
from tests import casebook
from tests.conftest import page_of


def submit(person, form, user, visit=None, version=None, seen=None, **typed):
    page = page_of(person, form, visit)
    submission = read(form_of(form), casebook.typed(form, **typed))
    seen_version = page.version if version is None else version
    return save_page(
        page.id, submission.content, submission.remarks, user=user, seen_version=seen_version, seen_questions=seen
    )


def test_it_works(participant, lin):
    saved = submit(participant, "consent", lin)
    assert saved.page.state == "submitted"
    assert "icf_date" in saved.changed
    event = AuditEvent.objects.get(table="enrollment_consent", page=saved.page.id)
    assert (event.actor_name, event.role, event.participant) == ("lin", "coordinator", participant.pk)
    assert event.new["icf_date"] == "2025-05-23"


def test_it_refuses_what_cannot_be_true_and_writes_nothing(participant, lin):
    with pytest.raises(ChecksFailed) as refused:
        submit(participant, "consent", lin, icf_date="2025-01-01")
    assert {f.check for f in refused.value.findings} == {"CON-003"}
    assert page_of(participant, "consent").version == 0
    assert not AuditEvent.objects.filter(table="enrollment_consent").exists()


def test_it_refuses_a_visit_before_the_consent(participant, fill, lin):
    fill(participant, "consent")
    with pytest.raises(ChecksFailed) as refused:
        submit(participant, "visit", lin, "SCR", visit_date="2025-05-01")
    assert "CON-001" in {f.check for f in refused.value.findings}


def test_it_refuses_an_empty_required_item_unless_the_reason_is_coded(participant, lin):
    with pytest.raises(ChecksFailed) as refused:
        submit(participant, "consent", lin, copy_given=None)
    assert [f.item for f in refused.value.findings] == ["copy_given"]
    saved = submit(participant, "consent", lin, copy_given=None, missing__copy_given="SITE")
    assert saved.page.consent.missing == {"copy_given": "SITE"}


def test_a_change_after_the_first_submission_needs_a_reason(participant, fill, lin):
    fill(participant, "consent")
    with pytest.raises(ReasonsMissing) as needed:
        submit(participant, "consent", lin, biobank_consent="N")
    assert needed.value.changes == {"biobank_consent": ("Y", "N")}
    saved = submit(participant, "consent", lin, biobank_consent="N", reason__biobank_consent="ENTRY")
    assert saved.changed == ("biobank_consent",)
    event = AuditEvent.objects.filter(table="enrollment_consent", operation="UPDATE").get()
    assert (event.old, event.new) == ({"biobank_consent": "Y"}, {"biobank_consent": "N"})
    assert event.reasons == {"biobank_consent": "ENTRY"}


def test_nothing_changed_writes_nothing(participant, fill, lin):
    fill(participant, "consent")
    before = AuditEvent.objects.count()
    assert submit(participant, "consent", lin).changed == ()
    assert AuditEvent.objects.count() == before


def test_a_zero_is_a_value_and_not_an_empty_place(enrolled, fill, lin):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12")
    with pytest.raises(ReasonsMissing) as needed:
        submit(enrolled, "mri", lin, "W12", mri_nobs=None, missing__mri_nobs="SITE")
    assert needed.value.changes["mri_nobs"] == (0, None)


def test_a_stale_version_is_a_conflict(participant, fill, lin):
    fill(participant, "consent")
    submit(participant, "consent", lin, biobank_consent="N", reason__all="ENTRY")
    with pytest.raises(PageChanged):
        submit(participant, "consent", lin, version=1, copy_given="N", reason__all="ENTRY")


def test_the_same_submission_twice_is_one(participant, fill, lin):
    fill(participant, "consent")
    assert submit(participant, "consent", lin, version=0).changed == ()


def test_a_soft_check_is_asked_first_then_becomes_a_query_that_closes_when_cured(participant, lin):
    late = {"inv_sign_date": "2025-05-25"}
    with pytest.raises(QuestionsOpen):
        submit(participant, "consent", lin, seen=frozenset(), **late)
    saved = submit(participant, "consent", lin, seen=frozenset({"CON-004@inv_sign_date"}), **late)
    assert [q.check_id for q in saved.opened] == ["CON-004"]
    cured = submit(participant, "consent", lin, reason__all="ENTRY")
    assert [q.state for q in cured.closed] == ["closed"]


def test_what_a_person_closed_is_asked_again_only_when_the_value_changes(participant, lin, wang):
    late = {"inv_sign_date": "2025-05-25", "reason__all": "ENTRY"}
    (opened,) = submit(participant, "consent", lin, **late).opened
    querying.close(opened.id, "Accepted.", user=wang)
    submit(participant, "consent", lin, seen=frozenset(), biobank_consent="N", **late)
    with pytest.raises(QuestionsOpen):
        submit(participant, "consent", lin, seen=frozenset(), **late | {"inv_sign_date": "2025-05-26"})


def test_an_unlikely_value_kept_with_a_reason_is_a_query_born_answered(participant, lin):
    typed = casebook.typed("consent", inv_sign_date="2025-05-25")
    typed["keep.CON-004@inv_sign_date"] = ["The investigator was away."]
    page = page_of(participant, "consent")
    submission = read(form_of("consent"), typed)
    save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=0)
    assert Query.objects.get(page=page).state == "answered"


def test_what_is_not_asked_is_emptied(participant, fill, lin):
    fill(participant, "consent", signer="AGENT", incap_reason="ILLITERATE", signer_rel="SPOUSE",
         signer_auth_doc="Y", signer_assent="Y", witness_needed="Y", witness_date="2025-05-23")  # fmt: skip
    saved = submit(participant, "consent", lin, signer="SUBJECT", signer_rel="SPOUSE", reason__all="SOURCE")
    assert saved.page.consent.signer_rel is None
    assert "signer_rel" in saved.changed


def test_a_row_is_never_deleted_only_entered_in_error(enrolled, fill, lin):
    fill(enrolled, "visit", "W12")
    rows = casebook.observation(lr_cat="LR-5")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **rows)
    saved = submit(enrolled, "mri", lin, "W12", mri_nobs="0", mri_overall="NED", reason__all="ENTRY",
                   **rows, **{"void.1": "wrong participant"})  # fmt: skip
    row = saved.page.mriobservation_rows.get()
    assert row.void_reason == "wrong participant"
    assert row.lr_cat == "LR-5"


def test_a_long_reason_to_void_a_row_is_cut_to_what_is_stored(enrolled, lin):
    page, typed = page_of(enrolled, "hcc"), casebook.typed("hcc")
    rows = {name: texts for name, texts in typed.items() if name.startswith("row.")}
    first = {name: texts for name, texts in rows.items() if name.startswith("row.1.")}
    added = typed | {name.replace("row.1.", "row.2."): texts for name, texts in first.items()}
    added["row.2.les_no"] = ["2"]
    reason = {"reason.all": ["SOURCE"], "note.all": ["x" * 200], "n_tumours": ["1"]}
    submission = read(form_of("hcc"), added | reason)
    saved = save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=page.version)
    removed = read(form_of("hcc"), typed | reason)
    save_page(page.id, removed.content, removed.remarks, user=lin, seen_version=saved.page.version)
    (voided,) = form_of("hcc").rows.model.objects.filter(page=page).exclude(void_reason="")
    assert voided.void_reason == ("SOURCE: " + "x" * 200)[:200]
