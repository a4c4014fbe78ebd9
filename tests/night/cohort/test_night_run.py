"""The night run: from the database to results, report and dashboard."""

import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils.translation import override

from analysis import plan, recomputing, results, running, steps
from analysis.bundle import numbers_files
from analysis.models import AnalysisRun
from analysis.outputs import OUTPUTS, accrual, events, hazard_ratios, participants
from analysis.report.chapters import Part, chapters
from enrollment.models import Demographics
from prtras.accounts.access import system_user
from prtras.accounts.models import ArmView, Membership, User
from prtras.audit.acting import acting
from prtras.celery import app
from prtras.datacut import cutting
from prtras.datacut.snapshot import sha256
from prtras.exports import building
from prtras.exports.verify.all_checks import verify
from prtras.exports.verify.manifest import BESIDE
from prtras.files import storing
from prtras.files.models import Download
from tests.analysis.bundles import by_python, by_r, unexpected, with_numbers, with_rows
from tests.exports.releases import FIELDS, OWN
from tests.night.cohort.readers import outline_of, plain, rows_of, structure_of, tables_of, text_of
from tests.night.runs import another_like

CUTOFF = date(2026, 11, 23)
pytestmark = [pytest.mark.usefixtures("cast", "same_files"), pytest.mark.xdist_group("night")]


def person(name: str) -> User:
    return User.objects.get(username=name)


