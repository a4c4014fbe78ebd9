"""Every output has a page with its figures, its tables, its numbers, and R code that computes them from the bundle."""

import csv
import io
import math
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from analysis import plan_items, results
from analysis.bundle.r_code import r_code
from analysis.models import AnalysisRun
from analysis.outputs import OUTPUTS, hazard_ratios, recurrence_by_arm, recurrence_pooled
from analysis.outputs.output import Output
from prtras.accounts.models import ArmView, User
from tests.analysis.bundles import written
from tests.analysis.studies import CUTOFF
from tests.analysis.test_bundle import NOT_RECOMPUTED, RECOMPUTED, full_study
from tests.night.runs import finished

Browser = Callable[[User], Client]
#: Runs the R code of every output, each on its own, and writes its numbers.
EVERY = """
for (program in list.files("figures", full.names = TRUE)) {
  own <- new.env()
  sys.source(program, own)
  numbers <- data.frame(place = names(own$result), value = as.vector(own$result))
  write.csv(numbers, sub("R$", "csv", program), row.names = FALSE)
}
"""


@pytest.fixture(scope="module")
def computed() -> results.Results:
    return results.compute(full_study(), CUTOFF)


@pytest.fixture
def run(computed: results.Results, system: User) -> AnalysisRun:
    return finished(computed.to_json(), system, CUTOFF)


def address(run: AnalysisRun, output: Output[results.R], file: str = "") -> str:
    return f"/runs/{run.id}/outputs/{output.code}/{file}"


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_output_has_a_page_in_both_languages(run: AnalysisRun, chen: User, client_of: Browser) -> None:
    browser = client_of(chen)
    for language in ("en", "zh-hans"):
        browser.cookies["django_language"] = language
        for output in OUTPUTS:
            answer = browser.get(address(run, output))
            assert answer.status_code == 200
            assert f"<h1>{getattr(output.title, language[:2])}</h1>" in answer.content.decode()


def test_it_names_the_item_of_the_plan_the_cut_and_the_r_code(run: AnalysisRun, wang: User, client_of: Browser) -> None:
    page = client_of(wang).get(address(run, recurrence_pooled.OUTPUT)).content.decode()
    assert "Plan E1" in page
    assert "From Day 0 to the first confirmed recurrence" in page
    assert f"cut-off date\n  {CUTOFF.isoformat()}" in page
    assert "survfit(Surv(NOMWEEK, EVENT) ~ 1" in page
    assert "Peg-IFN" not in page.replace("peginterferon", "")


def test_the_dashboard_leads_to_it(run: AnalysisRun, wang: User, client_of: Browser) -> None:
    page = client_of(wang).get("/dashboards/recurrence/").content.decode()
    assert f'href="{address(run, recurrence_pooled.OUTPUT)}"' in page
    assert "recurrence_by_arm" not in page


def test_an_output_by_arm_is_for_the_granted_and_every_look_is_on_record(
    run: AnalysisRun, wang: User, chen: User, client_of: Browser
) -> None:
    for file in ("", "numbers.csv", "km.svg"):
        assert client_of(wang).get(address(run, recurrence_by_arm.OUTPUT, file)).status_code == 403
    assert not ArmView.objects.exists()
    client_of(chen).get(address(run, recurrence_by_arm.OUTPUT, "km.svg"))
    assert [look.what for look in ArmView.objects.all()] == [f"recurrence_by_arm of run {run.id}"]


def caption_in_one(drawing: str) -> str:
    """The line below a figure without its breaks."""
    return re.sub(r"</text><text[^>]*>", " ", drawing)


def test_nothing_by_arm_stands_without_the_adjusted_comparison(
    run: AnalysisRun, chen: User, client_of: Browser
) -> None:
    for output in OUTPUTS:
        if output.by_arm:
            page = client_of(chen).get(address(run, output)).content.decode()
            assert "Cox, adjusted (age, BCLC, HBsAg)" in page, output.code
    drawing = caption_in_one(client_of(chen).get(address(run, recurrence_by_arm.OUTPUT, "km.svg")).content.decode())
    assert "Adjusted hazard ratio 0.47 (95% CI 0.30–0.75" in drawing


