"""Every operation x scope x person -> what a token of theirs gets. The people are those of tests/access/url_table.py.

The rights are the person's (docs/reference.md); `read` narrows them to looking. eve works at another site.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from analysis import results
from analysis.models import AnalysisRun
from analysis.outputs import OUTPUTS
from labs.models import LabImport
from prtras.accounts.models import ArmView, User
from prtras.audit.acting import acting
from prtras.exports.models import ExportJob
from prtras.files import storing
from prtras.files.models import Download
from prtras.review.models import HoldAct
from prtras.review.querying import raise_query
from tests.api.conftest import Program
from tests.api.test_acts import operations
from tests.conftest import page_of
from tests.exports.releases import FIELDS
from tests.night.runs import finished

PEOPLE = ("lin", "zhao", "wang", "chen", "adm", "eve")


@dataclass(frozen=True)
class Row:
    """One operation, what is sent, and the answers with `read` and with `write` for each of PEOPLE."""

    name: str
    method: str
    address: str
    read: tuple[int, ...]
    write: tuple[int, ...]
    sent: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def looks(name: str, address: str, *answers: int) -> Row:
    """What is the same with both scopes."""
    return Row(name, "get", address, answers, answers)


#: Who has no right at all anywhere gets 403; what belongs to another site is not there: 404.
NOBODY = (403, 403, 403, 403, 403, 403)
CASEBOOK = (200, 200, 200, 200, 403, 200)
OF_A_SITE = (200, 200, 200, 200, 403, 404)
REFUSED = (403, 403, 403, 403, 403, 404)
TABLE = (
    looks("api:participants", "participants", *CASEBOOK),
    looks("api:participant", "participants/{number}", *OF_A_SITE),
    looks("api:visits", "visits", *CASEBOOK),
    looks("api:forms", "forms", *CASEBOOK),
    looks("api:schedule", "schedule", *CASEBOOK),
    looks("api:pages", "pages", *CASEBOOK),
    looks("api:page", "pages/{page}", *OF_A_SITE),
    looks("api:history", "pages/{page}/history", *OF_A_SITE),
    looks("api:queries", "queries", *CASEBOOK),
    looks("api:changes", "changes", 200, 200, 200, 403, 403, 200),
    looks("api:exports", "exports", 403, 200, 403, 200, 403, 403),
    looks("api:export", "exports/{export}", 403, 200, 403, 200, 403, 403),
    looks("api:export_file", "exports/{export}/file", 403, 200, 403, 200, 403, 403),
    looks("analysis:api_runs", "runs", *CASEBOOK),
    looks("analysis:api_run", "runs/{run}", *CASEBOOK),
    looks("analysis:api_numbers", "runs/{run}/outputs/hazard_ratios", 403, 200, 403, 200, 403, 403),
    Row("labs:api_imports", "get", "lab-imports", NOBODY, (200, 200, 403, 403, 403, 200)),
    Row("labs:api_import", "get", "lab-imports/{import}", NOBODY, (200, 200, 403, 403, 403, 404)),
    Row("api:page", "put", "pages/{page}", REFUSED, (428, 428, 403, 403, 403, 404)),
    Row("api:validate", "post", "pages/{page}/validate", REFUSED, (200, 200, 403, 403, 403, 404)),
    Row("api:void", "post", "pages/{page}/void", REFUSED, (422, 422, 403, 403, 403, 404)),
    Row("api:restore", "post", "pages/{page}/restore", REFUSED, (422, 422, 403, 403, 403, 404)),
    Row("api:queries", "post", "queries", REFUSED, (403, 201, 201, 403, 403, 404),
        {"page": "{page}", "place": "icf_date", "text": "Right?"}),
    Row("api:say", "post", "queries/{query}/answer", REFUSED, (200, 200, 403, 403, 403, 404), {"text": "Yes."}),
    Row("api:say", "post", "queries/{query}/close", REFUSED, (403, 403, 200, 403, 403, 404), {"text": "Yes."}),
    Row("api:assign", "put", "queries/{query}/assignment", REFUSED, (403, 200, 200, 403, 403, 404),
        {"assignee": "lin"}),
    Row("api:close_many", "post", "queries/close", NOBODY, (403, 403, 200, 403, 403, 403), {"queries": [1]}),
    Row("api:verification", "put", "pages/{page}/verification", REFUSED, (403, 403, 428, 403, 403, 404)),
    Row("api:verification", "delete", "pages/{page}/verification", REFUSED, (403, 403, 200, 403, 403, 404)),
    looks("api:holds", "holds", *CASEBOOK),
    Row("api:holds", "post", "holds", NOBODY, (403, 403, 201, 403, 403, 403),
        {"act": "frozen", "reason": "Cut.", "page": "{page}"}),
    Row("api:decide", "post", "holds/{hold}/grant", NOBODY, (403, 403, 200, 403, 403, 403)),
    Row("api:exports", "post", "exports", (403, 201, 403, 201, 403, 403), (403, 201, 403, 201, 403, 403), FIELDS),
    Row("enrollment:api_registrations", "post", "registrations", NOBODY, (201, 201, 403, 403, 403, 422),
        {"site": "01"}),
    Row("visits:api_pages", "post", "participants/{number}/pages", REFUSED, (201, 201, 403, 403, 403, 404),
        {"form": "UNS"}),
    Row("analysis:api_runs", "post", "runs", NOBODY, (403, 201, 403, 201, 403, 403), {"cutoff": "2026-01-01"}),
    Row("analysis:api_cancel", "post", "runs/{run}/cancel", NOBODY, (403, 409, 403, 409, 403, 403)),
    Row("labs:api_imports", "post", "lab-imports", NOBODY, (415, 415, 403, 403, 403, 415)),
    Row("labs:api_commit", "post", "lab-imports/{import}/commit", NOBODY, (201, 201, 403, 403, 403, 404)),
)  # fmt: skip


@pytest.fixture
def ids(participant, lin, zhao, wang, chen, adm, eve) -> dict[str, str]:
    page = page_of(participant, "consent")
    stored = storing.store(b"SUBJID,date,alt\r\n01-001,2025-08-25,30\r\n", user=lin)
    mapping = {"participant": "SUBJID", "date": "date", "results": {"alt": ["alt", "U/L"]}}
    with acting(zhao):
        done = {"requested_by": zhao, "status": "done", "finished_at": timezone.now()}
        run = finished(results.compute({"participants": []}, timezone.localdate()).to_json(), zhao)
        export = ExportJob.objects.create(file=stored, **done)
        tried = LabImport.objects.create(site=participant.site, file=stored, name="results.csv", mapping=mapping,
                                         report={}, **done)  # fmt: skip
        release = HoldAct.objects.create(
            act="release", state="requested", page=page, participant=page.participant, by=zhao, reason="Late."
        )
    query = raise_query(page, "icf_date", "Is this right?", user=wang)
    return {"number": participant.number, "page": str(page.id), "query": str(query.id), "run": str(run.id),
            "hold": str(release.pk), "export": str(export.id), "import": str(tried.id)}  # fmt: skip


def answer(program: Program, row: Row, ids: dict[str, str]) -> int:
    """What a program gets; whatever it changed is taken back."""
    sent = {name: text.format(**ids) if isinstance(text, str) else text for name, text in row.sent.items()}
    with transaction.atomic():
        address = row.address.format(**ids)
        response = program.get(address) if row.method == "get" else program.send(row.method, address, sent)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("scope", ["read", "write"])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_token_gets_what_the_table_says(request, ids, program, name, scope, settings):
    settings.API_REQUESTS_A_MINUTE = 1000
    of_person = program(request.getfixturevalue(name), scope)
    column = PEOPLE.index(name)
    wrong = [
        f"{row}: {actual}, expected {getattr(row, scope)[column]}"
        for row in TABLE
        if (actual := answer(of_person, row, ids)) != getattr(row, scope)[column]
    ]
    assert not wrong, "\n".join(wrong)


def test_the_table_has_every_operation():
    assert {(row.name, row.method) for row in TABLE} == {(name, method) for name, method, _ in operations()}


def test_a_look_by_arm_and_a_download_are_on_record(ids, program, zhao):
    of_zhao = program(zhao, "read")
    numbers = of_zhao.get(f"runs/{ids['run']}/outputs/hazard_ratios")
    assert numbers.status_code == 200
    file = of_zhao.get(f"exports/{ids['export']}/file", accept="application/zip")
    assert b"".join(file.streaming_content).startswith(b"SUBJID")
    assert [look.user for look in ArmView.objects.all()] == [zhao, zhao]
    assert [download.user for download in Download.objects.all()] == [zhao]


def test_a_run_is_requested_once_and_its_numbers_are_those_of_the_bundle(ids, program, zhao):
    of_zhao = program(zhao)
    assert of_zhao.send("post", "runs", {"cutoff": "2026-01-01"}).status_code == 201
    assert of_zhao.send("post", "runs", {"cutoff": "2026-01-01"}).status_code == 409
    assert of_zhao.send("post", "runs", {"cutoff": "soon"}).json()["errors"][0]["item"] == "cutoff"
    run = AnalysisRun.objects.get(id=ids["run"])
    stored = results.read(run.results)
    output = next(each for each in OUTPUTS if each.code in stored.outputs and each.expected)
    numbers = of_zhao.get(f"runs/{run.id}/outputs/{output.code}").json()["numbers"]
    assert numbers == json.loads(json.dumps(output.expected(stored[output])))
    listed = {each["output"] for each in of_zhao.get(f"runs/{run.id}").json()["outputs"]}
    assert listed == {each.code for each in OUTPUTS}


def test_the_right_of_today_counts(ids, program, zhao, system):
    of_zhao = program(zhao)
    member = zhao.memberships.get()
    with acting(system):
        member.granted = []
        member.save(update_fields=["granted"])
    assert of_zhao.get("exports").status_code == 403
    assert User.objects.get(pk=zhao.pk).is_active
