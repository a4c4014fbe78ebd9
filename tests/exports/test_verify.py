"""A bundle is checked from its bytes alone: every way to edit one is a finding with its file and line."""

import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from prtras.exports import building, keys, signing
from prtras.exports.formats.odm import ODM
from prtras.exports.keys import MANIFEST, SIGNATURE, SIGNING_KEY
from prtras.exports.verify import archive, recomputation
from prtras.exports.verify.__main__ import main
from prtras.exports.verify.all_checks import verify
from prtras.exports.verify.findings import FINDINGS, NOTES
from tests.exports.bundles import Files, files_of, listed_anew, replaced, signed_anew, whole

ROOT = Path(__file__).resolve().parents[2]
Edit = Callable[[Files], Files]


@pytest.fixture(scope="module")
def good() -> bytes:
    return whole()


def ours() -> set[str]:
    return {signing.fingerprint()}


def swap(name: str, before: bytes, after: bytes, *then: Edit) -> Edit:
    """One text of a file is another; then whatever makes the rest fit again."""

    def edit(files: Files) -> Files:
        files = replaced(files, name, before, after)
        for make in then:
            files = make(files)
        return files

    return edit


def without(name: str, *then: Edit) -> Edit:
    def edit(files: Files) -> Files:
        files = {each: content for each, content in files.items() if each != name}
        for make in then:
            files = make(files)
        return files

    return edit


def exchanged(one: str, other: str) -> Edit:
    return lambda files: files | {one: files[other], other: files[one]}


def row_twice(files: Files) -> Files:
    head, *rows = files["data/participants.csv"].splitlines(keepends=True)
    return signed_anew(files | {"data/participants.csv": b"".join([head, *rows, rows[0]])})


def other_signature(files: Files) -> Files:
    return files | {SIGNATURE: bytes([files[SIGNATURE][0] ^ 1]) + files[SIGNATURE][1:]}


CONSENT = "data/participants.csv"
AE = "data/ae.csv"
#: By name of the edit: what is done, and the finding with its file and line.
EDITS: dict[str, tuple[Edit, tuple[str, str, int | None]]] = {
    "a value": (swap("data/dm.csv", b"01-004", b"01-005"), ("other_sha256", "data/dm.csv", None)),
    "a row less": (
        lambda files: files | {CONSENT: b"\r\n".join(files[CONSENT].split(b"\r\n")[:-2]) + b"\r\n"},
        ("other_rows", CONSENT, None),
    ),
    "a file less": (without("data/death.csv"), ("missing_file", "data/death.csv", -1)),
    "a file more": (lambda files: files | {"data/more.csv": b"1"}, ("unlisted_file", "data/more.csv", None)),
    "two files exchanged": (exchanged("data/dm.csv", "data/hcc.csv"), ("other_sha256", "data/hcc.csv", None)),
    "the manifest": (
        swap(MANIFEST, b'"audit_head_seal": "-"', b'"audit_head_seal": "+"'), ("bad_signature", SIGNATURE, None)
    ),
    "a checksum in the manifest, made to fit": (
        swap("data/dm.csv", b"01-004", b"01-005", listed_anew), ("bad_signature", SIGNATURE, None)
    ),
    "a manifest that is no JSON": (swap(MANIFEST, b'"study":', b'"study"'), ("unreadable", MANIFEST, -1)),
    "a name twice in the manifest": (swap(MANIFEST, b'"study":', b'"format":'), ("unreadable", MANIFEST, None)),
    "a manifest without its cut": (
        swap(MANIFEST, b'"data_cut"', b'"another"', signed_anew), ("no_fact", MANIFEST, None)
    ),
    "no manifest": (without(MANIFEST), ("missing_file", MANIFEST, None)),
    "no signature": (without(SIGNATURE), ("no_signature", SIGNATURE, None)),
    "no public key": (without(SIGNING_KEY), ("no_signature", SIGNATURE, None)),
    "the signature": (other_signature, ("bad_signature", SIGNATURE, None)),
    "signed by another key": (signed_anew, ("other_key", SIGNATURE, None)),
    "made anew around changed data": (
        swap("data/dm.csv", b",M,", b",F,", signed_anew), ("other_key", SIGNATURE, None)
    ),
    "SHA256SUMS": (lambda files: files | {"SHA256SUMS": b"0" + files["SHA256SUMS"]}, ("other_sums", "SHA256SUMS", 1)),
    "a type in the codebook": (
        swap("codebook.csv", b"Start date,partial,,required,,,,AE", b"Start date,integer,,required,,,,AE", signed_anew),
        ("no_value", AE, 2),
    ),
    "a type that does not exist": (
        swap("codebook.csv", b",integer,", b",whole,", signed_anew), ("unknown_type", "codebook.csv", -1)
    ),
    "a code list less": (
        swap("value_labels.csv", b"\nNY,Y,", b"\nNY,YES,", signed_anew), ("no_code", "data/mri.csv", 2)
    ),
    "a column explained twice": (
        swap("codebook.csv", b"participants,SUBJID", b"participants,SITEID", signed_anew),
        ("column_twice", "codebook.csv", 3),
    ),
    "a column with another name": (swap(AE, b"ae_start", b"ae_begin", signed_anew), ("other_head", AE, 1)),
    "no date": (swap(AE, b"2024-03,", b"2024-13,", signed_anew), ("no_value", AE, 2)),
    "a code that does not exist": (swap(AE, b"2024-03,", b"2024-03,", lambda files: signed_anew(other_grade(files))),
                                   ("no_code", AE, 4)),
    "a cell too many": (swap(AE, b"2024-03,", b"2024-03,,", signed_anew), ("other_length", AE, 2)),
    "a quote that does not end": (swap(AE, b'it\'s\n-2"', b"it's\n-2", signed_anew), ("unreadable", AE, -1)),
    "no byte order mark": (swap(AE, b"\xef\xbb\xbf", b"", signed_anew), ("unreadable", AE, 1)),
    "another encoding": (swap(AE, b"=1+1", b"\xff1", signed_anew), ("unreadable", AE, 2)),
    "a participant who is not there": (
        swap("data/mri.csv", b"01,01-001,", b"01,01-999,", signed_anew), ("no_participant", "data/mri.csv", 2)
    ),
    "a visit that is not there": (
        swap("data/mri.csv", b"01-001,W12,", b"01-001,W999,", signed_anew), ("no_visit", "data/mri.csv", 2)
    ),
    "a row without its page": (
        swap("data/mriobs.csv", b"01-001,W12,0,1,", b"01-001,W12,0,7,", signed_anew), ("no_page", "data/mriobs.csv", 2)
    ),
    "a key twice": (row_twice, ("key_twice", CONSENT, -1)),
    "a site less": (swap(CONSENT, b"\n01,01-003", b"\n,01-003", signed_anew), ("no_key", CONSENT, 4)),
    "a table that nobody explains": (
        lambda files: signed_anew(files | {"data/more.csv": files[CONSENT]}),
        ("unexplained_table", "data/more.csv", None),
    ),
    "a table less, made anew": (without("data/death.csv", signed_anew), ("no_table", "data/death.csv", -1)),
}  # fmt: skip


