"""A picture as of an earlier moment: rebuilt from the trail, byte by byte the one that was taken then."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from enrollment.registering import next_numbers, register_participant
from prtras import embedded
from prtras.accounts.managing import create_site
from prtras.accounts.models import Site, User
from prtras.audit import sealing
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent, AuditSeal
from prtras.coding.accepting import accept, take_back
from prtras.coding.importing import import_release, put_in_force
from prtras.coding.models import Coding
from prtras.crf.models import CrfPage
from prtras.crf.registry import form_of
from prtras.datacut import past_tables, snapshot
from prtras.datacut.cutting import reopen, take_cut
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import MomentInFuture, Snapshot
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from prtras.entry.voiding import void_page
from prtras.exports.building import bundle
from prtras.exports.formats.csv import CSV
from prtras.review import querying
from prtras.review.holding import Scope, hold, release
from prtras.review.signing import sign_pages
from prtras.review.verifying import verify_page
from tests import casebook
from tests.audit.conftest import SUPERUSER, connect_to
from tests.coding.release import archive
from tests.conftest import page_of
from visits.planning import add_log_page, add_unscheduled


@pytest.fixture
def db(committed: User) -> User:
    """What the cast and the casebooks of these tests are written into: all of it is committed."""
    return committed


def at(picture: Snapshot) -> datetime:
    moment = parse_datetime(picture.created_at)
    assert moment is not None
    return moment


def assert_same(rebuilt: Snapshot, first: Snapshot) -> None:
    different = [name for name in first.lines if rebuilt.lines[name] != first.lines[name]]
    assert different == []
    assert rebuilt.content() == first.content()


@pytest.fixture
def later(enrolled, fill, lin, wang, zhao, site, system) -> Callable[[], None]:
    """A casebook with everything on it; calling it changes all of that, hundreds of times and in every way."""
    for form in ("visit", "mri", "lbhem", "lbchem"):
        fill(enrolled, form, "W12")
    put_in_force(import_release(archive(), user=wang), user=wang)
    event = fill_log(enrolled, "ae", fill, lin, ae_term="Headache")
    mistaken = fill_log(enrolled, "cm", fill, lin)
    accept("ae", "Headache", 90000011, user=wang)
    consent = CrfPage.objects.get(pk=page_of(enrolled, "consent").pk)
    verify_page(consent.pk, [""], user=wang, seen_version=consent.version)
    sign_pages({consent.pk: consent.version}, "CONFIRMED", user=zhao)
    query = querying.raise_query(event, "ae_start", "Please check.", user=wang)
    demographics = page_of(enrolled, "dm")
    hold(Scope(page=demographics), "frozen", "Cleaning", user=wang)

    def change() -> None:
        for n in range(50):
            fill(enrolled, "lbchem", "W12", reason__all="ENTRY", **{"row.alt.orres": str(31 + n)})
        for n in range(350):
            with acting(lin, reason="by hand"):
                enrolled.visits.filter(code="W36").update(position=1000 + n)
        fill(enrolled, "consent", reason__all="ENTRY", icf_version="V1.1")
        fill(enrolled, "visit", "W12", reason__all="ENTRY", visit_date="2025-08-26")
        fill(enrolled, "visit", "W24", visit_date="2025-11-17")
        fill(enrolled, "mri", "W12", reason__all="ENTRY", mri_nobs="1", mri_overall="SUSP", **casebook.observation())
        other = {"alloc_reason": ["PT_PREF", "OTHER"], "alloc_other": "Distance"}
        fill(enrolled, "alloc", reason__all="ENTRY", alloc_date="2025-06-03", **other)
        querying.answer(query.pk, "Checked.", user=lin)
        querying.close(query.pk, "Good.", user=wang)
        take_back(list(Coding.objects.all()), user=wang)
        release(Scope(page=demographics), "Cleaned", user=wang)
        hold(Scope(page=CrfPage.objects.get(pk=event.pk)), "frozen", "Look", user=wang)
        void_page(mistaken.pk, "Another participant", user=lin)
        add_unscheduled(enrolled, user=lin)
        fill_log(enrolled, "ae", fill, lin, ae_term="Rash")
        register_participant(site, *next_numbers(site), user=lin)
        create_site("09", "站", "Site", user=system)
        with acting(system):
            Site.objects.filter(pk=site.pk).update(code="08")

    return change


def fill_log(person, form, fill, user, **typed) -> CrfPage:
    """One more record of a log."""
    page = add_log_page(person, form, user=user)
    submission = read(form_of(form), casebook.typed(form, **typed))
    save_page(page.id, submission.content, submission.remarks, user=user, seen_version=page.version)
    return CrfPage.objects.get(pk=page.pk)


def test_it_works(later):
    sealing.seal()
    first = snapshot.take()
    before = AuditEvent.objects.count()
    later()
    sealing.seal()
    now = snapshot.take()
    assert AuditEvent.objects.count() - before > 500
    assert {name for name in now.lines if now.lines[name] != first.lines[name]} >= {
        "participants", "visits", "consent", "visit", "mri", "mriobs", "alloc", "lbchem_results", "ae", "cm",
        "queries", "verifications", "signatures", "codings",
    }  # fmt: skip
    assert_same(snapshot.take(at(first)), first)
    assert_same(snapshot.take(at(now)), now)


def test_a_bundle_of_then_is_made_again_byte_by_byte(later, chen):
    cut, picture = take_cut(timezone.localdate(), user=chen)
    made = bundle(cut, picture, CSV)
    later()
    again, rebuilt = take_cut(cut.cutoff, user=chen, as_of=cut.created_at)
    assert (again.sha256, again.head_seal, again.rows) == (cut.sha256, cut.head_seal, cut.rows)
    assert (again.entered_until, again.moment) == (cut.created_at, cut.moment)
    assert bundle(again, rebuilt, CSV) == made
    assert reopen(again) == picture


def test_a_moment_before_everything_has_no_rows(later):
    before = AuditEvent.objects.earliest("id").at - timedelta(seconds=1)
    assert (snapshot.take(before).rows, snapshot.take(before).head_seal) == (0, "-")


def test_every_moment_of_a_page_can_be_seen(enrolled, fill):
    moments = []
    for n in range(5):
        fill(enrolled, "lbchem", "W12", **({"reason__all": "ENTRY"} if n else {}), **{"row.alt.orres": str(30 + n)})
        moments.append(timezone.now())
    for n, moment in enumerate(moments):
        rows = snapshot.take(moment).tables["lbchem_results"]
        assert [row["orres"] for row in rows if row["analyte"] == "alt"] == [str(30 + n)]


# -- Several at once ------------------------------------------------------------------------------------


@pytest.fixture
def other(committed: User) -> Iterator["Other"]:
    """Somebody else, in a transaction of their own."""
    with closing(connect_to(connections["default"].settings_dict["NAME"], embedded.APP)) as connection:
        yield Other(connection, committed)


class Other:
    def __init__(self, connection, user: User) -> None:
        self.connection, self.cursor = connection, connection.cursor()
        self.actor = json.dumps({"id": user.pk, "name": user.username, "role": "none", "reason": "", "source": "t"})

    def write(self, statement: str) -> None:
        self.cursor.execute("SET LOCAL prtras.actor = %s", [self.actor])
        self.cursor.execute(statement)

    def commit(self) -> None:
        self.connection.commit()


def arms(picture: Snapshot) -> list[object]:
    return [row["ARMCD"] for row in picture.tables["participants"]]


SET_ARM = "UPDATE crf_participant SET arm = '{arm}' WHERE number = '01-001'"
SET_WINDOW = "UPDATE crf_visit SET target = '2030-01-01' WHERE code = 'W24'"


@pytest.mark.parametrize("recorded", [True, False])
def test_what_was_open_while_a_cut_was_taken_is_not_in_it_either_when_it_is_rebuilt(enrolled, chen, other, recorded):
    other.write(SET_ARM.format(arm="A1"))
    other.write("INSERT INTO accounts_site (code, name_zh, name_en) VALUES ('55', '', '')")
    with acting(chen):
        enrolled.visits.filter(code="W36").update(target="2031-01-01")  # a later event than the one that is open
    if recorded:
        _, first = take_cut(timezone.localdate(), user=chen)
    else:
        first = snapshot.take()
    other.write(SET_WINDOW)
    other.commit()
    rebuilt = snapshot.take(at(first))
    rebuilt = rebuilt.up_to(timezone.localdate()) if recorded else rebuilt
    assert (arms(first), arms(rebuilt), arms(snapshot.take())) == (["A2"], ["A2"], ["A1"])
    assert_same(rebuilt, first)


def test_what_was_written_before_a_cut_and_committed_after_it_is_not_in_it_by_the_record_of_the_cut(
    chen, enrolled, other
):
    other.write(SET_ARM.format(arm="A1"))
    with acting(chen):
        enrolled.visits.filter(code="W36").update(target="2031-01-01")
    cut, first = take_cut(timezone.localdate(), user=chen)
    other.commit()
    assert_same(take_cut(cut.cutoff, user=chen, as_of=cut.created_at)[1], first)
    # A time without a cut knows only when something was written: it comes whole, with the moment of its last event.
    last = AuditEvent.objects.get(table="crf_participant", new__arm="A1").at
    assert (arms(snapshot.take(last)), arms(snapshot.take(last - timedelta(microseconds=1)))) == (["A1"], ["A2"])


def test_a_transaction_is_never_half_in(enrolled, other):
    moments = [timezone.now()]
    for statement in (SET_ARM.format(arm="A1"), SET_WINDOW):
        other.write(statement)
        moments.append(timezone.now())
    other.commit()
    for moment, whole in zip(moments, (False, False, True), strict=True):
        picture = snapshot.take(moment)
        targets = {row["TARGET"] for row in picture.tables["visits"] if row["VISIT"] == "W24"}
        assert (arms(picture) == ["A1"], targets == {"2030-01-01"}) == (whole, whole)


def test_a_moment_stays_what_it_was_though_an_open_transaction_ends_between_two_cuts(enrolled, chen, other):
    other.write(SET_ARM.format(arm="A1"))
    with acting(chen):
        enrolled.visits.filter(code="W36").update(target="2031-01-01")
    moment = timezone.now()
    first, _ = take_cut(moment.date(), user=chen, as_of=moment)
    other.commit()
    second, picture = take_cut(moment.date(), user=chen, as_of=moment)
    assert (second.sha256, arms(picture)) == (first.sha256, ["A2"])


# -- What the trail does not say ---------------------------------------------------------------------


def tamper(*statements: str) -> None:
    """As a superuser, past the trail."""
    connections["default"].close()
    with closing(connect_to(connections["default"].settings_dict["NAME"], SUPERUSER)) as server, server:
        cursor = server.cursor()
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)


def test_rows_that_were_deleted_past_the_trail_come_back(later):
    first = snapshot.take()
    later()
    tamper("DELETE FROM visits_concomitantmedication", "DELETE FROM labs_labresult", "DELETE FROM crf_visit")
    assert snapshot.take().tables["cm"] == []
    assert_same(snapshot.take(at(first)), first)


def test_rows_that_were_put_in_past_the_trail_are_refused(enrolled):
    moment = timezone.now()
    tamper("INSERT INTO accounts_site (code, name_zh, name_en) VALUES ('77', '', '')")
    with pytest.raises(past_tables.Unexplained, match="accounts_site"):
        snapshot.take(moment)


def test_a_number_of_a_transaction_that_came_again_after_a_restore_is_another_transaction(participant, site, lin):
    last = AuditEvent.objects.latest("id")
    sealing.seal()
    tamper("UPDATE audit_auditseal SET home = 'the cluster before'")  # so that the next seal opens an epoch
    first, moment = snapshot.take(), timezone.now()
    register_participant(site, *next_numbers(site), user=lin)
    tamper(f"UPDATE audit_auditevent SET transaction = {last.transaction} WHERE id > {last.id}")
    sealing.seal()
    assert [seal.epoch for seal in AuditSeal.objects.order_by("id")] == [1, 2]
    assert snapshot.take(moment).lines == first.lines
    assert len(first.tables["participants"]) == 1


def test_a_table_that_is_not_audited_is_named_and_refused(enrolled, monkeypatch):
    models = [*snapshot.models_read(), Session]
    monkeypatch.setattr(snapshot, "models_read", lambda: models)
    with pytest.raises(past_tables.NotAudited, match=r"^django_session$"):
        snapshot.take(timezone.now())


def test_a_column_that_came_later_was_empty(enrolled, fill):
    fill(enrolled, "lbchem", "W12")
    moment = timezone.now()
    before = snapshot.take(moment)
    tamper("UPDATE audit_auditcolumn SET since = (SELECT max(id) + 1 FROM audit_auditevent) "
           "WHERE \"table\" = 'labs_biochemistry' AND \"column\" = 'chem_fast'")  # fmt: skip
    after = snapshot.take(moment)
    assert [row["chem_fast"] for row in before.tables["lbchem"]] == ["Y"]
    assert [row["chem_fast"] for row in after.tables["lbchem"]] == [None]
    assert {name for name in before.lines if before.lines[name] != after.lines[name]} == {"lbchem"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_future_is_refused(enrolled, chen, language):
    later = timezone.now() + timedelta(minutes=1)
    with pytest.raises(MomentInFuture) as refused:
        take_cut(timezone.localdate(), user=chen, as_of=later)
    assert later.isoformat() in getattr(refused.value.text, language)
    with pytest.raises(MomentInFuture):
        take_cut(timezone.localdate() + timedelta(days=1), user=chen)
    assert not DataCut.objects.exists()


def test_a_time_without_its_zone_is_refused(enrolled):
    with pytest.raises(ValueError, match="time zone"):
        snapshot.take(datetime(2026, 1, 1))


# -- The role that reads -----------------------------------------------------------------------------


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["snapshot"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_the_past_leaves_nothing_in_the_session_and_is_read_by_who_only_reads(enrolled, fill, monkeypatch):
    moment = timezone.now()
    fill(enrolled, "visit", "W12")
    guards, own = [], snapshot._all_lines
    monkeypatch.setattr(snapshot, "_all_lines", lambda: guards.append(ask("SHOW transaction_read_only")) or own())
    snapshot.take(moment)
    assert guards == [[("on",)]]
    assert ask("SELECT relname FROM pg_class WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()") == []
    assert ask("SELECT count(*) FROM crf_visit WHERE state = 'done'") == [(1,)]


def test_the_reader_sees_of_the_trail_what_changed_in_the_tables_of_a_picture_and_not_who_did_it(enrolled):
    tables = {str(table) for (table,) in ask(f'SELECT DISTINCT "table" FROM {past_tables.CHANGES}')}
    assert tables <= {model._meta.db_table for model in snapshot.models_read()}
    assert AuditEvent.objects.exclude(table__in=tables).exists()
    columns = {str(name) for (name,) in ask(
        "SELECT attname FROM pg_attribute WHERE attnum > 0 "
        f"AND attrelid IN ('{past_tables.CHANGES}'::regclass, '{past_tables.MOMENTS}'::regclass)")}  # fmt: skip
    assert columns == {"id", "at", "transaction", "table", "row", "operation", "old", "new"}
    with pytest.raises(DatabaseError, match="permission denied"):
        ask("SELECT 1 FROM audit_auditevent")
