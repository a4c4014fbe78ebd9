"""The screens of the import, as a coordinator uses them: upload, meanings, dry run, the good lines, the rest."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from labs import importing, mapping_saving
from labs.models import LabImport, LabResult, SavedMapping
from prtras.files.models import Download
from tests.access.test_bad_files import reads
from tests.conftest import page_of

FILES = Path(__file__).parents[1] / "reference" / "labs"
WIDE = (
    "编号,姓名,采样日期,谷丙转氨酶(U/L),总胆红素,备注\n"
    "01-001,王小明,2025-08-25,35,9.8,无\n01-001,王小明,2025-11-17,many,9.9,=1+1\n"
)


@pytest.fixture
def upload(client_of: Any, lin: Any, enrolled: Any) -> Callable[..., tuple[Client, str]]:
    def send(content: bytes, name: str, language: str = "en") -> tuple[Client, str]:
        client = reads(client_of(lin), language)
        answer = client.post(reverse("labs:import"), {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.content.decode()[-500:]
        return client, answer.headers["Location"]

    return send


def as_shown(client: Client, address: str) -> dict[str, str]:
    """What a browser would send back from the mapping page, unchanged."""
    page = client.get(address).context["page"]
    sent = {f"column.{column.name}": column.meaning for column in page.columns}
    sent |= {f"item.{item.name}": item.lab_test for item in page.items}
    return sent | {"sheet": page.sheet.name, "header": str(page.header), "number": page.number, "outside": "nearest"}


def run_last() -> LabImport:
    done = importing.run(LabImport.objects.latest("requested_at").pk)
    assert done is not None
    return done


def test_time_laboratory_report_number_specimen_and_method_of_a_file_stand_on_the_page(upload, enrolled):
    heads = "编号,采样时间,报告编号,检验机构,标本类型,检测方法,谷丙转氨酶"
    lines = f"{heads}\n01-001,2025-08-25 08:30,B-17,南院检验科,血清,速率法,35\n"
    client, address = upload(lines.encode(), "f.csv")
    client.post(address, as_shown(client, address))
    tried = run_last()
    client.post(reverse("labs:report", args=[tried.pk]), {"part": "all"})
    run_last()
    stored = page_of(enrolled, "lbchem", "W12").biochemistry
    assert (stored.lab_time, stored.lab_report, stored.lab_name) == ("08:30", "B-17", "南院检验科")
    assert (stored.lab_specimen, stored.lab_method) == ("血清", "速率法")


def test_the_laboratory_of_a_whole_file_is_named_on_the_mapping_and_what_a_page_says_stays(upload, enrolled, fill):
    fill(enrolled, "lbchem", "W12", lab_name="检验科")
    client, address = upload("编号,采样日期,直接胆红素,白细胞\n01-001,2025-08-25,5,5.2\n".encode(), "f.csv")
    client.post(address, as_shown(client, address) | {"reported_by": "南院检验科"})
    client.post(reverse("labs:report", args=[run_last().pk]), {"part": "all"})
    assert run_last().applied
    assert page_of(enrolled, "lbhem", "W12").haematology.lab_name == "南院检验科"
    assert page_of(enrolled, "lbchem", "W12").biochemistry.lab_name == "检验科"


def test_the_columns_of_a_file_are_guessed_and_shown_with_examples(upload):
    client, address = upload(WIDE.encode("gb18030"), "f.csv")
    columns = {column.name: (column.meaning, column.examples) for column in client.get(address).context["page"].columns}
    assert columns == {
        "编号": ("participant", ("01-001", "01-001")), "姓名": ("initials", ()),  # nobody's name on the screen
        "采样日期": ("date", ("2025-08-25", "2025-11-17")), "谷丙转氨酶(U/L)": ("alt|U/L", ("35", "many")),
        "总胆红素": ("tbil|umol/L", ("9.8", "9.9")), "备注": ("", ("无", "=1+1")),
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir() if "big5" not in path.name))
def test_every_awkward_file_goes_through_as_it_is_guessed(upload, name):
    client, address = upload((FILES / name).read_bytes(), name)
    answer = client.post(address, as_shown(client, address))
    assert answer.status_code == 302, name
    done = run_last()
    assert done.report["problems"] == []
    assert done.report["results"] > 0


def test_from_the_dry_run_the_good_lines_are_taken_and_the_rest_is_downloaded(upload, lin):
    client, address = upload(WIDE.encode(), "f.csv")
    report = client.post(address, as_shown(client, address)).headers["Location"]
    run_last()
    page = client.get(report).content.decode()
    assert "Import the good lines" in page
    assert 'value="all"' not in page  # there is a problem: not everything can be taken
    report = client.post(report, {"part": "good"}).headers["Location"]
    done = run_last()
    assert (done.applied, done.complete, LabResult.objects.count()) == (True, False, 2)
    answer = client.get(reverse("labs:refused_lines", args=[done.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][2:] == ["编号", "姓名", "采样日期", "谷丙转氨酶(U/L)", "总胆红素", "备注"]
    assert rows[1][0] == "3"
    assert "“many” is not a result" in rows[1][1]
    assert rows[1][-1] == "'=1+1"  # nothing that a spreadsheet would run
    assert Download.objects.filter(user=lin).exists()


def test_the_rest_put_right_is_a_file_that_can_be_imported(upload):
    client, address = upload(WIDE.encode(), "f.csv")
    client.post(address, as_shown(client, address))
    done = run_last()
    rest = b"".join(client.get(reverse("labs:refused_lines", args=[done.pk])).streaming_content).replace(b"many", b"36")
    client, address = upload(rest, "rest.csv")
    client.post(address, as_shown(client, address))
    done = run_last()
    assert (done.report["problem_count"], done.report["cells"]) == (0, {"new": 2})


def test_the_cells_are_paged_and_filtered(upload):
    lines = [f"01-001,2025-{month:02d}-{day:02d},35,9.8" for month in (8, 9, 10) for day in range(1, 29)]
    client, address = upload(
        ("编号,采样日期,ALT,TBIL\n" + "\n".join(lines) + "\n99-999,2025-08-25,35,9\n").encode(), "f.csv"
    )
    report = client.post(address, as_shown(client, address)).headers["Location"]
    run_last()
    first = client.get(report)
    assert (len(first.context["cells"]), first.context["page"].paginator.count) == (100, 170)
    refused = client.get(f"{report}?status=refused")
    assert {each["cell"].participant for each in refused.context["cells"]} == {"99-999"}


def test_a_mapping_is_kept_under_a_name_and_used_for_the_next_file(upload, site):
    client, address = upload(b"who,when,x1\n01-001,2025-08-25,35\n", "a.csv")
    sent = {"column.who": "participant", "column.when": "date", "column.x1": "alt|U/L", "keep_as": "Central lab"}
    assert client.post(address, sent).status_code == 302
    assert SavedMapping.objects.get(site=site).mapping["results"] == {"x1": ["alt", "U/L"]}
    client, address = upload(b"who,when,x1\n01-001,2025-11-17,36\n", "b.csv")
    page = client.get(address, {"saved": "Central lab"}).context["page"]
    assert page.meanings == {"who": "participant", "when": "date", "x1": "alt|U/L"}


def test_names_of_items_that_were_chosen_once_are_kept(upload, site):
    text = "编号,采样日期,项目,结果\n01-001,2025-08-25,奇怪的名称,35\n".encode()
    client, address = upload(text, "a.csv")
    sent = as_shown(client, address) | {"item.奇怪的名称": "alt", "keep_as": "检验科"}
    client.post(address, sent)
    client, address = upload(text.replace(b"35", b"36"), "b.csv")
    (item,) = client.get(address, {"saved": "检验科"}).context["page"].items
    assert item.lab_test == "alt"


def test_who_may_not_import_keeps_no_mapping(site, wang, eve):
    for person in (wang, eve):
        with pytest.raises(Exception, match=r".*"):
            mapping_saving.save_mapping(site, "x", {}, user=person)
    assert not SavedMapping.objects.exists()


def test_a_correction_is_asked_for_its_reason_on_the_report(upload):
    client, address = upload("编号,采样日期,ALT\n01-001,2025-08-25,35\n".encode(), "a.csv")
    report = client.post(address, as_shown(client, address)).headers["Location"]
    run_last()
    client.post(report, {"part": "all"})
    run_last()
    client, address = upload("编号,采样日期,ALT\n01-001,2025-08-25,53\n".encode(), "b.csv")
    report = client.post(address, as_shown(client, address)).headers["Location"]
    assert run_last().report["cells"] == {"refused": 1}
    client.post(report, {"act": "try", "correction": "corrected report of the laboratory"})
    assert run_last().report["cells"] == {"changed": 1}
    report = client.post(report, {"part": "all", "correction": "corrected report of the laboratory"}).headers[
        "Location"
    ]
    assert run_last().applied
    assert LabResult.objects.get().orres == "53"
    assert "corrected" in client.get(report).content.decode()


def test_while_it_is_checked_the_report_says_how_far_it_is(upload, monkeypatch):
    client, address = upload(WIDE.encode(), "f.csv")
    report = client.post(address, as_shown(client, address)).headers["Location"]
    assert "In progress" in client.get(report).content.decode()
    seen = []
    plan = importing._Import._plan

    def looked_at(self, numbers):
        seen.append(client.get(report).context["progress"])
        return plan(self, numbers)

    monkeypatch.setattr(importing._Import, "_plan", looked_at)
    run_last()
    assert [(each.done, each.total) for each in seen] == [(0, 1)]


@pytest.mark.parametrize("turned", [False, True])
def test_each_page_says_what_all_its_lines_say_and_nothing_where_they_differ(upload, enrolled, turned):
    """One draw, two tubes: each page has its own report; of two methods of one page none is stated."""
    heads = "编号,采样日期,项目名称,结果,单位,报告编号,标本类型,检测方法"
    lines = [
        "01-001,2025-08-25,谷丙转氨酶,35,U/L,B-17,血清,速率法",
        "01-001,2025-08-25,肌酐,66,umol/L,B-17,血清,酶法",
        "01-001,2025-08-25,血小板,180,10^9/L,A-16,全血,",
    ]
    text = "\n".join([heads, *(reversed(lines) if turned else lines)])
    client, address = upload(text.encode(), "f.csv")
    client.post(address, as_shown(client, address))
    client.post(reverse("labs:report", args=[run_last().pk]), {"part": "all"})
    assert run_last().applied
    chemistry = page_of(enrolled, "lbchem", "W12").biochemistry
    assert (chemistry.lab_report, chemistry.lab_specimen, chemistry.lab_method) == ("B-17", "血清", None)
    blood = page_of(enrolled, "lbhem", "W12").haematology
    assert (blood.lab_report, blood.lab_specimen, blood.lab_method) == ("A-16", "全血", None)


def test_a_name_of_a_mapping_of_more_than_80_characters_is_cut(upload, site):
    client, address = upload(b"who,when,x1\n01-001,2025-08-25,35\n", "a.csv")
    assert 'name="keep_as" maxlength="80"' in client.get(address).content.decode()
    sent = {"column.who": "participant", "column.when": "date", "column.x1": "alt|U/L", "keep_as": "x" * 80 + "y"}
    page = client.post(address, sent, follow=True).content.decode()
    assert f"Column mapping “{'x' * 80}” saved." in page
    assert SavedMapping.objects.get(site=site).name == "x" * 80
