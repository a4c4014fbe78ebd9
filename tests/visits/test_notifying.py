"""E-mail: of a serious event at once and once; every morning what waits, in numbers; never about a participant."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from prtras.audit.acting import acting
from prtras.audit.sealing import head_seal, seal
from prtras.jobs.models import Due
from prtras.review import querying
from tests.conftest import page_of
from visits import notifying
from visits.models import SafetyNotice
from visits.planning import add_log_page

SERIOUS = {
    "ae_grade": "3", "ae_ser": "Y", "ae_sdth": "N", "ae_slife": "Y", "ae_shosp": "N", "ae_sdisab": "N", "ae_scong": "N",
    "ae_smie": "N", "ae_aware": "2025-06-12", "ae_report": "2025-06-13", "ae_narr": "x", "ae_susar": "N",
}  # fmt: skip


@pytest.fixture
def event(enrolled, lin):
    """An empty page for an adverse event."""
    return add_log_page(enrolled, "ae", user=lin)


@pytest.fixture
def addressed(lin, zhao, wang, chen, adm, eve, system):
    """Everyone has an address; zhao reads English, wang Chinese."""
    with acting(system):
        for person, language in ((lin, "en"), (zhao, "en"), (wang, "zh-hans"), (chen, "en"), (adm, "en"), (eve, "en")):
            person.email, person.language = f"{person.username}@example.org", language
            person.save(update_fields=["email", "language"])


def test_a_serious_event_is_told_at_once(
    enrolled, event, fill, addressed, mailoutbox, django_capture_on_commit_callbacks, monkeypatch
):
    request = []
    monkeypatch.setattr(notifying.current_app, "send_task", lambda name, args: request.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        fill(enrolled, "ae", **SERIOUS)
    notice = SafetyNotice.objects.get()
    assert request == [("visits.tasks.send_safety_notice", [notice.pk])]
    assert notifying.send_notice(notice.pk) == 2
    assert {mail.to[0] for mail in mailoutbox} == {"zhao@example.org", "wang@example.org"}
    assert {mail.subject for mail in mailoutbox} == {"PRTRAS EDC: serious adverse event", "PRTRAS EDC：严重不良事件"}


def test_it_is_told_once_however_often_the_page_is_saved_or_the_worker_runs(
    enrolled, event, fill, addressed, mailoutbox
):
    fill(enrolled, "ae", **SERIOUS)
    fill(enrolled, "ae", **SERIOUS | {"ae_narr": "y"}, reason__all="NEW")
    notice = SafetyNotice.objects.get()
    assert [notifying.send_notice(notice.pk) for _ in range(3)] == [2, 0, 0]
    assert len(mailoutbox) == 2
    notice.refresh_from_db()
    assert (notice.recipients, notice.sent_at is not None) == (2, True)


def test_an_event_that_is_not_serious_is_not_told(enrolled, event, fill):
    fill(enrolled, "ae")
    assert not SafetyNotice.objects.exists()


def test_an_address_that_is_refused_keeps_nobody_else_from_being_told(enrolled, event, fill, addressed, monkeypatch):
    tried = []

    def refuse_zhao(subject, text, sender, addresses):
        tried.append(addresses[0])
        if addresses[0].startswith("zhao"):
            raise OSError("550 no such address")
        return 1

    monkeypatch.setattr("prtras.accounts.mailing.send_mail", refuse_zhao)
    fill(enrolled, "ae", **SERIOUS)
    assert [notifying.send_waiting() for _ in range(2)] == [1, 0]
    assert sorted(tried) == ["wang@example.org", "zhao@example.org", "zhao@example.org"], "and is tried again alone"
    notice = SafetyNotice.objects.get()
    assert (notice.recipients, notice.sent_at) == (1, None)
    monkeypatch.undo()
    assert notifying.send_waiting() == 1
    notice.refresh_from_db()
    assert (notice.recipients, notice.sent_at is not None) == (2, True)


def test_a_worker_that_dies_between_two_mails_leaves_the_rest_to_the_next_and_tells_nobody_twice(
    enrolled, event, fill, addressed, mailoutbox, monkeypatch
):
    fill(enrolled, "ae", **SERIOUS)
    notice, real = SafetyNotice.objects.get(), notifying.send

    def die_at_wang(person, *texts):
        if person.username == "wang":
            raise KeyboardInterrupt
        return real(person, *texts)

    monkeypatch.setattr(notifying, "send", die_at_wang)
    with pytest.raises(KeyboardInterrupt):
        notifying.send_notice(notice.pk)
    monkeypatch.undo()
    assert notifying.send_waiting() == 0, "the lease of the dead one still runs"
    Due.objects.filter(finished_at=None).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert notifying.send_waiting() == 1
    assert sorted(mail.to[0] for mail in mailoutbox) == ["wang@example.org", "zhao@example.org"]
    notice.refresh_from_db()
    assert (notice.recipients, notice.sent_at is not None) == (2, True)


def test_a_digest_comes_once_a_day_however_often_it_is_sent(enrolled, fill, addressed, mailoutbox):
    today = timezone.localdate()
    sent = notifying.send_digests(today)
    assert sent > 0
    assert notifying.send_digests(today) == 0
    assert len(mailoutbox) == sent
    assert notifying.send_digests(today + timedelta(days=1)) == sent


def test_the_monitors_digest_carries_the_trails_newest_seal_off_the_machine(
    enrolled, fill, addressed, mailoutbox, lin, wang
):
    seal()
    querying.answer(
        querying.raise_query(page_of(enrolled, "consent"), "icf_date", "Right?", user=wang).pk, "Yes", user=lin
    )
    notifying.send_digests(timezone.localdate())
    carried = {mail.to[0]: head_seal() in mail.body for mail in mailoutbox}
    assert carried["wang@example.org"]
    assert not carried["lin@example.org"]


def test_while_nobody_can_be_told_it_waits(enrolled, event, fill):
    fill(enrolled, "ae", **SERIOUS)
    assert notifying.send_waiting() == 0
    assert SafetyNotice.objects.get().sent_at is None


def test_what_the_broker_did_not_take_is_sent_later(enrolled, event, fill, addressed, mailoutbox):
    fill(enrolled, "ae", **SERIOUS)
    assert notifying.send_waiting() == 2
    assert notifying.send_waiting() == 0


def test_no_message_says_anything_about_a_participant(enrolled, event, fill, addressed, mailoutbox, wang):
    fill(enrolled, "ae", **SERIOUS)
    querying.raise_query(page_of(enrolled, "consent"), "icf_date", "Right?", user=wang)
    notifying.send_waiting()
    notifying.send_digests(timezone.localdate())
    assert len(mailoutbox) > 4
    for mail in mailoutbox:
        message = f"{mail.subject} {mail.body}"
        for secret in (enrolled.number, enrolled.screening_number, "WXM", "1975", "Right?", "Fever", "Neutro"):
            assert secret not in message, mail.body
        assert not re.search(r"\d{2}-\d{3}", message)


def test_the_digest_tells_each_role_what_is_hers(
    enrolled, fill, addressed, mailoutbox, lin, zhao, wang, chen, adm, eve
):
    query = querying.raise_query(page_of(enrolled, "consent"), "icf_date", "Right?", user=wang)
    today = timezone.localdate()
    message = {person.username: {line.title.en: line.count for line in notifying.digest(person, today)}
            for person in (lin, zhao, wang, chen, adm, eve)}  # fmt: skip
    assert message["lin"]["queries to answer"] > 0
    assert message["lin"]["Overdue"] > 0
    assert "pages to sign" in message["zhao"]
    assert set(message["wang"]) == {"pages to verify"}
    assert (message["chen"], message["adm"], message["eve"]) == ({}, {}, {})
    querying.answer(query.pk, "Yes.", user=lin)
    assert notifying.digest(wang, today)[0].title.en == "queries to close"
    assert notifying.send_digests(today) == 3, "who has nothing to do gets nothing"
    wangs = next(mail for mail in mailoutbox if mail.to == ["wang@example.org"])
    assert "待关闭质疑：1" in wangs.body