def other_grade(files: Files) -> Files:
    """The second event (on the fourth line: each has a text of two lines) has a grade that nobody knows."""
    first, second, *rest = files[AE].decode().split("2024-03,")
    return files | {AE: "2024-03,".join([first, second, rest[0].replace(",2,", ",6,", 1), *rest[1:]]).encode()}


def test_a_whole_bundle_is_good_and_its_key_known(good):
    report = verify(good, ours(), run="never")
    assert report.findings == []
    assert [note.code for note in report.notes] == ["known_key", "files"]


def test_the_cells_and_numbers_of_a_bundle_with_odm_are_checked_like_those_of_any():
    """The tables stand in it as CSV too, and the programs read these."""
    content = whole(ODM)
    edited = building.zipped(signed_anew(replaced(files_of(content), AE, b"2024-03,", b"2024-13,")))
    report = verify(content, ours(), run="always")
    assert report.findings == []
    assert "program_agrees" in {note.code for note in report.notes}
    assert ("no_value", AE, 2) in {(each.code, each.file, each.line) for each in verify(edited, run="never").findings}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_bundle_is_named_with_file_and_line(good, name):
    edit, (code, file, line) = EDITS[name]
    report = verify(building.zipped(edit(files_of(good))), ours(), run="signed")
    findings = [each for each in report.findings if (each.code, each.file) == (code, file)]
    assert findings, [each.place + " " + each.text.en for each in report.findings]
    assert all(each.line if line == -1 else each.line == line for each in findings[:1]), findings
    assert all(each.text.zh and each.text.en for each in report.findings)
    assert not any(note.code == "program_agrees" for note in report.notes), "nothing of an edited bundle is run"


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries:
            zipped.writestr(name, content)
    return buffer.getvalue()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("data/link.csv")
    entry.external_attr = 0o120777 << 16
    return entry


UNSAFE = (
    "../up.csv",
    "/etc/passwd",
    "data\\up.csv",
    "C:/up.csv",
    "data/../up.csv",
    "data/",
    "a//b",
    "new\nline",
    "数据.csv",
)


@pytest.mark.parametrize("name", [*UNSAFE, link()], ids=str)
def test_an_unsafe_name_is_named_and_never_written(good, name):
    content = packed(*files_of(good).items(), (name, b"x"))
    assert [each.code for each in verify(content, ours()).findings] == ["unsafe_name"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["data/ae.csv", "DATA/AE.csv"])
def test_a_name_twice_in_the_zip_is_named(good, name):
    assert "twice_in_zip" in {each.code for each in verify(packed(*files_of(good).items(), (name, b"x"))).findings}


