"""What leaves the house: codes for numbers, shifted dates, no free text; small cells withheld when data are shared."""

import json
import zipfile
from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import pytest

from analysis.endpoints import adtte
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot
from prtras.exports.building import bundle
from prtras.exports.columns import columns_of, tables
from prtras.exports.deidentification import ANALYSIS, SHARE, SITE, Released, released
from prtras.exports.formats.csv import CSV
from prtras.exports.formats.registry import all_formats
from prtras.exports.release import Release
from prtras.exports.verify.all_checks import verify
from tests.analysis.studies import CUTOFF
from tests.exports.bundles import picture
from tests.exports.releases import FIELDS

KEY, OTHER = b"a key", b"another"
CUT = DataCut(cutoff=CUTOFF, sha256="0" * 64, head_seal="-")
#: What people type into any text, whatever the form asks for.
PLANTED = ("张三丰", "13800138000", "440301199001011234", "wechat_zsf", "MRN-77123")


def planted() -> Snapshot:
    """The study with names, telephone, identity and record numbers in every text of every form."""
    real = picture()
    rows = {name: [dict(row) for row in real.tables[name]] for name in real.lines}
    for name in tables():
        texts = [column for column, each in columns_of(name).items() if each.kind in ("text", "long")]
        for n, row in enumerate(rows[name]):
            for column in texts:
                if column not in ("SITEID", "SUBJID", "VISIT", "FORM", "PLACE", "STATE", "ARMCD", "SCHEDULE"):
                    row[column] = f"{PLANTED[n % len(PLANTED)]} {PLANTED[(n + 1) % len(PLANTED)]}"
    for row in rows["participants"]:
        row["SCRNO"] = "S-440301"
    return Snapshot(real.created_at, "-", {name: [*map(json.dumps, each)] for name, each in rows.items()})


def leaving(profile: str, key: bytes = KEY, of: Snapshot | None = None) -> Released:
    return released(of or picture(), profile, key, CUTOFF)


def endpoints(of: Snapshot) -> Counter[tuple[object, ...]]:
    """Every time to an event, whoever's it is."""
    rows, _ = adtte(of.tables, CUTOFF)
    return Counter((row["PARAMCD"], row["AVAL"], row["CNSR"], row["ARMCD"], row["NOMWEEK"]) for row in rows)


def test_the_archive_of_the_site_is_the_data_cut_itself():
    real = picture()
    assert leaving(SITE, of=real).picture is real


@pytest.mark.parametrize("profile", [ANALYSIS, SHARE])
@pytest.mark.parametrize("format", [each.code for each in all_formats()])
def test_nothing_that_was_planted_in_a_text_is_found_in_any_byte(profile, format):
    out = leaving(profile, of=planted())
    (chosen,) = (each for each in all_formats() if each.code == format)
    with zipfile.ZipFile(BytesIO(bundle(CUT, out.picture, chosen, profile, out.cells))) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            for text in (*PLANTED, "S-440301", "01-001", "01-017"):
                assert text.encode() not in content, (name, text)


@pytest.mark.parametrize("profile", [ANALYSIS, SHARE])
def test_every_time_to_an_event_stays_what_it_is(profile):
    assert endpoints(leaving(profile).picture) == endpoints(picture())


def test_all_dates_of_a_participant_move_by_the_same_days_and_those_of_others_by_others():
    real, out = picture().tables, leaving(ANALYSIS).picture.tables
    shifts: dict[str, set[int]] = {}
    before = Counter(len(rows) for rows in _scans(real).values())
    assert Counter(len(rows) for rows in _scans(out).values()) == before
    for code, days in _scans(out).items():
        matching = {
            (date.fromisoformat(first) - date.fromisoformat(days[0])).days for first, *_ in _scans(real).values()
        }
        shifts[code] = {days for days in matching if 1 <= days <= 364}
        gaps = [b - a for a, b in zip(map(date.fromisoformat, days), map(date.fromisoformat, days[1:]), strict=False)]
        assert all(gap > timedelta(0) for gap in gaps)
    anchors = {row["SUBJID"]: row["DAY0"] for row in out["participants"]}
    assert len(set(anchors.values())) > len(anchors) / 2, "everybody's Day 0 was one day"


def _scans(of) -> dict[str, list[str]]:
    scans: dict[str, list[str]] = {}
    for row in of["mri"]:
        scans.setdefault(row["SUBJID"], []).append(row["mri_date"])
    return {who: sorted(days) for who, days in scans.items()}


def test_when_data_are_shared_every_day_0_is_the_same_and_there_is_no_site():
    out = leaving(SHARE).picture.tables
    assert {row["DAY0"] for row in out["participants"]} == {"2000-01-01"}
    assert {row["SITEID"] for name in out for row in out[name]} == {"00"}


@pytest.mark.parametrize("profile", [ANALYSIS, SHARE])
def test_the_same_key_gives_the_same_bytes_and_another_other_codes(profile):
    first, second, other = (leaving(profile, key).picture for key in (KEY, KEY, OTHER))
    assert first.content() == second.content()
    codes = [{row["SUBJID"] for row in each.tables["participants"]} for each in (first, other)]
    assert len(codes[0]) == len(picture().tables["participants"])
    assert not codes[0] & codes[1]


