"""ODM 1.3.2: the schema and a second reader take it, every cell comes back, and the trail ends where the cut stands."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import odmlib.loader
import odmlib.odm_loader
import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from lxml import etree
from odmlib.oid_generator import create_oid_checker
from odmlib.schema_manager import get_schema_path

from enrollment.registering import next_numbers, register_participant
from prtras.accounts.managing import create_site, create_system_user
from prtras.accounts.models import Site
from prtras.accounts.rights import Action, Role
from prtras.audit.models import AuditEvent
from prtras.codelists import NY
from prtras.crf.models import CrfPage
from prtras.crf.registry import all_forms, form_of
from prtras.datacut.cutting import take_cut
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from prtras.entry.voiding import restore_page, void_page
from prtras.exports.formats.odm import METADATA, ODM, SNAPSHOT, TRANSACTIONAL
from prtras.exports.formats.odm.oids import oid
from prtras.exports.history.casebook import ABOUT_PAGES, trail_tables
from prtras.exports.history.cutoff import TrailDiffers
from prtras.exports.read_back import compare_tables
from prtras.review import querying
from prtras.review.holding import Scope, hold, release
from prtras.review.signing import sign_pages
from prtras.review.verifying import verify_page
from tests import casebook
from tests.audit.conftest import copied_database
from tests.conftest import _person, page_of
from visits.planning import add_log_page

ODM_NAMESPACE = {"o": "http://www.cdisc.org/ns/odm/v1.3"}
AWKWARD = "发热<&\"'>]]>\t第二行\r\n=1+1；\\;末尾 "


def fill(person, form: str, visit: str | None = None, *, page: CrfPage | None = None, user, **typed: Any) -> CrfPage:
    """Submit a page as someone."""
    page = page or page_of(person, form, visit)
    submission = read(form_of(form), casebook.typed(form, **typed))
    assert submission.problems == {}
    save_page(page.id, submission.content, submission.remarks, user=user, seen_version=page.version)
    return CrfPage.objects.get(pk=page.pk)


def casebooks(lin, wang, zhao, site) -> None:
    """Two participants; with the first, everything happens that can happen to data."""
    person = register_participant(site, *next_numbers(site), user=lin)
    register_participant(site, *next_numbers(site), user=lin)
    for form in ("consent", "dm", "hcc", "radtx"):
        fill(person, form, user=lin)
    fill(person, "mri", "SCR", mri_date="2025-05-26", user=lin)
    for form in ("ie", "na", "alloc"):
        fill(person, form, user=lin)
    person.refresh_from_db()
    fill(person, "visit", "W12", user=lin)
    fill(person, "lbchem", "W12", user=lin)
    fill(person, "lbchem", "W12", reason__all="SOURCE: 张三打来电话", row__alt__orres="31.50", user=lin)
    fill(person, "vs", "W12", weight=None, missing__weight="OTHER", pulse=None, missing__pulse="REFUSED", user=lin)
    fill(person, "vs", "W12", weight="136 斤", reason__all="ENTRY", user=lin)
    observed = casebook.observation() | casebook.observation(2, obs_no="2", obs_seg=["S8", "S5"])
    fill(person, "mri", "W12", mri_nobs="2", mri_overall="SUSP", user=lin, **observed)
    fill(person, "mri", "W12", mri_nobs="1", mri_overall="SUSP", reason__all="ENTRY", void__1="李四说错了", user=lin,
         **observed)  # fmt: skip
    event = fill(person, "ae", page=add_log_page(person, "ae", user=lin), ae_term=AWKWARD, ae_start="2025-06",
                 user=lin)  # fmt: skip
    history = fill(person, "mh", page=add_log_page(person, "mh", user=lin), user=lin)
    void_page(history.pk, "Wrong person", user=lin)
    drug = fill(person, "cm", page=add_log_page(person, "cm", user=lin), user=lin)
    void_page(drug.pk, "Wrong person", user=lin)
    restore_page(drug.pk, "It was right", user=lin)
    review(person, event, lin, wang, zhao)


def review(person, event: CrfPage, lin, wang, zhao) -> None:
    """Queries of all kinds, a verification and a signature that end, a lock that is released."""
    query = querying.raise_query(event, "ae_start", "张三 on which day?", user=wang)
    querying.answer(query.pk, "王五 does not know.", user=lin)
    querying.raise_query(page_of(person, "lbchem", "W12"), "alt:orres", "Really?", user=wang)
    querying.raise_query(page_of(person, "consent"), "", "The whole page?", user=wang)
    pressure = page_of(person, "vs", "W12")
    verify_page(pressure.pk, [""], user=wang, seen_version=pressure.version)
    sign_pages({pressure.pk: pressure.version}, "CONFIRMED", user=zhao)
    fill(person, "vs", "W12", weight="70", reason__all="ENTRY", user=lin)
    drug = page_of(person, "cm")
    sign_pages({drug.pk: drug.version}, "REVIEWED", user=zhao)
    hold(Scope(page=drug), "locked", "End", user=wang)
    release(Scope(page=CrfPage.objects.get(pk=drug.pk)), "Again", user=wang)


@dataclass
class Study:
    cut: DataCut
    picture: Snapshot
    files: Mapping[str, bytes]
    events: list[AuditEvent]
    site: Site


@pytest.fixture(scope="module")
def study(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Study]:
    """A small study whose every act was a transaction of its own, and its files."""
    reader, folder = connections["snapshot"], tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), copied_database() as name, override_settings(FILES_FOLDER=folder):
        reader.close()
        own, reader.settings_dict["NAME"] = reader.settings_dict["NAME"], name
        try:
            system = create_system_user()
            site = create_site("01", "深圳", "Shenzhen", user=system)
            lin, wang = _person("lin", site, Role.COORDINATOR, system), _person("wang", site, Role.MONITOR, system)
            zhao = _person("zhao", site, Role.INVESTIGATOR, system, Action.SEE_BY_ARM, Action.EXPORT)
            casebooks(lin, wang, zhao, site)
            cut, picture = take_cut(timezone.localdate(), user=zhao)
            events = list(AuditEvent.objects.exclude(participant=None).filter(id__lte=cut.last_event).order_by("id"))
            files = ODM.write(picture) | ODM.history(cut, picture)
            assert ODM.write(picture) | ODM.history(cut, picture) == files, "the same bytes again"
            yield Study(cut, picture, files, events, site)
        finally:
            reader.close()
            reader.settings_dict["NAME"] = own


def tree(study: Study, name: str) -> etree._Element:
    return etree.fromstring(study.files[name])


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.xpath(path, namespaces=ODM_NAMESPACE)


@pytest.mark.parametrize("name", [METADATA, SNAPSHOT, TRANSACTIONAL])
def test_the_schema_takes_every_file(study, name):
    schema = etree.XMLSchema(etree.parse(get_schema_path("odm", "1.3.2")))
    schema.assertValid(tree(study, name))


@pytest.mark.parametrize("name", [METADATA, SNAPSHOT, TRANSACTIONAL])
def test_a_second_reader_finds_everything_that_is_named(study, name, tmp_path):
    (tmp_path / "odm.xml").write_bytes(study.files[name])
    loader = odmlib.loader.ODMLoader(odmlib.odm_loader.XMLODMLoader())
    loader.open_odm_document(str(tmp_path / "odm.xml"))
    assert loader.root().validate(collect_errors=True, oid_checker=create_oid_checker("odm_1_3_2")) == []


def test_every_cell_comes_back(study):
    compare_tables(ODM.read(study.files), study.picture.tables)
    (event,) = ODM.read(study.files)["ae"]
    assert (event["ae_term"], event["ae_start"]) == (AWKWARD.strip(), "2025-06")


def test_what_xml_cannot_hold_comes_back_too(study):
    row = {"SITEID": "01", "SUBJID": "01-001", "REPEAT": 1, "PAGEVERSION": 1}
    held = {"ae_term": "a\x00b\x0b\ufffe中", "missing": {"ae_end": "OTHER"}, "reported": {"ae_no": "\x1f5 mg"}}
    picture = Snapshot("2026-01-01T00:00:00+00:00", "-", {"ae": [json.dumps(row | held)]})
    files = ODM.write(picture)
    assert ODM.read(files)["ae"] == [row | held]
    assert "a\ufffdb\ufffd\ufffd中" in files[SNAPSHOT].decode()


def test_a_table_of_the_study_itself_comes_back_too(study):
    rows = [{"SITEID": "01", "SUBJID": "01-002", "ROUND": n, "OPENED": "2026-01-01T00:00:00+00:00"} for n in (1, 2)]
    files = ODM.write(Snapshot("2026-01-01T00:00:00+00:00", "-", {"blind_rounds": [json.dumps(row) for row in rows]}))
    assert ODM.read(files) == {"blind_rounds": rows}


def test_what_identifies_a_participant_is_defined_and_never_filled_in(study):
    for name in (SNAPSHOT, TRANSACTIONAL):
        assert find(tree(study, name), "//o:ItemDef[@Name='brthdat' or @Name='initials']")
        assert not find(
            tree(study, name), "//o:ItemData[contains(@ItemOID, 'brthdat') or contains(@ItemOID, 'initials')]/@Value"
        )
        assert b"1975-04-12" not in study.files[name]


def test_no_name_and_no_words_of_a_person_are_in_the_trail(study):
    text = study.files[TRANSACTIONAL].decode()
    for words in ("张三", "李四", "王五", "Wrong person", "Again"):
        assert words not in text, words
    assert all(login.isdigit() for login in find(tree(study, TRANSACTIONAL), "//o:LoginName/text()"))
    assert "SOURCE: 源数据更正 / Source data corrected （文字未导出） (text not exported)" in text


def test_every_event_of_the_trail_is_one_version(study):
    held = {*trail_tables(), *ABOUT_PAGES}
    expected = {f"AUD.{event.id}" for event in study.events if event.table in held}
    root = tree(study, TRANSACTIONAL)
    assert {each.text for each in find(root, "//o:SourceID")} == expected
    versions = Counter(each.text for each in find(root, "//o:ItemGroupData/o:AuditRecord/o:SourceID"))
    data = {f"AUD.{event.id}" for event in study.events if event.table in trail_tables()}
    assert data <= set(versions)


def test_the_last_transaction_of_each_value_is_the_value_of_the_snapshot(study):
    last = replayed(tree(study, TRANSACTIONAL))
    snapshot = {
        place: item
        for place, item in replayed(tree(study, SNAPSHOT)).items()
        if place[-1].rpartition(".")[2] not in ("CUTROW", "PAGEVERSION") and place[3].split(".")[1] not in REVIEW_GROUPS
    }
    assert last == snapshot
    assert len(last) > 300


REVIEW_GROUPS = ("queries", "verifications", "signatures", "codings")


def replayed(root: etree._Element) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Item by item what stands at the end, by a reader that knows TransactionType only."""
    values: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for data in find(root, "//o:SubjectData | //o:FormData | //o:ItemGroupData | //o:ItemData"):
        path = [*reversed([data, *data.iterancestors()])][2:]
        place = tuple(identity(each) for each in path)
        kind = data.get("TransactionType")
        if kind == "Remove":
            values = {key: value for key, value in values.items() if key[: len(place)] != place}
        elif data.tag.endswith("}ItemData") and kind != "Context":
            remarks = tuple(each.text for each in find(data, "o:Annotation//o:FlagValue | o:Annotation/o:Comment"))
            values[place] = data.get("Value"), remarks
    return values


