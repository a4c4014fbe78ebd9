"""The trail: every change leaves its row, whatever the route, and nobody can write without being named."""

from datetime import date

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction

from prtras.accounts.managing import create_site, give_role
from prtras.accounts.models import LiveSession, Site, User
from prtras.accounts.rights import Role
from prtras.api.models import Answer
from prtras.audit import trail
from prtras.audit.acting import acting
from prtras.audit.models import AuditColumn, Audited, AuditEvent, AuditSeal
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.entry.models import Draft, IdempotencyKey, UnsentPost
from prtras.jobs.models import Due
from prtras.operations.models import OperationRecord
from tests.packages import PRODUCT

#: Tables of ours without a trail, and why.
EXEMPT = {
    OperationRecord: "backups and proofs of restores: written by the machine, about no data",
    Due: "leases, renewed every few seconds; what is done under them is in the trail",
    LiveSession: "where someone is logged in now; Access keeps what happened",
    UnsentPost: "typing, not data; encrypted, for a day",
    Answer: "answers to requests that a program may send again: no data, in no export",
    IdempotencyKey: "keys of forms that were sent, so that none has two effects: no data, in no export",
    Draft: "typing that is not submitted: no data, in no export",
    AuditEvent: "the trail itself: frozen by its own trigger",
    AuditColumn: "columns of audited tables: written by `migrate` alone, and frozen by its own trigger",
    AuditSeal: "seals of the trail: chained, and frozen by their own trigger",
}


def last() -> AuditEvent:
    return AuditEvent.objects.order_by("-id")[0]


def since(mark: int) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(id__gt=mark).order_by("id"))


def who_and_why(event: AuditEvent) -> tuple[object, ...]:
    return event.actor_name, event.role, event.reason, event.source, event.operation


def test_it_works(lin, participant):
    with acting(lin, reason="moved to follow-up", source="test"):
        participant.state = "on_study"
        participant.save()
    event = last()
    assert who_and_why(event) == ("lin", "coordinator", "moved to follow-up", "test", "UPDATE")
    assert (event.table, event.row, event.actor) == ("crf_participant", str(participant.pk), lin.pk)
    assert (event.old, event.new) == ({"state": "screening"}, {"state": "on_study"})
    assert event in trail.of_participant(participant.pk)


def test_a_new_row_leaves_what_it_holds_without_its_empty_columns(lin, participant):
    event = AuditEvent.objects.get(table="crf_participant")
    assert (event.operation, event.old) == ("INSERT", None)
    assert event.new["number"] == participant.number
    assert "anchor" not in event.new


def test_update_leaves_one_row_each(lin, participant):
    mark = last().id
    with acting(lin, reason="all due", source="test"):
        changed = Visit.objects.filter(participant=participant).update(state="missed")
    events = since(mark)
    assert len(events) == changed > 0
    assert {who_and_why(e) for e in events} == {("lin", "coordinator", "all due", "test", "UPDATE")}
    assert {(e.old["state"], e.new["state"]) for e in events} == {("planned", "missed")}


def test_bulk_create_leaves_one_row_each(lin, participant):
    mark = last().id
    with acting(lin, source="test"):
        CrfPage.objects.bulk_create(CrfPage(form="ae", participant=participant, repeat=n) for n in range(1, 6))
    events = since(mark)
    assert [e.new["repeat"] for e in events] == [1, 2, 3, 4, 5]
    assert {(e.operation, e.participant) for e in events} == {("INSERT", participant.pk)}
    assert [str(e.page) for e in events] == [e.row for e in events]


def test_bulk_update_leaves_one_row_each(lin, participant):
    pages, mark = list(participant.pages.all()), last().id
    for page in pages:
        page.filled = 7
    with acting(lin, source="test"):
        CrfPage.objects.bulk_update(pages, ["filled"])
    assert {e.row for e in since(mark)} == {str(page.id) for page in pages}
    assert all((e.old, e.new) == ({"filled": 0}, {"filled": 7}) for e in since(mark))