def browser(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def run(cast) -> AnalysisRun:
    done = AnalysisRun.objects.filter(status="done", cutoff=CUTOFF).first()
    if done is None:
        done = running.run(running.request_run(CUTOFF, user=system_user()).id)
    return done


def test_it_works(run):
    assert (run.status, run.cutoff) == ("done", CUTOFF)
    assert run.results["version"] == results.VERSION
    stored = results.read(run.results)
    assert stored[participants.OUTPUT].enrolled == 332
    assert stored[events.OUTPUT].events > 20
    assert run.cut.sha256 == sha256(cutting.reopen(run.cut).content())
    for language in ("zh-hans", "en"):
        assert storing.content(running.report_in(run, language)).startswith(b"%PDF")


def test_beat_starts_it_at_two_in_the_morning_in_shanghai():
    entry = app.conf.beat_schedule["night run"]
    assert (entry["task"], entry["schedule"].hour, entry["schedule"].minute) == ("analysis.tasks.nightly", {2}, {0})
    assert app.conf.timezone == "Asia/Shanghai"


def test_running_again_from_the_stored_cut_gives_the_same_bytes(run):
    again = recomputing.recompute(recomputing.request_recomputation(run, user=person("chen")).id)
    assert (again.identical, again.results_sha256, again.results) == (True, run.results_sha256, None)
    assert again.program == run.program
    assert "identical to the byte" in browser("wang").get(f"/runs/{run.id}/").content.decode()


def test_every_step_has_its_duration_and_both_reports_are_printed(run):
    assert [step for step, _ in run.steps] == list(steps.ALL)
    assert 0 < sum(seconds for _, seconds in run.steps) <= run.seconds
    assert None not in (run.report_zh, run.report_en)


def test_lifelines_agrees_with_every_number_that_it_can_compute(run):
    replicated = run.replication
    assert replicated["program"].startswith("lifelines")
    assert replicated["agrees"]
    assert max(replicated["curves"], replicated["logrank"], replicated["cox"]) < 1e-8


def test_a_second_program_that_disagrees_is_shown(run):
    another_like(run, system_user(), replication={"program": "lifelines 0.30.3", "agrees": False})
    assert "disagrees" in browser("chen").get("/runs/").content.decode()


def test_it_is_claimed_once(run):
    assert running.run(run.id) is None


def test_who_may_not_run_it_is_refused():
    with pytest.raises(PermissionDenied):
        running.request_run(CUTOFF, user=person("lin"))


def test_no_row_reaches_the_results_from_after_the_cutoff(run):
    early = results.compute(cutting.reopen(run.cut).tables, date(2026, 1, 1))
    assert early[events.OUTPUT].events < results.read(run.results)[events.OUTPUT].events
    assert all(day <= date(2026, 1, 1) for day in early[accrual.OUTPUT].days)


def test_the_first_months_without_events_are_reported_and_not_shown_as_numbers(run):
    nothing = results.compute(cutting.reopen(run.cut).tables, date(2025, 4, 20))
    assert nothing[hazard_ratios.OUTPUT].estimable is False
    assert nothing[events.OUTPUT].events == 0
    assert "Fewer than 5 events in one arm: hazard ratio not shown." in nothing.warnings(by_arm=True)


def test_the_pooled_dashboard_shows_the_run_without_arms_and_p_values(run):
    page = browser("wang").get("/dashboards/recurrence/").content.decode()
    assert f"{results.read(run.results)[events.OUTPUT].events}</b><i>/ 121" in page
    assert run.cut.sha256[:16] in page
    assert "Peg-IFN" not in page
    assert "Log-rank" not in page


def test_a_run_stores_every_output_and_no_arm_in_the_pooled_ones(run):
    stored = run.results["outputs"]
    assert set(stored) == {output.code for output in OUTPUTS}
    for output in OUTPUTS:
        if not output.by_arm:
            assert not any(f'"{arm}"' in json.dumps(stored[output.code]) for arm in plan.ARMS), output.code


def test_the_dashboard_by_arm_is_for_the_granted_and_every_look_is_on_record(run):
    assert browser("wang").get("/dashboards/recurrence/by-arm/").status_code == 403
    before = ArmView.objects.count()
    page = browser("chen").get("/dashboards/recurrence/by-arm/").content.decode()
    assert "NA + Peg-IFN" in page
    assert "Overlap weights" in page
    assert ArmView.objects.count() == before + 1


def test_the_dashboard_computes_nothing(run, monkeypatch):
    monkeypatch.setattr("analysis.survival.fits.kaplan_meier", None)
    monkeypatch.setattr("analysis.survival.fits.cox", None)
    assert browser("chen").get("/dashboards/recurrence/by-arm/").status_code == 200


#: The bundle's bytes, built once: half a minute for 332 participants.
BUILT: list[bytes] = []


@pytest.fixture
def bundle(run) -> zipfile.ZipFile:
    if not BUILT:
        job = building.build(building.request_export(OWN, user=person("chen")).id)
        BUILT.append(storing.content(job.file))
    return zipfile.ZipFile(io.BytesIO(BUILT[0]))


def test_the_bundle_has_a_csv_per_form_and_a_manifest_that_counts_and_hashes(bundle):
    manifest = json.loads(bundle.read("manifest.json"))
    names = set(bundle.namelist()) - set(BESIDE)
    assert names == set(manifest["files"])
    assert {"data/mri.csv", "data/mriobs.csv", "data/lbchem_results.csv", "adtte.csv", "codebook.csv"} <= names
    for name, facts in manifest["files"].items():
        assert facts["sha256"] == sha256(bundle.read(name))
    assert manifest["files"]["data/dm.csv"]["rows"] == bundle.read("data/dm.csv").count(b"\r\n") - 1
    assert set(manifest["data_cut"]) == {"created_at", "cutoff", "sha256"}


def test_every_value_of_the_bundle_is_of_its_kind_and_every_code_has_a_text(bundle):
    assert verify(BUILT[0], run="never").findings == []


def test_the_bundle_carries_no_identifiers(bundle):
    head = bundle.read("data/dm.csv").decode("utf-8-sig").split("\r\n")[0].split(",")
    assert "age_consent" in head
    assert not {"initials", "brthdat"} & set(head)


PROGRAMS = pytest.mark.parametrize("program", [
    pytest.param(by_python, id="Python"),
    pytest.param(by_r, id="R"),
])  # fmt: skip


@PROGRAMS
def test_a_program_of_the_bundle_recomputes_every_number_of_the_report(run, bundle, tmp_path, program):
    bundle.extractall(tmp_path)
    ended = program(tmp_path)
    assert (ended.differences, ended.status) == ([], 0)
    assert ended.lines[-1] == f"All {sum(ended.compared.values())} numbers agree."
    recomputed = [output for output in OUTPUTS if output.expected]
    assert set(ended.compared) == {"files", "adtte", *(output.code for output in recomputed)}
    assert ended.compared["files"] == len(json.loads(bundle.read("manifest.json"))["files"])
    content = json.loads(bundle.read("expected.json"))
    computed = results.compute(cutting.reopen(run.cut).tables, date.fromisoformat(content["plan"]["cutoff"]))
    for output in recomputed:
        assert content["numbers"][output.code] == output.expected(computed[output]), output.code
        assert ended.compared[output.code] == len(content["numbers"][output.code])


LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def parts_of(stored: results.Results) -> list[Part]:
    return [part for chapter in chapters(stored) for section in chapter.sections for part in section.parts]


@LANGUAGES
def test_every_cell_is_the_same_on_the_dashboard_in_the_report_and_in_the_bundle(run, tmp_path, language):
    client = browser("chen")
    client.cookies["django_language"] = language
    dashboard = tables_of(client.get("/dashboards/recurrence/by-arm/").content.decode())
    printed = text_of(storing.content(running.report_in(run, language)), tmp_path)
    files = numbers_files(cutting.reopen(run.cut).tables, run.cutoff)
    assert sha256(files["results.json"]) == run.results_sha256
    expected = json.loads(files["expected.json"])["numbers"]
    with override(language):
        parts = parts_of(results.read(run.results))
        assert len(parts) > 20
        places = [printed.rindex(plain(f"{part.label}{'.' if language == 'en' else ''}{part.title}")) for part in parts]
        assert places == sorted(places)
        for part, start, end in zip(parts, places, [*places[1:], len(printed)], strict=True):
            if part.table is None:
                continue
            rows = rows_of(part.table)
            assert [row for row in rows if "".join(row) not in printed[start:end]] == [], part.title
            if not part.table.listing:
                named = re.compile(re.escape(plain(str(part.title))) + "(计划|Plan|$)")
                there = [own for caption, own in dashboard.items() if named.match(caption)]
                assert there, part.title
                assert rows in there or not rows, part.title
            if part.table.output in expected:
                assert unexpected(part.table, expected[part.table.output]) == [], part.title


@LANGUAGES
def test_the_report_is_tagged_has_an_outline_and_names_its_cut_on_every_page(run, tmp_path, language):
    content = storing.content(running.report_in(run, language))
    facts, printed = structure_of(content, tmp_path), text_of(content, tmp_path)
    pages = int(re.search(r"Pages:\s+(\d+)", facts)[1])
    assert 12 <= pages <= 30
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(rf"Title:\s+PRTRAS-001 .*{run.cutoff.isoformat()}", facts)
    assert all(f"{tag}" in facts for tag in ("Figure", "Caption", "TH", "H2", "H3"))
    with override(language):
        labels = [plain(str(part.label)) for part in parts_of(results.read(run.results))]
    assert [label for label in labels if not any(title.startswith(label) for title in outline_of(content))] == []
    page = "第{n}页，共{of}页" if language == "zh-hans" else "Page{n}of{of}"
    assert all(page.format(n=n, of=pages) in printed for n in range(1, pages + 1))
    assert printed.count(plain(f"{run.cutoff.isoformat()} · ")) == pages - 1
    for checksum in (run.cut.sha256, run.cut.head_seal, run.results_sha256, run.program["code"]):
        assert checksum in printed


def test_no_name_and_no_initials_stand_in_the_report(run, tmp_path):
    printed = text_of(storing.content(running.report_in(run, "en")), tmp_path)
    stored = json.dumps(run.results, ensure_ascii=False)
    for initials in Demographics.objects.values_list("initials", flat=True)[:50]:
        assert f'"{initials}"' not in stored
    assert "atrandom" not in printed.lower()
    assert "allocated" not in printed.lower()


def moved(rows: list[dict[str, str]]) -> None:
    confirmed = next(row for row in rows if row["rec_adj"] == "CONFIRMED")
    confirmed["rec_date"] = (date.fromisoformat(confirmed["rec_date"]) + timedelta(days=9)).isoformat()


def swapped(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if row["SUBJID"] == rows[0]["SUBJID"]:
            row["ARMCD"] = {"A1": "A2", "A2": "A1"}[row["ARMCD"]]


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        ("adtte.csv", lambda rows: rows[0].update(AVAL=str(int(rows[0]["AVAL"]) + 300)), "TTR AVAL"),
        ("adtte.csv", lambda rows: rows.pop(40), "expected nothing at this place"),
        ("adtte.csv", swapped, "TTR ARMCD"),
        ("data/recur.csv", moved, "TTR ADT"),
    ],
    ids=["300 days more", "a row less", "an arm swapped", "a recurrence moved"],
)
@PROGRAMS
def test_a_changed_table_of_the_bundle_is_named(bundle, tmp_path, program, name, change, named):
    bundle.extractall(tmp_path)
    with_rows(tmp_path, name, change)
    ended = program(tmp_path, "adtte")
    assert ended.status == 1
    assert any(line.startswith("DIFFERS  adtte: ") and named in line for line in ended.differences)


