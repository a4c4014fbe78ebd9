"""What happened to a page, in the words of the field: the panel beside the form, the trail and the whole history."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from prtras import env
from prtras.audit.models import Audited, AuditEvent
from prtras.audit.words import known_sources, words_of
from prtras.entry import history
from prtras.entry.history import data_tables
from prtras.entry.voiding import void_page
from prtras.review import querying
from prtras.review.holding import Scope, hold, release
from prtras.review.signing import sign_pages
from prtras.review.verifying import verify_page
from tests.packages import PRODUCT
from visits.planning import add_log_page

#: What no reader is shown: a time as a machine writes it, a column, a login.
MACHINE = re.compile(r"\d{4}-\d\d-\d\dT|\b[a-z]+_(id|at|zh|en|by)\b|\b(True|False|None)\b|coordinator\b(?! \(CRC\))")


@pytest.fixture
def lived_through(participant, fill, lin, wang, zhao):
    """A consent that was entered, asked about, verified, signed, frozen, released, locked, released and changed."""
    page = fill(participant, "consent").page
    querying.raise_query(page, "icf_date", "Right?", user=wang)
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    raised = page.queries.get()
    querying.answer(raised.pk, "Yes.", user=lin)
    querying.close(raised.pk, "Thanks.", user=wang)
    sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)
    for act in ("frozen", "locked"):
        hold(Scope(page=page), act, "Interim.", user=wang)
        release(Scope(page=page), "Done.", user=wang)
    fill(participant, "consent", icf_version="V1.1", reason__all="SOURCE")
    return page


def test_each_act_has_its_word_and_only_the_first_entry_is_one(lived_through):
    shown = [line.headline.en for line in history.of_page(lived_through, identifiers=True)]
    assert shown[-1] == "First entry"
    assert shown.count("First entry") == 1
    for word in ("Verified against the source", "Signed", "Frozen", "Released from freeze", "Locked", "Unlocked",
                 "No longer verified (data changed)", "Signature no longer valid (data changed)"):  # fmt: skip
        assert word in shown, shown


def test_people_are_named_and_nothing_is_as_a_machine_has_it(lived_through, lin, wang, client_of):
    for reader, address in (
        (lin, reverse("entry:page", args=[lived_through.pk])),
        (lin, reverse("trail:history", args=[lived_through.pk])),
        (wang, f"{reverse('trail:list')}?participant={lived_through.participant.number}"),
    ):
        page = client_of(reader).get(address).content.decode()
        shown = re.findall(r'<(?:ol class="history"|tbody)>(.*?)</(?:ol|tbody)>', page, re.DOTALL)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(shown)))
        assert wang.display_name in text, address
        assert not re.search(rf"\b({lin.username}|{wang.username})\b", text), address
        assert not MACHINE.search(text), MACHINE.search(text)


def test_the_history_speaks_the_readers_language(lived_through, lin, client_of):
    client = client_of(lin)
    client.cookies["django_language"] = "zh-hans"
    page = client.get(reverse("trail:history", args=[lived_through.pk])).content.decode()
    for word in ("首次录入", "源数据核查", "冻结", "解除锁定", "签名失效（数据已改动）", "原因："):
        assert word in page, word
    for word in ("Frozen", "First entry", "Right?"):
        assert (word in page) is (word == "Right?"), word


def test_a_page_entered_in_error_says_so(enrolled, fill, lin):
    add_log_page(enrolled, "ae", user=lin)
    page = fill(enrolled, "ae").page
    void_page(page.pk, "Wrong person.", user=lin)
    newest = history.of_page(page, identifiers=True)[0]
    assert (newest.act.en, newest.why) == ("Marked as entered in error", "Wrong person.")


def test_every_table_and_column_that_is_watched_has_words():
    tables = [m for m in apps.get_models() if issubclass(m, Audited) and m._meta.db_table not in data_tables()]
    for model in tables:
        words = words_of(model._meta.db_table)
        assert words, model
        columns = {field.column for field in model._meta.concrete_fields} - {"id"}
        explained = words.columns.keys() | words.silent
        assert columns - explained == set(), model
        assert explained - columns == set(), model
        assert {act.column for act in words.acts} <= columns, model
        assert not words.columns.keys() & history.SECRET, model


def test_every_source_has_words():
    code = chain.from_iterable((env.ROOT / room).rglob("*.py") for room in PRODUCT)
    act = re.compile(r'(?:acting\(.*source=|SOURCE = )"([^"]+)"')
    named = {name for path in code for name in act.findall(Path(path).read_text())}
    assert named <= known_sources()
    assert len(named) > 20


def test_the_trail_of_all_that_happened_says_something_in_every_line(lived_through):
    for line in history.lines(AuditEvent.objects.order_by("id"), identifiers=True):
        assert line.headline or line.shown


def test_a_page_of_a_log_that_nobody_had_to_fill_was_added_and_never_no_longer_required(enrolled, lin, client_of):
    page = add_log_page(enrolled, "ae", user=lin)
    assert not page.required
    shown = client_of(lin).get(f"/pages/{page.pk}/").content.decode()
    assert "No longer required" not in shown