def test_raw_sql_leaves_its_row(lin, participant):
    with acting(lin, reason="by hand", source="console"), connection.cursor() as cursor:
        cursor.execute("UPDATE crf_participant SET arm = 'A2' WHERE id = %s", [participant.pk])
    assert who_and_why(last()) == ("lin", "coordinator", "by hand", "console", "UPDATE")
    assert (last().old, last().new) == ({"arm": ""}, {"arm": "A2"})


def test_an_upsert_leaves_what_it_changed(lin, participant):
    with acting(lin, source="test"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crf_participant (number, screening_number, state, arm, hold, site_id) "
            "VALUES (%s, 'S9', '', '', '', %s) "
            "ON CONFLICT (number) DO UPDATE SET state = 'lost'",
            [participant.number, participant.site_id],
        )
    assert (last().operation, last().new) == ("UPDATE", {"state": "lost"})


def test_a_value_given_and_a_value_taken_away_are_seen(lin, participant):
    for before, after in ((None, "2025-06-02"), ("2025-06-02", "2025-06-03"), ("2025-06-03", None)):
        participant.anchor = date.fromisoformat(after) if after else None
        with acting(lin):
            participant.save()
        assert (last().old, last().new) == ({"anchor": before}, {"anchor": after})


def test_a_save_that_changes_nothing_leaves_nothing(lin, participant):
    mark = last().id
    with acting(lin):
        participant.save()
    assert since(mark) == []


def test_a_reason_per_item_is_kept(lin, participant):
    with acting(lin, reason="in general", reasons={"arm": "ENTRY: 输入错误", "state": "SOURCE"}):
        Participant.objects.filter(pk=participant.pk).update(arm="A1", state="on_study")
    assert last().reasons == {"arm": "ENTRY: 输入错误", "state": "SOURCE"}


def test_whom_and_which_page_a_change_concerns_is_in_the_row(lin, participant, fill):
    mark = last().id
    saved = fill(participant, "consent")
    actual = {(e.table == "crf_participant", e.page, e.participant) for e in since(mark)}
    assert actual == {(False, saved.page.id, participant.pk), (True, None, participant.pk)}


def test_the_time_is_the_databases_and_moves_within_a_transaction(lin, participant):
    mark = last().id
    with acting(lin):
        for arm in ("A1", "A2", ""):
            Participant.objects.filter(pk=participant.pk).update(arm=arm)
    times = [e.at for e in since(mark)]
    assert times == sorted(set(times))
    assert len({e.transaction for e in since(mark)}) == 1


WRITES = {
    "save": lambda p: p.save(),
    "update": lambda p: Participant.objects.update(arm="A1"),
    "bulk_create": lambda p: CrfPage.objects.bulk_create([CrfPage(form="ae", participant=p, repeat=9)]),
    "bulk_update": lambda p: Participant.objects.bulk_update([p], ["arm"]),
    "create": lambda p: Site.objects.create(code="77", name_zh="x", name_en="x"),
    "raw": lambda p: connection.cursor().execute("UPDATE crf_visit SET state = 'done'"),
}


@pytest.mark.parametrize("route", WRITES)
def test_a_write_without_an_acting_user_is_refused(participant, route):
    before = AuditEvent.objects.count()
    participant.arm = "A1"
    with pytest.raises(ProgrammingError, match="without an acting user is refused"), transaction.atomic():
        WRITES[route](participant)
    participant.refresh_from_db()
    assert (participant.arm, AuditEvent.objects.count()) == ("", before)


def test_nobody_acts_any_more_after_the_block(lin, participant):
    with acting(lin):
        participant.save()
    with pytest.raises(ProgrammingError, match="without an acting user"), transaction.atomic():
        Participant.objects.update(arm="A1")


def _save_and_fail(user, participant):
    with acting(user):
        participant.arm = "A1"
        participant.save()
        raise ZeroDivisionError


