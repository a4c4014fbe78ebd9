"""Hospital files that are not what they should be: refused with what is wrong and where, and nothing is imported."""

import io
import re
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from labs import importing
from labs.models import LabImport
from prtras.files.models import StoredFile
from tests.access.conftest import LANGUAGES, reads, shows

GOOD = b"SUBJID,date,alt\r\n01-001,2025-08-25,30\r\n"
CHOSEN = {"column.SUBJID": "participant", "column.date": "date", "column.alt": "alt|U/L", "number": "{}"}
BOUNDARY = "----lazy"


def upload(client: Client, content: bytes, name: str = "results.csv") -> HttpResponse:
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse("labs:import"), {"file": file})


def workbook(*lines: list[object]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, /, **parts: bytes | None) -> bytes:
    """A workbook with parts replaced, or left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = next((new for key, new in parts.items() if name.endswith(f"{key}.xml")), before.read(name))
            if part is not None:
                after.writestr(name, part)
    return buffer.getvalue()


def test_it_works(client_of, lin):
    response = upload(client_of(lin), GOOD)
    assert response.status_code == 302
    assert StoredFile.objects.get().size == len(GOOD)


BOOK = workbook(["SUBJID", "date", "alt"], ["01-001", "2025-08-25", 30])
LONG_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)
#: Two lines; the last column is the 501st.
WIDE_SHEET = re.sub(rb'<row r="1048576">.*?</row>', b'<row r="2"><c r="SG2"><v>1</v></c></row>', LONG_SHEET)
LONG_TEXT = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row></sheetData></worksheet>"
)
BAD_FILES = {
    "empty": (b"", "文件为空。", "The file is empty."),
    "nothing below the heads": (b"\r\n1,2,3\r\n", "没有数据行", "no lines of data"),
    "broken encoding": (b"SUBJID,\xff\xfe\xff\r\n1,2\r\n", "编码无法识别", "is not recognised"),
    "NUL at once": (b"SUBJID\x00,date,alt\r\n", "不是 CSV、XLSX", "is not a CSV, XLSX"),
    "NUL far down": (GOOD + b"01-001,2025-08-25,3\r\n" * 400 + b"\x00,,\r\n", "不是 CSV", "is not a CSV"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不是 CSV、XLSX", "is not a CSV, XLSX"),
    "a cell of 33,000 characters": (b"a,b\r\n1," + b"x" * 33_000 + b"\r\n", "不是 CSV", "is not a CSV"),
    "endless cell": (b"a,b\r\n1," + b'"' + b"x" * 200_000 + b'"\r\n', "不是 CSV", "is not a CSV"),
    "corrupt zip": (b"PK\x03\x04" + b"garbage" * 50, "无法读取该工作簿", "The workbook cannot be read"),
    "truncated zip": (BOOK[: len(BOOK) // 2], "无法读取该工作簿", "The workbook cannot be read"),
    "zip of something else": (repacked(BOOK, workbook=None), "无法读取该", "cannot be read"),
    "broken sheet": (repacked(BOOK, sheet1=b"<worksheet><sheetData><row"), "无法读取该", "cannot be read"),
    "no sheet": (repacked(BOOK, sheet1=None), "无法读取该", "cannot be read"),
    "far too many lines": (
        repacked(BOOK, sheet1=LONG_SHEET),
        "工作表过大", "The sheet is too large",
    ),
    "far too many columns": (repacked(BOOK, sheet1=WIDE_SHEET), "工作表过大", "The sheet is too large"),
    "endless cell of a workbook": (repacked(BOOK, sheet1=LONG_TEXT), "工作表过大", "The sheet is too large"),
    "unpacks to gigabytes": (repacked(BOOK, sheet1=b" " * (201 * 1024 * 1024)), "工作表过大", "The sheet is too large"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(client_of, lin, what):
    content, zh, en = BAD_FILES[what]
    for language, message in (("zh-hans", zh), ("en", en)):
        response = upload(reads(client_of(lin), language), content, "results.xlsx" if content[:2] == b"PK" else "r.csv")
        assert response.status_code == 422
        assert shows(response, message)
    assert StoredFile.objects.count() == 0


def test_no_file_at_all_is_asked_for(client_of, lin):
    for language, message in (("zh-hans", "请选择文件。"), ("en", "Choose a file.")):
        response = reads(client_of(lin), language).post(reverse("labs:import"), {})
        assert response.status_code == 422
        assert shows(response, message)


def mapped(client: Client, content: bytes = GOOD, **chosen: str) -> HttpResponse:
    """Upload, then say what the columns mean."""
    address = upload(client, content).headers["Location"]
    return client.post(address, {name: value for name, value in (CHOSEN | chosen).items() if value})


WRONG_COLUMNS = {
    "no participant": {"column.SUBJID": ""},
    "no date": {"column.date": ""},
    "no analyte": {"column.alt": ""},
    "both date and day": {"column.alt": "day"},
    "unknown analyte": {"column.alt": "gold|U/L"},
    "unknown unit": {"column.alt": "alt|pounds"},
}


@pytest.mark.parametrize("what", WRONG_COLUMNS)
def test_a_column_that_is_missing_or_wrong_is_named_and_what_was_chosen_stays(client_of, lin, what):
    for language, zh, en in (
        ("zh-hans", ("请指定", "无效"), ()),
        ("en", (), ("Select the participant", "unknown analyte")),
    ):
        response = mapped(reads(client_of(lin), language), **WRONG_COLUMNS[what])
        assert response.status_code == 422
        assert any(shows(response, message) for message in zh + en)
        if what == "no date":
            assert '<option value="alt|U/L" selected>' in response.content.decode()
    assert LabImport.objects.count() == 0


def test_a_file_may_be_in_chinese_encoding_with_semicolons(client_of, lin, participant):
    content = "受试者编号;采样日期;ALT\r\n01-001;2025/8/25;30\r\n".encode("gb18030")
    client = client_of(lin)
    page = client.get(upload(client, content).headers["Location"])
    assert shows(page, "受试者编号")
    assert '<option value="participant" selected>' in page.content.decode()


def run_import(client: Client, content: bytes, **chosen: str) -> LabImport:
    response = mapped(client, content, **chosen)
    assert response.status_code == 302, response.content.decode()[-2000:]
    done = importing.run(LabImport.objects.latest("requested_at").id)
    assert done is not None
    return done


@pytest.mark.parametrize(
    ("cell", "column", "message"),
    [("30x", "alt", "is not a result"), ("<", "alt", "is not a result"), ("9" * 41, "alt", "At most 40 characters"),
     ("3\x070", "alt", "control character"), ("1e300", "alt", "is not a result")],
)  # fmt: skip
def test_a_result_that_cannot_be_read_is_reported_and_imports_nothing(
    client_of, lin, enrolled, fill, cell, column, message
):
    done = run_import(client_of(lin), f"SUBJID,date,alt\r\n01-001,2025-08-25,{cell}\r\n".encode())
    assert [(p["line"], p["column"]) for p in done.report["problems"]] == [(2, column)]
    assert message in done.report["problems"][0]["en"]
    assert (done.applied, done.report["results"]) == (False, 0)
    page = client_of(lin).get(reverse("labs:report", args=[done.id]))
    assert shows(page, done.report["problems"][0]["en"])


def test_a_day_beyond_all_time_is_reported(client_of, lin, enrolled):
    content, chosen = b"SUBJID,date,alt\r\n01-001,999999999999,30\r\n", {"column.date": "day"}
    done = run_import(client_of(lin), content, **chosen)
    assert [p["en"] for p in done.report["problems"]] == ["This is not a date."]


def test_a_participant_of_another_site_is_unknown(client_of, eve, participant):
    done = run_import(client_of(eve), GOOD)
    assert "Participant 01-001 does not exist" in done.report["problems"][0]["en"]


class Endless:
    """A request's body of any size that is made up while it is read."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left = head, size

    def read(self, size: int = -1) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        given = min(size, self.left)
        self.left -= given
        return b"0" * given

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)