def identity(element: etree._Element) -> str:
    keys = [value for name, value in element.items() if name.endswith(("OID", "Key"))]
    return ".".join(keys)


@pytest.mark.parametrize(("path", "kinds"), [
    ("//o:FormData[@FormOID='F.mh']/@TransactionType", ["Insert", "Update", "Remove"]),
    ("//o:FormData[@FormOID='F.cm'][.//o:FlagType='PAGE']/@TransactionType", ["Insert", "Update", "Remove", "Insert"]),
    ("//o:ItemGroupData[@ItemGroupOID='IG.mriobs'][@ItemGroupRepeatKey='1']/@TransactionType", ["Insert", "Remove"]),
    ("//o:ItemData[@ItemOID='IT.vs.weight']/@TransactionType", ["Insert", "Update", "Update"]),
    ("//o:FormData[@FormOID='F.cm']//o:Flag[o:FlagType='HOLD']/o:FlagValue/text()", ["locked", "released"]),
    ("//o:ItemData[@ItemOID='IT.ae.ae_start']//o:Flag[o:FlagType='QUERY']/o:FlagValue/text()", ["open", "answered"]),
    ("//o:FormData[@FormOID='F.vs']//o:Flag[o:FlagType='SIGNATURE']/o:FlagValue/text()", ["ended"]),
    ("//o:FormData[@FormOID='F.vs']/o:Signature/o:SignatureRef/@SignatureOID", ["SD.CONFIRMED"]),
    ("//o:ItemGroupData[@ItemGroupOID='IG.lbchem_results'][o:ItemData//o:FlagType='QUERY']/@ItemGroupRepeatKey", ["1"]),
])  # fmt: skip
def test_what_happened_is_in_the_trail_in_its_order(study, path, kinds):
    assert find(tree(study, TRANSACTIONAL), path) == kinds


