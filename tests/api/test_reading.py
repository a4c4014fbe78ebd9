"""What a program reads: lists by cursor and filter, pages with version, the feed that replays to the present state."""

import csv
import io
from datetime import timedelta

import pytest

from enrollment.registering import next_numbers, register_participant
from prtras.audit.models import AuditEvent
from prtras.audit.trail import MARGIN, settled_until
from prtras.crf.models import CrfPage
from prtras.crf.registry import all_forms, form_of
from tests.conftest import page_of


@pytest.fixture(autouse=True)
def _no_margin(monkeypatch):
    """In one transaction the clock does not wait."""
    monkeypatch.setattr("prtras.audit.trail.MARGIN", timedelta())


def every(program, address):
    """All lines of a list, two at a time."""
    lines, after, pages = [], None, 0
    mark = "&" if "?" in address else "?"
    while pages == 0 or after:
        answer = program.get(f"{address}{mark}limit=2" + (f"&after={after}" if after else ""))
        assert answer.status_code == 200, answer.content
        lines += answer.json()["items"]
        after, pages = answer.json()["next"], pages + 1
    return lines


def test_a_list_goes_on_by_its_cursor_and_loses_nothing(site, lin, program):
    for _ in range(5):
        register_participant(site, *next_numbers(site), user=lin)
    of_lin = program(lin, "read")
    assert [line["number"] for line in every(of_lin, "participants")] == [f"01-00{n}" for n in range(1, 6)]
    pages = every(of_lin, "pages?participant=01-003")
    assert {line["id"] for line in pages} == {str(p.id) for p in CrfPage.objects.filter(participant__number="01-003")}
    for wrong in ("limit=501", "limit=0", "limit=x", "after=%27"):
        assert of_lin.get(f"visits?{wrong}").status_code == 422, wrong


@pytest.mark.parametrize("address", ["participants", "visits", "pages", "queries"])
def test_a_list_is_csv_for_who_accepts_it(participant, lin, program, address):
    answer = program(lin).get(address, accept="text/csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == len(program(lin).get(address).json()["items"]) + 1


def test_a_page_has_its_values_and_its_version(enrolled, lin, program):
    page = page_of(enrolled, "lbviro", "SCR")
    answer = program(lin).get(f"pages/{page.id}")
    data = answer.json()
    assert (answer.headers["ETag"], data["version"], data["form"]) == (f'"{page.version}"', page.version, "lbviro")
    typed = {name for name, item in form_of("lbviro").items.items() if not item.derived}
    assert set(data["values"]) == typed


def test_who_may_not_see_identifiers_does_not(enrolled, lin, chen, program):
    page = page_of(enrolled, "dm")
    shown, hidden = (program(person).get(f"pages/{page.id}").json() for person in (lin, chen))
    names = {name for name, item in form_of("dm").items.items() if item.identifies}
    assert names
    assert names <= set(shown["values"])
    assert not names & set(hidden["values"])
    assert hidden["withheld"] == sorted(names)


def test_another_sites_page_does_not_exist(participant, eve, program):
    page = page_of(participant, "consent")
    of_eve = program(eve)
    addresses = (f"pages/{page.id}", f"pages/{page.id}/history", f"participants/{participant.number}")
    assert [of_eve.get(address).status_code for address in addresses] == [404, 404, 404]
    assert of_eve.get("pages").json()["items"] == []
    assert of_eve.get("changes").json()["items"] == []


def test_the_dictionary_names_every_item_and_the_schedule_every_visit(lin, program):
    forms = program(lin).get("forms").json()["forms"]
    assert [form["form"] for form in forms] == [form.code for form in all_forms()]
    items = {(form["form"], item["item"]) for form in forms for item in form["tables"][0]["items"]}
    assert items == {(form.code, name) for form in all_forms() for name in form.items}
    assert program(lin).get("schedule").json()["versions"][0]["visits"]


def test_the_history_says_who_changed_what(enrolled, lin, program):
    history = program(lin).get(f"pages/{page_of(enrolled, 'dm').id}/history").json()["items"]
    assert {line["who"] for line in history} == {"Lin"}
    assert any(change["place"] == "sex" for line in history for change in line["changes"])


def test_the_feed_replays_to_the_present_state(enrolled, fill, lin, program):
    fill(enrolled, "dm", **{"reason.all": "ENTRY", "ethnic": "HUI"})
    of_lin, state, after = program(lin), {}, None
    while True:
        answer = of_lin.get("changes?limit=500" + (f"&after={after}" if after else "")).json()
        for event in answer["items"]:
            state.setdefault((event["table"], event["row"]), {}).update(event["new"] or {})
        after = answer["next"]
        if not answer["more"]:
            break
    for form in all_forms():
        for table in form.tables():
            for row in table.model.objects.all():
                copy = state[table.model._meta.db_table, str(row.pk)]
                same = {name: copy.get(name) for name in ("missing",)}
                assert same["missing"] == row.missing
                codes = [name for name, item in table.items.items() if item.kind == "code"]
                assert {name: copy.get(name) for name in codes} == {name: getattr(row, name) for name in codes}
    page = page_of(enrolled, "dm")
    assert state["crf_crfpage", str(page.id)]["version"] == page.version
    answer = of_lin.get(f"changes?after={after}").json()
    assert (answer["items"], answer["next"], answer["more"]) == ([], after, False)


def test_the_feed_shows_no_identifiers_of_accounts_and_needs_the_right_to_the_trail(enrolled, lin, chen, program):
    tables = {event["table"] for event in program(lin).get("changes?limit=500").json()["items"]}
    assert tables <= set(AuditEvent.objects.exclude(participant=None).values_list("table", flat=True))
    assert not any(table.startswith("accounts_") for table in tables)
    assert program(chen).get("changes").status_code == 403


def test_the_feed_of_one_participant(enrolled, site, lin, program):
    other = register_participant(site, *next_numbers(site), user=lin)
    events = program(lin).get(f"changes?participant={other.number}&limit=500").json()["items"]
    assert {event["participant"] for event in events} == {other.number}


@pytest.mark.parametrize("after", ["x", "1.5", "9" * 19, "%27"])
def test_a_cursor_that_is_none_is_refused(site, lin, program, after):
    for address in ("changes", "queries"):
        assert program(lin).get(f"{address}?after={after}").status_code == 422


def test_a_change_is_in_the_feed_a_second_later(enrolled, lin, program, monkeypatch):
    of_lin = program(lin)
    monkeypatch.setattr("prtras.audit.trail.MARGIN", MARGIN)
    after = AuditEvent.objects.latest("id").pk
    added = of_lin.send("post", f"participants/{enrolled.number}/pages", {"form": "ae"}).json()["id"]
    settled = settled_until()
    lines = {}
    for later in (timedelta(), timedelta(seconds=1)):
        monkeypatch.setattr("prtras.api.views.changes.settled_until", lambda: settled + later)  # noqa: B023
        lines[later] = [line["page"] for line in of_lin.get(f"changes?after={after}").json()["items"]]
    assert (lines[timedelta()], added in lines[timedelta(seconds=1)]) == ([], True)