def test_a_figure_leaves_as_svg_with_the_words_that_say_what_it_is(
    run: AnalysisRun, wang: User, client_of: Browser
) -> None:
    answer = client_of(wang).get(address(run, recurrence_pooled.OUTPUT, "km.svg"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert f"{CUTOFF:%Y%m%d}-recurrence_pooled-km.svg" in answer["Content-Disposition"]
    drawing = answer.content.decode()
    assert drawing.startswith("<svg ")
    assert f"plan E1 · full analysis set · cut-off date {CUTOFF}" in drawing
    assert "SHA-256 cccccccccccccccc" in drawing
    assert "younger" not in drawing


def test_a_plan_changed_after_the_first_look_by_arm_says_so_on_every_output_and_figure(
    run: AnalysisRun, chen: User, wang: User, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_of(chen).get(address(run, recurrence_by_arm.OUTPUT))
    younger = plan_items.Change("9.0", date(2099, 1, 1), plan_items.CHANGES[0].what)
    monkeypatch.setattr(plan_items, "CHANGES", (*plan_items.CHANGES, younger))
    page = client_of(wang).get(address(run, recurrence_pooled.OUTPUT)).content.decode()
    assert "is younger than the first look at results by arm" in page
    drawing = caption_in_one(client_of(wang).get(address(run, recurrence_pooled.OUTPUT, "km.svg")).content.decode())
    assert "plan 9.0 (2099-01-01) is younger than the first look by arm" in drawing


def test_a_figure_leaves_as_a_picture(run: AnalysisRun, wang: User, client_of: Browser) -> None:
    content = client_of(wang).get(address(run, recurrence_pooled.OUTPUT, "km.png")).content
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        assert picture.width == 2580
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 20  # drawn, not blank


def test_a_table_leaves_as_it_is_shown(run: AnalysisRun, chen: User, client_of: Browser) -> None:
    rows = rows_of(client_of(chen).get(address(run, hazard_ratios.OUTPUT, "hr.csv")).content)
    assert rows[0] == ["Method", "n", "Events", "HR", "95% CI", "p"]
    assert rows[1][:4] == ["Cox, adjusted (age, BCLC, HBsAg)", "114", "77", "0.47"]


@pytest.mark.parametrize("output", RECOMPUTED, ids=lambda output: output.code)
def test_its_numbers_leave_as_they_were_computed(
    output: Output[results.R], run: AnalysisRun, computed: results.Results, chen: User, client_of: Browser
) -> None:
    rows = rows_of(client_of(chen).get(address(run, output, "numbers.csv")).content)
    assert output.expected is not None
    expected = output.expected(computed[output])
    assert {place: float(value) if value else None for place, value in rows[1:]} == dict(expected)


@pytest.mark.parametrize("file", ["nothing.svg", "km.pdf", "table-1.png", "numbers.svg"])
def test_what_is_not_there_is_not_found(run: AnalysisRun, wang: User, client_of: Browser, file: str) -> None:
    assert client_of(wang).get(address(run, recurrence_pooled.OUTPUT, file)).status_code == 404


def test_an_output_that_an_older_run_lacks_is_not_found(
    computed: results.Results, system: User, wang: User, client_of: Browser
) -> None:
    stored = computed.to_json()
    del stored["outputs"]["recurrence_pooled"]
    older = finished(stored, system, CUTOFF)
    assert client_of(wang).get(address(older, recurrence_pooled.OUTPUT)).status_code == 404


def test_every_output_but_simulations_has_r_code() -> None:
    assert {output.code for output in OUTPUTS if r_code(output.code) is None} == set(NOT_RECOMPUTED)


def test_the_r_code_of_every_output_gives_its_numbers_from_the_bundle(
    tmp_path: Path, computed: results.Results
) -> None:
    folder = written(tmp_path, full_study())
    (folder / "every.R").write_text(EVERY)
    done = subprocess.run(["Rscript", "every.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.stem for path in folder.glob("figures/*.csv")} == {output.code for output in RECOMPUTED}
    for output in RECOMPUTED:
        given = dict(rows_of((folder / f"figures/{output.code}.csv").read_bytes())[1:])
        assert output.expected is not None
        expected = output.expected(computed[output])
        assert set(given) <= set(expected), output.code
        compared = [place for place in given if expected[place] is not None]
        for place in compared:
            number = expected[place]
            assert number is not None
            assert math.isclose(float(given[place]), number, rel_tol=1e-6, abs_tol=1e-9), (output.code, place)
        assert len(compared) >= min(2, len(expected)), output.code


def test_the_r_code_names_no_folder_of_this_program() -> None:
    for output in RECOMPUTED:
        assert not re.search(r"analysis/|setwd", r_code(output.code) or "")