def test_every_change_of_a_value_says_who_where_when_and_why(study):
    root = tree(study, TRANSACTIONAL)
    changed = find(root, "//o:ItemData[@TransactionType='Update']")
    assert changed
    for record in find(root, "//o:AuditRecord"):
        stamp = datetime.fromisoformat(find(record, "o:DateTimeStamp")[0].text)
        assert stamp.utcoffset() == timedelta(0)
    weighed = [each for each in changed if each.get("ItemOID") == "IT.vs.weight"]
    assert {find(each, "o:AuditRecord/o:ReasonForChange")[0].text for each in weighed} == {
        "ENTRY: 录入错误 / Data entry error"
    }
    signers = find(root, "//o:Signature/o:UserRef/@UserOID")
    assert find(root, f"//o:User[@OID='{signers[0]}']/@UserType") == ["Investigator"]


def test_what_is_dated_after_the_day_of_the_cut_is_not_in_the_trail_either(study):
    day = date(2025, 8, 1)
    earlier = study.picture.up_to(day)
    cut = DataCut(
        cutoff=day, last_event=study.cut.last_event, open_transactions=[], unbegun=study.cut.unbegun,
    )  # fmt: skip
    root = etree.fromstring(ODM.history(cut, earlier)[TRANSACTIONAL])
    assert not find(root, "//o:StudyEventData[@StudyEventOID='SE.W12']/o:FormData[not(@FormOID='F.visits')]")
    assert find(root, "//o:ItemData[@ItemOID='IT.ae.ae_term']")
    assert find(root, "//o:ItemData[@Value='2025-08-25'][@ItemOID!='IT.visits.TARGET']") == []


