"""Whatever a file looks like: the import ends with an answer, what it takes is what the file says, and neither the
order of lines nor their repetition matters."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labs import cell_list, importing
from labs.files.refusals import FileRefused
from labs.import_plan import LEFT, REFUSED, SAME
from labs.importing import GOOD
from labs.models import LabImport, LabResult
from prtras.accounts.models import Site
from prtras.clinical.printed_number import half_width
from prtras.files import storing
from prtras.labels import T
from tests.labs.pbc import enrol

HEAD = "pid,date,ALT,TBIL,K"
MAPPING: dict[str, Any] = {
    "participant": "pid", "date": "date",
    "results": {"ALT": ["alt", "U/L"], "TBIL": ["tbil", "umol/L"], "K": ["k", "mmol/L"]},
}  # fmt: skip

people = st.sampled_from(["01-001", "01-002", "01-001 ", "０１-００１", "99-999", "", "01-0O1"])
days = st.sampled_from(["2010-03-29", "2010-06-21", "2010/3/30", "20100622", "2010-05-10", "2010-02-30", "", "soon"])
results = st.sampled_from(
    ["35", "9.8", "400", "<5", "5.6↑", "H 5.6", "30*", "30 U/L", ".5", "≥250", "溶血", "阴性(-)", "1,234", "-3", "x",
     "", "3.5", "9" * 60, "=1+1", "４０"]
)  # fmt: skip
lines = st.lists(st.tuples(people, days, results, results, results).map(list), min_size=1, max_size=6)
patient = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def site_with_people(site: Site, system: Any) -> Site:
    enrol(site, [1, 2], system)
    return site


def text_of(table: list[list[str]]) -> str:
    quoted = (",".join(f'"{cell}"' for cell in line) for line in table)
    return "\n".join([HEAD, *quoted]) + "\n"


def outcome(site: Site, user: Any, text: str) -> tuple[LabImport | None, list[Any], list[Any]]:
    """The good lines of a file imported: the job, the results that are stored then, the cells of its report."""
    try:
        requested = importing.request_import(site, text.encode(), "f.csv", MAPPING, user=user, dry_run=False, part=GOOD)
    except FileRefused:
        return None, [], []
    done = importing.run(requested.pk)
    assert done is not None
    stored = LabResult.objects.order_by(
        "page__participant__number", "page__visit__position", "page__visit__sequence", "analyte"
    )
    listed = [
        (row.page.participant.number, str(row.page.visit), row.analyte, row.orres, row.stresn, row.toxgr)
        for row in stored.select_related("page__participant", "page__visit")
    ]
    cells = list(cell_list.read(storing.content(done.listing))) if done.listing else []
    return done, listed, cells


def undone(site: Site, user: Any, text: str) -> tuple[LabImport | None, list[Any], list[Any]]:
    """The same, taken back afterwards."""
    with transaction.atomic():
        result = outcome(site, user, text)
        transaction.set_rollback(True)
    return result


@patient
@given(table=lines, data=st.data())
def test_the_order_of_the_lines_never_matters(site_with_people, lin, table, data):
    mixed = data.draw(st.permutations(table))
    _, one, _ = undone(site_with_people, lin, text_of(table))
    _, other, _ = undone(site_with_people, lin, text_of(mixed))
    assert one == other


@patient
@given(table=lines)
def test_the_same_lines_ten_times_leave_what_they_leave_once(site_with_people, lin, table):
    _, one, _ = undone(site_with_people, lin, text_of(table))
    _, ten, _ = undone(site_with_people, lin, text_of(table * 10))
    assert one == ten


@patient
@given(table=lines)
def test_every_import_ends_with_an_answer_and_what_it_took_is_what_the_file_says(site_with_people, lin, table):
    done, stored, cells = undone(site_with_people, lin, text_of(table))
    assert done is None or done.status == "done"
    columns = {"alt": 2, "tbil": 3, "k": 4}
    written = {(cell.participant, cell.visit, cell.lab_test) for cell in cells if cell.status == "new"}
    for number, visit, analyte, value, _, _ in stored:
        assert (number, visit, analyte) in written
        cells_of = [line[columns[analyte]] for line in table if half_width(line[0]).strip() == number]
        assert value is None or any(half_width(value) in half_width(cell) for cell in cells_of), value


@patient
@given(table=lines)
def test_the_good_lines_imported_again_change_nothing(site_with_people, lin, table):
    with transaction.atomic():
        _, first, _ = outcome(site_with_people, lin, text_of(table))
        _, second, cells = outcome(site_with_people, lin, text_of([*table, ["", "", "", "", ""]]))
        transaction.set_rollback(True)
    assert first == second
    bad = {cell.line for cell in cells if cell.status == REFUSED}  # a bad line is left as a whole
    assert {cell.status for cell in cells if cell.line not in bad} <= {SAME, LEFT}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_bytes_that_are_no_table_are_refused_with_words_and_nothing_else(site_with_people, lin, content):
    words = T("", "")
    with transaction.atomic():
        try:
            importing.request_import(site_with_people, content, "f.csv", MAPPING, user=lin, dry_run=True)
        except FileRefused as refused:
            words = refused.text
        transaction.set_rollback(True)
    assert words.zh
    assert words.en