@PROGRAMS
def test_a_bundle_with_every_expected_number_nulled_agrees_in_none(bundle, tmp_path, program):
    bundle.extractall(tmp_path)
    with_numbers(tmp_path, lambda numbers: [each.update(dict.fromkeys(each)) for each in numbers.values()])
    ended = program(tmp_path)
    known = [n for each in json.loads(bundle.read("expected.json"))["numbers"].values() for n in each.values()]
    assert ended.status == 1
    assert sum(": expected NA, computed" in line for line in ended.differences) == len(known) - known.count(None) > 500


@PROGRAMS
def test_a_table_that_is_gone_from_the_bundle_is_named(bundle, tmp_path, program):
    bundle.extractall(tmp_path)
    (tmp_path / "data" / "na.csv").unlink()
    ended = program(tmp_path, "files")
    assert ended.status == 1
    assert [line for line in ended.differences if line.startswith("DIFFERS  files: data/na.csv: expected")]


def test_a_download_is_on_record_before_the_first_byte(run, monkeypatch):
    monkeypatch.setattr(building, "_contributors", [])  # what the study adds takes half a minute
    client = browser("chen")
    client.post("/exports/new/", FIELDS)
    before = Download.objects.count(), ArmView.objects.count()
    job = building.build(building.ExportJob.objects.filter(status="queued").first().id)
    answer = client.get(f"/exports/{job.id}/file/")
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert (Download.objects.count(), ArmView.objects.count()) == (before[0] + 1, before[1] + 1)


def test_a_bundle_shows_arms_so_exporting_alone_is_not_enough(cast):
    with transaction.atomic():
        with acting(system_user()):
            Membership.objects.filter(user__username="zhao").update(granted=["export"])
        with pytest.raises(PermissionDenied):
            building.request_export(OWN, user=person("zhao"))
        assert browser("zhao").get("/exports/").status_code == 403
        transaction.set_rollback(True)


def test_who_lost_the_right_meanwhile_gets_no_bundle(cast):
    job = building.request_export(OWN, user=person("zhao"))
    with acting(system_user()):
        Membership.objects.filter(user__username="zhao").update(granted=[])
    with pytest.raises(PermissionDenied):
        building.build(job.id)
    job.refresh_from_db()
    assert (job.status, job.file) == ("failed", None)


def test_one_open_run_per_cutoff():
    request = running.request_run(date(2026, 1, 1), user=system_user())
    with pytest.raises(running.AlreadyRunning):
        running.request_run(date(2026, 1, 1), user=person("chen"))
    assert running.run(request.id).status == "done"
