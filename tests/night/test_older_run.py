"""A run that was stored before results had a version still opens: on both dashboards, in the list and as a report."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from analysis import running
from analysis.models import AnalysisRun
from analysis.outputs.stored_results import BadResult
from prtras.accounts.models import User
from tests.night.runs import finished

STORED = Path(__file__).parents[1] / "analysis" / "run_version_1.json"
Browser = Callable[[User], Client]


@pytest.fixture
def older(chen: User) -> AnalysisRun:
    return finished(json.loads(STORED.read_text()), chen)


def test_the_pooled_dashboard_shows_it(older: AnalysisRun, client_of: Browser, wang: User) -> None:
    page = client_of(wang).get("/dashboards/recurrence/").content.decode()
    assert "<b>40</b><i>/ 121</i>" in page
    assert "Peg-IFN" not in page


def test_the_dashboard_by_arm_shows_it(older: AnalysisRun, client_of: Browser, chen: User) -> None:
    page = client_of(chen).get("/dashboards/recurrence/by-arm/").content.decode()
    assert "Effective sample size" in page
    assert "<td>122 + 81</td>" in re.sub(r"\s+(?=<)", "", page)
    assert "<td>0.57</td><td>0.27–1.22</td><td>0.150</td>" in re.sub(r"\s+(?=<)", "", page)


def test_the_list_of_runs_counts_it(older: AnalysisRun, client_of: Browser, wang: User) -> None:
    assert "262 participants, 40 recurrences" in client_of(wang).get("/runs/").content.decode()


@pytest.mark.parametrize(("language", "foot"), [("zh", "第{n}页，共{all}页"), ("en", "Page {n} of {all}")])
def test_its_report_is_printed_and_every_page_numbered_in_one_line(
    older: AnalysisRun, client_of: Browser, chen: User, language: str, foot: str, tmp_path: Path
) -> None:
    answer = client_of(chen).get(f"/runs/{older.id}/report-{language}.pdf")
    (tmp_path / "report.pdf").write_bytes(b"".join(answer.streaming_content))
    read = subprocess.run(["pdftotext", "-layout", "report.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    pages = read.stdout.decode().split("\f")[:-1]
    lasts = [page.strip().splitlines()[-1].strip() for page in pages]
    assert lasts == [foot.format(n=n, all=len(pages)) for n in range(1, len(pages) + 1)]


def test_a_run_of_a_newer_program_is_refused_and_its_version_is_named(chen: User) -> None:
    newer = finished({"version": 3, "outputs": {}}, chen)
    with pytest.raises(BadResult, match="version 3"):
        running.report_in(newer, "en")