def test_nobody_acts_any_more_after_a_block_that_failed(lin, participant):
    with pytest.raises(ZeroDivisionError):
        _save_and_fail(lin, participant)
    participant.refresh_from_db()
    assert participant.arm == ""
    with pytest.raises(ProgrammingError, match="without an acting user"), transaction.atomic():
        Participant.objects.update(arm="A1")


def test_an_inner_block_speaks_for_itself_and_the_outer_one_again_after_it(lin, wang, participant):
    mark = last().id
    with acting(lin, reason="outer", reasons={"state": "R"}, source="screen"):
        Participant.objects.update(arm="1")
        with acting(wang, reason="inner", source="import"):
            Participant.objects.update(arm="2")
        Participant.objects.update(arm="3")
    events = [(e.actor_name, e.role, e.reason, e.source, e.reasons) for e in since(mark)]
    outer = ("lin", "coordinator", "outer", "screen", {"state": "R"})
    assert events == [outer, ("wang", "monitor", "inner", "import", None), outer]


def test_an_inner_block_that_failed_hands_back_to_the_outer_one(lin, wang, participant):
    with acting(lin, reason="outer"):
        with pytest.raises(ZeroDivisionError):
            _save_and_fail(wang, participant)
        Participant.objects.update(arm="3")
    assert who_and_why(last())[:3] == ("lin", "coordinator", "outer")


@pytest.mark.parametrize(("key", "name"), [(0, "lin"), (10**9, "lin"), (None, "Lin"), (None, "wang"), (None, "")])
def test_who_is_no_account_of_that_name_writes_nothing(participant, lin, wang, key, name):
    nobody = User(pk=lin.pk if key is None else key, username=name)
    with pytest.raises(ProgrammingError, match="is no account named"), transaction.atomic(), acting(nobody):
        Participant.objects.update(arm="A1")


def test_a_row_keeps_its_key(participant, lin):
    with pytest.raises(ProgrammingError, match="another key for row"), transaction.atomic(), acting(lin):
        Site.objects.update(id=4711)


def test_someone_without_a_membership_is_named_too(participant, system):
    stranger = User(username="stranger", display_name="Stranger")
    with acting(system):
        stranger.save()
    with acting(stranger):
        Participant.objects.update(arm="A1")
    assert who_and_why(last())[:2] == ("stranger", "none")


def test_the_role_is_the_one_at_that_time(lin, system, participant):
    with acting(lin):
        Participant.objects.update(arm="A1")
    with acting(system):
        lin.memberships.update(role=Role.MONITOR)
    with acting(User.objects.get(pk=lin.pk)):
        Participant.objects.update(arm="A2")
    roles = AuditEvent.objects.filter(table="crf_participant", operation="UPDATE").order_by("id")
    assert [event.role for event in roles] == ["coordinator", "monitor"]


@pytest.mark.parametrize("model", [Participant, Visit, CrfPage, User, Site])
def test_an_audited_row_is_never_deleted(lin, participant, model):
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(lin):
        model.objects.all()._raw_delete("default")
    assert model.objects.exists()


def test_who_comes_into_the_study_team_is_in_the_trail(lin, system):
    site = create_site("09", "九", "Nine", user=system)
    give_role(lin, site, Role.MONITOR, user=system)
    assert (last().table, last().new["role"], last().actor_name) == ("accounts_membership", "monitor", "system")


def _ours() -> set[type[models.Model]]:
    configs = [config for config in apps.get_app_configs() if config.name.split(".")[0] in PRODUCT]
    return {model for config in configs for model in config.get_models(include_auto_created=True)}


def test_every_table_of_ours_is_audited_or_listed_with_a_reason():
    unwatched = {model for model in _ours() if not issubclass(model, Audited)}
    assert unwatched - set(EXEMPT) == set(), "without a trail, and without a reason"
    assert set(EXEMPT) - unwatched == set(), "listed as without a trail, but it has one or is gone"
    assert len(_ours()) > 20