def test_codes_say_nothing_of_the_order_of_enrolment():
    real = [row["SUBJID"] for row in picture().tables["participants"]]
    assert real == sorted(real)
    codes = [row["SUBJID"] for row in leaving(ANALYSIS).picture.tables["participants"]]
    assert codes == sorted(codes)


def test_a_partial_date_stays_as_exact_as_it_was():
    out = leaving(ANALYSIS).picture.tables["ae"]
    assert {len(row["ae_start"]) for row in out} == {7}
    assert not {row["ae_start"] for row in out} & {"2024-03"}


def test_a_coded_term_stands_for_what_was_typed_and_what_nobody_coded_is_empty():
    real = picture()
    page = {name: real.tables["ae"][0][name] for name in ("SITEID", "SUBJID", "VISIT", "VISITSEQ", "REPEAT")}
    coding = page | {"FORM": "ae", "TERM": "张三丰 发热", "LLTEN": "Pyrexia", "DICTVER": "27.1"}
    lines = dict(real.lines) | {"codings": [json.dumps(coding)]}
    out = leaving(ANALYSIS, of=Snapshot(real.created_at, "-", lines)).picture.tables
    assert sorted(str(row["ae_term"]) for row in out["ae"]) == ["None", "None", "Pyrexia"]
    assert out["codings"][0]["TERM"] is None


def test_age_and_sex_of_a_cell_of_fewer_than_five_are_withheld_and_the_cells_are_listed():
    out = leaving(SHARE)
    shown = Counter((row["sex"], row["age_consent"]) for row in out.picture.tables["dm"])
    small = [cell for cell in out.cells if cell[4]]
    large = [cell for cell in out.cells if not cell[4]]
    assert all(n < 5 for *_, n, _ in small)
    assert all(n >= 5 for *_, n, _ in large)
    assert sum(n for *_, n, _ in out.cells) == len(picture().tables["participants"])
    assert shown[None, None] == sum(n for *_, n, _ in small)
    assert all(age is None or age % 5 == 0 for _, age in shown)
    assert not any(withheld for *_, withheld in leaving(ANALYSIS).cells)


def test_days_and_moments_that_many_share_do_not_say_how_far_dates_were_moved():
    real = picture()
    pages = [{name: row[name] for name in ("SITEID", "SUBJID", "REPEAT", "PAGEVERSION")} for row in real.tables["dm"]]
    batch = "2026-11-30T18:00:00.123456+00:00"  # one night opened all of them
    query = {"FORM": "dm", "PLACE": "sex", "STATE": "open", "OPENED": batch, "CHANGED": batch, "DUE": "2026-12-14"}
    lines = dict(real.lines) | {
        "consent": [json.dumps(page | {"icf_version_date": "2023-01-01", "icf_date": "2024-01-01"}) for page in pages],
        "queries": [json.dumps(page | query) for page in pages],
    }
    for profile in (ANALYSIS, SHARE):
        out = leaving(profile, of=Snapshot(real.created_at, "-", lines)).picture.tables
        assert {row["icf_version_date"] for row in out["consent"]} == {None}
        assert {row["OPENED"][10:] for row in out["queries"]} == {"T00:00:00+00:00"}
    without = [dict(row) | {"DAY0": None} for row in real.tables["participants"]]
    alone = dict(lines) | {
        "participants": [*map(json.dumps, without)],
        "mri": [],
        "recur": [],
        "death": [],
        "subtx": [],
    }
    out = leaving(SHARE, of=Snapshot(real.created_at, "-", alone)).picture.tables
    assert {row["icf_date"] for row in out["consent"]} != {"2001-01-01"}, "aligned by a day that all share"


def test_an_age_above_ninety_is_ninety():
    real = picture()
    rows = [dict(row) | {"age_consent": 93} for row in real.tables["dm"]]
    lines = dict(real.lines) | {"dm": [*map(json.dumps, rows)]}
    out = leaving(ANALYSIS, of=Snapshot(real.created_at, "-", lines)).picture.tables
    assert {row["age_consent"] for row in out["dm"]} == {90}


def test_a_de_identified_bundle_passes_its_own_check_and_says_what_it_is():
    out = leaving(ANALYSIS)
    content = bundle(CUT, out.picture, CSV, ANALYSIS, out.cells)
    assert verify(content, run="never").findings == []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        readme = archive.read("README.txt").decode()
        assert b"key" not in archive.read("k-anonymity.csv").lower()
    assert manifest["deidentification"] == "ANALYSIS"
    assert "De-identification: analysis" in readme
    assert KEY.decode() not in readme


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"profile": ""}, "profile"),
        ({"profile": "NAMES"}, "profile"),
        ({"purpose": "SHARING", "profile": ANALYSIS}, "profile"),
        ({"destination": "ABROAD", "filing": "GD-1", "profile": SITE}, "profile"),
    ],
)
def test_a_request_says_how_the_data_are_de_identified_and_real_numbers_stay_in_the_country(more, field):
    assert field in Release.typed(FIELDS | more).problems()
    assert Release.typed(FIELDS | {"purpose": "SHARING", "profile": SHARE}).problems() == {}
