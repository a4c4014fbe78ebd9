"""What a person chooses of a file: whose lines, and line by line why a result replaces what is recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from labs import importing
from labs.files.refusals import FileRefused
from labs.models import LabImport, LabResult
from tests.labs.pbc import enrol

MAPPING: dict[str, Any] = {
    "participant": "pid", "date": "date", "correction": "why", "results": {"ALT": ["alt", "U/L"]},
}  # fmt: skip
HEAD = "pid,date,ALT,why\n"
FIRST = f"{HEAD}01-001,2010-01-04,30,\n01-002,2010-01-04,31,\n"


@pytest.fixture
def attempt(site: Any, lin: Any, system: Any) -> Callable[..., LabImport]:
    enrol(site, [1, 2], system)

    def run(text: str, **chosen: Any) -> LabImport:
        request = importing.request_import(
            site, text.encode(), "f.csv", MAPPING, user=lin, **{"dry_run": False} | chosen
        )
        done = importing.run(request.id)
        assert done is not None
        return done

    return run


def results() -> dict[str, str]:
    return dict(LabResult.objects.values_list("page__participant__number", "orres"))


def test_only_the_lines_of_the_chosen_are_imported_and_the_others_later(attempt):
    done = attempt(FIRST, participants=["01-002"])
    assert (done.applied, done.complete, results()) == (True, False, {"01-002": "31"})
    assert [note["en"] for note in done.report["notes"]] == ["1 lines of other participants were not chosen."]
    rest = attempt(FIRST)
    assert (rest.complete, results()) == (True, {"01-001": "30", "01-002": "31"})


def test_a_problem_of_somebody_else_does_not_hold_up_the_chosen(attempt):
    text = f"{FIRST}01-001,2010-13-45,33,\n99-999,2010-01-04,33,\n,2010-01-04,33,\n"
    assert not attempt(text).applied
    assert attempt(text, participants=["01-002"]).applied
    assert results() == {"01-002": "31"}


def test_who_is_not_in_the_file_cannot_be_chosen(attempt):
    with pytest.raises(FileRefused, match="no participant 01-003"):
        attempt(FIRST, participants=["01-002", "01-003"])


def test_a_line_says_why_it_replaces_what_is_recorded(attempt):
    assert attempt(FIRST).applied
    text = f"{HEAD}01-001,2010-01-04,40,sample mixed up\n01-002,2010-01-04,41,\n"
    done = attempt(text, part="good")
    assert results() == {"01-001": "40", "01-002": "31"}
    assert [problem["line"] for problem in done.report["problems"]] == [3]
    reasons = {each.reason for each in changes("40")}
    assert reasons == {"sample mixed up"}


def changes(value: str) -> Any:
    from prtras.audit.models import AuditEvent

    return AuditEvent.objects.filter(table="labs_labresult", new__orres=value)


def test_a_reason_that_is_too_long_is_refused_at_its_line(attempt):
    assert attempt(f"{HEAD}01-001,2010-01-04,30,{'x' * 200}\n", dry_run=True).report["problems"] == []
    (problem,) = attempt(f"{HEAD}01-001,2010-01-04,30,{'x' * 201}\n", dry_run=True).report["problems"]
    assert (problem["line"], problem["column"]) == (2, "why")
    assert problem["en"] == "A reason for a correction has at most 200 characters."
    with pytest.raises(FileRefused):
        attempt(FIRST, correction="x" * 201)


def test_the_page_takes_numbers_with_anything_between_them_and_loses_nothing_that_is_wrong(attempt, lin, client_of):
    tried = attempt(FIRST, dry_run=True)
    client, address = client_of(lin), reverse("labs:report", args=[tried.id])
    sent = {"part": "all", "participants": "01-001、 01-009", "correction": "as the laboratory wrote"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "The file has no participant 01-009." in shown
    assert 'value="01-001、 01-009"' in shown
    assert 'value="as the laboratory wrote"' in shown
    assert client.post(address, sent | {"participants": "01-001；01-002"}).status_code == 302
    assert LabImport.objects.latest("requested_at").participants == ["01-001", "01-002"]