def test_a_value_that_the_trail_does_not_explain_stops_the_bundle(study):
    lines = dict(study.picture.lines)
    lines["ae"] = [line.replace('"ae_grade":"1"', '"ae_grade":"2"') for line in lines["ae"]]
    with pytest.raises(TrailDiffers, match=r"ae\.ae_grade"):
        ODM.history(study.cut, Snapshot(study.picture.created_at, "-", lines))


def test_a_cut_of_which_nobody_knows_what_it_saw_has_no_trail(study):
    assert ODM.history(DataCut(cutoff=study.cut.cutoff), study.picture) == {}


def test_every_form_that_is_registered_is_defined_with_its_items_in_both_languages(study):
    root = tree(study, METADATA)
    for form in all_forms():
        for table in form.tables():
            for name, item in table.items.items():
                (definition,) = find(root, f"//o:ItemDef[@OID='IT.{table.code}.{name}']")
                texts = {
                    each.get("{http://www.w3.org/XML/1998/namespace}lang"): each.text
                    for each in find(definition, "o:Question/*")
                }
                assert texts == {"zh-CN": item.label.zh, "en": item.label.en}
                if item.codes and item.kind != "codes":
                    assert find(definition, "o:CodeListRef/@CodeListOID") == [oid("CL", item.codes.name)]
                assert len(find(definition, "o:RangeCheck[@SoftHard='Hard']")) == (2 if item.hard else 0)
    yes = find(root, f"//o:CodeList[@OID='CL.{NY.name}']/o:CodeListItem[@CodedValue='Y']//o:TranslatedText/text()")
    assert yes == ["是", "Yes"]


@pytest.mark.parametrize(("text", "expected"), [("U/L", "MU.U.2F.L"), ("10^9/L", "MU.10.5E.9.2F.L"), ("μ", "MU..3BC.")])
def test_an_oid_holds_letters_digits_underscores_and_points(text, expected):
    assert oid("MU", text) == expected


def test_parts_of_an_oid_cannot_run_into_each_other():
    with pytest.raises(ValueError, match="no OID"):
        oid("IT", "a.b", "c")