@pytest.mark.parametrize(("damage", "code"), [
    (lambda content: content[: len(content) // 2], "not_a_zip"),
    (lambda content: content[:-1], "not_a_zip"),
    (lambda content: b"", "not_a_zip"),
    (lambda content: b"GIF89a" + content, "surplus_bytes"),
    (lambda content: content[:300] + bytes([content[300] ^ 255]) + content[301:], "damaged"),
])  # fmt: skip
def test_a_damaged_zip_is_named(good, damage, code):
    assert code in {each.code for each in verify(damage(good), ours()).findings}


def test_what_unpacks_to_very_much_is_not_read(good, monkeypatch):
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1000)
    assert [each.code for each in verify(good).findings] == ["too_large"]


def test_without_a_key_it_says_that_nobody_knows_who_signed(good, tmp_path, capsys):
    path = tmp_path / "bundle.zip"
    path.write_bytes(building.zipped(signed_anew(replaced(files_of(good), "data/dm.csv", b",M,", b",F,"))))
    assert main([str(path)]) == 0
    printed = capsys.readouterr().out
    assert "Signed by an unknown key" in printed
    assert "programs of the bundle were not run" in printed
    assert main([str(path), "--key", signing.fingerprint()]) == 1


def test_a_key_may_be_a_file(good, tmp_path, capsys):
    (tmp_path / "key.pem").write_bytes(signing.public_key())
    (tmp_path / "bundle.zip").write_bytes(building.zipped(replaced(files_of(good), AE, b"2024-03,", b"2024-13,")))
    assert main([str(tmp_path / "bundle.zip"), "--key", str(tmp_path / "key.pem"), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["good"] is False
    assert {"no_value", "other_sha256"} <= {each["code"] for each in report["findings"]}
    assert "known_key" in {each["code"] for each in report["notes"]}


def test_the_checksum_of_the_results_is_compared_with_the_one_on_a_report(good):
    codes = {each.code for each in verify(good, ours(), results="0" * 64, run="never").findings}
    assert codes == {"other_results"}


def test_a_number_that_differs_is_named_with_its_line(good, tmp_path):
    files = files_of(good)
    expected = json.loads(files["expected.json"])
    expected["numbers"]["events"]["events"] += 1
    files["expected.json"] = json.dumps(expected, indent=1, sort_keys=True).encode()
    (tmp_path / "bundle.zip").write_bytes(building.zipped(listed_anew(files)))
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PRTRAS", "DJANGO", "DATABASE"))}
    command = [sys.executable, "-m", "prtras.exports.verify", str(tmp_path / "bundle.zip"), "--run-programs"]
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    lines = files["expected.json"].decode().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if n > lines.index('  "events": {') + 1 and '"events": ' in text)
    assert done.returncode == 1, done.stderr
    for program in ("recompute.py", *(["recompute.R"] if shutil.which("Rscript") else [])):
        assert f"expected.json:{line}: {program}: “events: events” is not what is computed again." in done.stdout


def test_every_text_stands_in_both_languages_with_the_same_places():
    for text in (*FINDINGS.values(), *NOTES.values()):
        assert {*_places(text.zh)} == {*_places(text.en)}


def _places(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


def test_a_setting_that_is_no_key_stops_the_start(settings):
    from prtras.exports.checks import a_key_signs

    assert a_key_signs(None) == []
    settings.SIGNING_KEY = "no key"
    assert [each.id for each in a_key_signs(None)] == ["exports.E001"]


def test_a_key_may_be_one_line():
    pem = keys.new_private()
    line = "".join(pem.split("\n")[1:-2])
    assert keys.pem_of(keys.private_of(line).public_key()) == keys.pem_of(keys.private_of(pem).public_key())


@pytest.mark.parametrize(("length", "code"), [(200, "unlisted_file"), (201, "unsafe_name")])
def test_a_name_of_more_than_200_characters_is_unsafe(good, length, code):
    content = packed(*files_of(good).items(), ("x" * length, b"x"))
    findings = verify(content, ours()).findings
    assert [each.code for each in findings if each.code != "other_sums"] == [code]


@pytest.mark.parametrize("count", [100, 101])
def test_a_hundred_findings_of_one_file_are_listed_at_most(good, count, tmp_path, capsys):
    files = files_of(good)
    row = files[CONSENT].splitlines(keepends=True)[1]
    (tmp_path / "bundle.zip").write_bytes(building.zipped(signed_anew(files | {CONSENT: files[CONSENT] + row * count})))
    assert main([str(tmp_path / "bundle.zip")]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(CONSENT)]
    assert len(lines) == 100
    assert all("A row before has the same key." in line for line in lines)


def test_a_program_of_a_bundle_that_computes_too_long_did_not_end_well(good, monkeypatch):
    monkeypatch.setattr(recomputation, "LONGEST", 0.2)
    files = files_of(good) | {"recompute.py": b"while True: pass", "recompute.R": b"repeat {}"}
    began = time.monotonic()
    report = verify(building.zipped(signed_anew(files)), run="always")
    assert time.monotonic() - began < 10
    assert {each.code for each in report.findings} == {"program_failed"}
    assert "recompute.py did not end well (exit status timeout)." in [each.text.en for each in report.findings]