def huge(client: Client, token: str, megabytes: int) -> HttpResponse:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode()
    size = megabytes * 1024 * 1024
    return client.request(**{
        "REQUEST_METHOD": "POST", "PATH_INFO": reverse("labs:import"), "CONTENT_LENGTH": str(len(head) + size),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "wsgi.input": Endless(head, size),
    })  # fmt: skip


@pytest.mark.parametrize("megabytes", [21, 200])
def test_an_upload_that_is_too_large_is_refused_while_it_arrives(client_of, lin, megabytes):
    client = client_of(lin)
    client.handler.enforce_csrf_checks = True
    for language, message in (
        ("zh-hans", "文件超过 20 MB，未上传。"),
        ("en", "larger than 20 MB and was not uploaded"),
    ):
        token = reads(client, language).get(reverse("labs:import")).context["csrf_token"]
        tracemalloc.start()
        response = huge(client, str(token), megabytes)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert response.status_code == 413
        assert shows(response, message)
        assert peak < settings.UPLOAD_LIMIT / 2, "the file was held in memory"
    assert StoredFile.objects.count() == 0


def test_an_upload_that_hides_its_size_is_cut_off_at_the_limit(client_of, lin, settings):
    settings.UPLOAD_LIMIT = 1000
    for language in LANGUAGES:
        response = upload(reads(client_of(lin), language), b"a,b\r\n" + b"1,2\r\n" * 300)
        assert response.status_code == 413
    assert StoredFile.objects.count() == 0
