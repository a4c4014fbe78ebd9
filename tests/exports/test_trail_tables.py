"""The audit trail as tables: it ends where the data stand, names the event of every change, and no typed words."""

import csv
import io
from collections import Counter
from typing import Any

import pytest
from django.urls import reverse

from prtras.audit.models import AuditEvent
from prtras.datacut.models import DataCut
from prtras.exports.columns import is_of_a_form, table_items
from prtras.exports.formats.audit import ACTS, AUDIT, CHANGES, history
from prtras.exports.formats.csv import CSV
from tests.exports.releases import FIELDS
from tests.exports.test_odm import Study, study

__all__ = ["study"]
Lines = list[dict[str, str]]


def lines(content: bytes) -> Lines:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def tables(study: Study) -> dict[str, Lines]:
    return {name: lines(content) for name, content in AUDIT.history(study.cut, study.picture).items()}


def place(line: dict[str, str]) -> tuple[str, ...]:
    return tuple(line.get(name, "") for name in ("SUBJID", "VISIT", "VISITSEQ", "REPEAT", "ROW"))


def test_the_last_word_on_every_item_is_what_the_data_say(study, tables):
    last: dict[tuple[Any, ...], str] = {}
    for line in tables[CHANGES]:
        last[line["TABLE"], place(line), line["ITEM"]] = line["NEW"]
    written = CSV.write(study.picture)
    stored = {
        (table, place(row), item): row[item]
        for table in filter(is_of_a_form, study.picture.tables)
        for row in lines(written[f"data/{table}.csv"])
        for item in table_items(table)
        if row[item]
    }
    assert stored
    there = {key: value for key, value in last.items() if value and is_of_a_form(key[0])}
    assert there.items() >= stored.items()
    assert {key[0] for key in there.keys() - stored.keys()} == {"mh"}, "a page in error keeps what it said"


def test_every_change_names_its_event_with_who_when_and_why(study, tables):
    events = {str(event.id): event for event in study.events}
    for line in (*tables[CHANGES], *tables[ACTS]):
        event = events[line["EVENT"]]
        assert (line["AT"], line["PERSON"], line["ROLE"]) == (event.at.isoformat(), str(event.actor), event.role)
    (change,) = [line for line in tables[CHANGES] if line["ITEM"] == "orres" and line["OLD"]]
    assert (change["NEW"], change["REASON"][:7]) == ("31.50", "SOURCE:")
    (weight,) = [line for line in tables[CHANGES] if line["ITEM"] == "weight" and line["NEWREPORTED"]]
    assert (weight["OLDMISSING"], weight["NEW"], weight["NEWREPORTED"]) == ("OTHER", "68", "136 jin")


def test_a_row_in_error_loses_its_values(tables):
    (gone,) = [
        line for line in tables[CHANGES] if line["TABLE"] == "mriobs" and line["ITEM"] == "size_mm" and line["OLD"]
    ]
    assert (gone["ROW"], gone["NEW"]) == ("1", "")


def test_every_act_on_a_page_has_its_line(study, tables):
    acts = Counter((line["ABOUT"], line["STATE"]) for line in tables[ACTS])
    assert acts["SIGNATURE", "valid"] == 2
    assert acts["SIGNATURE", "ended"] >= 1
    assert acts["VERIFICATION", "ended"] == 1
    assert acts["HOLD", "locked"] == acts["HOLD", "released"] == 1
    assert acts["QUERY", "answered"] == 1
    made = AuditEvent.objects.filter(table="review_query", operation="INSERT", participant__isnull=False).count()
    assert acts["QUERY", "open"] == made
    (query,) = [line for line in tables[ACTS] if line["PLACE"] == "alt:orres"]
    assert query["FORM"] == "lbchem"


def test_no_typed_reason_no_question_and_no_identifying_value_is_in_it(study):
    content = b"".join(history(study.cut, study.picture).values()).decode()
    for words in ("张三", "李四", "王五", "Really?", "Wrong person", "Again"):
        assert words not in content
    identifying = {line["ITEM"] for line in lines(history(study.cut, study.picture)[CHANGES])} & {"initials", "brthdat"}
    assert identifying == set()


def test_without_its_moment_on_record_a_data_cut_has_no_such_tables(study):
    without = DataCut(cutoff=study.cut.cutoff, sha256=study.cut.sha256, head_seal=study.cut.head_seal)
    assert history(without, study.picture) == {}


def test_it_is_requested_as_the_archive_of_the_site_only(chen, client_of):
    refused = client_of(chen).post(reverse("exports:ask"), FIELDS | {"format": "audit", "profile": "ANALYSIS"})
    assert refused.status_code == 422
    assert "The audit trail leaves in the archive of the site only." in refused.content.decode()
    assert (
        client_of(chen).post(reverse("exports:ask"), FIELDS | {"format": "audit", "profile": "SITE"}).status_code == 302
    )
