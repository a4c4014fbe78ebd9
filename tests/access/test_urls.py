"""The table of URLs holds, is complete, and is what the product description says."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from analysis import results
from analysis.models import AnalysisRun
from docs.reference import addresses
from endpoint_review.rights import ADJUDICATE, ADJUDICATOR, READ, REVIEWER
from labs.models import LabImport
from labs.range_importing import request_preview
from labs.sheet_reading import request_reading
from prtras import env
from prtras.accounts.encryption import encrypt
from prtras.accounts.managing import switch
from prtras.accounts.models import AccountRequest, ArmView, Membership, SecondFactor, User
from prtras.accounts.rights import RIGHTS as OF_ROLES
from prtras.accounts.rights import Action, Role, allowed
from prtras.accounts.token_issuing import NewToken, issue
from prtras.audit.acting import acting
from prtras.coding.importing import import_release
from prtras.crf.models import CrfPage
from prtras.exports.comparing import request_comparison
from prtras.exports.models import CutComparison, ExportJob
from prtras.exports.verifying import request_check
from prtras.files import storing
from prtras.files.models import Download, StoredFile
from prtras.paper import printing
from prtras.review.models import HoldAct
from prtras.review.querying import raise_query
from tests.access.url_table import GET, LOGIN, PEOPLE, POST, URLS, Url
from tests.coding.release import archive
from tests.conftest import page_of
from tests.endpoint_review.cases import blind_case
from tests.labs.sheet_boxes import photograph
from tests.night.runs import finished
from visits.models import AdverseEvent, SaeReport

LAB_FILE = b"SUBJID,date,alt\r\n01-001,2025-08-25,30\r\n"
RANGES = b"analyte,unit,low,high,valid_from\r\nalt,U/L,9,50,2025-01-01\r\n"
MAPPING = {"participant": "SUBJID", "date": "date", "results": {"alt": ["alt", "U/L"]}}


@dataclass
class World:
    """Something of everything at site 01, and the browsers of the cast."""

    places: dict[str, dict[str, Any]]
    people: dict[str, User | None]
    uploaded: StoredFile
    client_of: Callable[[User], Client]

    def browser(self, name: str) -> Client:
        person = self.people[name]
        if person is None:
            return Client()
        client = self.client_of(person)
        if name == "lin":
            session = client.session
            session["lab_files"] = {str(self.uploaded.id): "results.csv"}
            session.save()
        return client

    def response(self, url: Url, name: str) -> HttpResponse:
        """What this person gets; whatever it changed is taken back."""
        with transaction.atomic():
            address = reverse(url.name, kwargs=self.places.get(url.name))
            response: HttpResponse = getattr(self.browser(name), url.method)(address, url.sent)
            transaction.set_rollback(True)
        return response

    def answer(self, url: Url, name: str) -> int | str:
        """What this person gets, as the table writes it."""
        response = self.response(url, name)
        return LOGIN if response.headers.get("Location", "").startswith("/sign-in/?next=") else response.status_code


def requested_release(zhao: User, wang: User, page: CrfPage) -> HoldAct:
    """A release that waits for a second person: it was asked by someone who is not wang."""
    with acting(wang):
        return HoldAct.objects.create(
            act="release", state="requested", page=page, participant=page.participant, by=zhao, reason="Late."
        )


@pytest.fixture
def world(participant, lin, zhao, wang, chen, adm, mei, qin, eve, client_of, monkeypatch) -> World:
    monkeypatch.setattr("labs.sheets.recogniser.is_installed", lambda: True)
    page = page_of(participant, "consent")
    uploaded = storing.store(LAB_FILE, user=lin)
    with acting(zhao):
        done = {"requested_by": zhao, "status": "done", "finished_at": timezone.now()}
        run = finished(results.compute({"participants": []}, timezone.localdate()).to_json(), zhao)
        AnalysisRun.objects.filter(id=run.id).update(report_zh=uploaded, report_en=uploaded)
        export = ExportJob.objects.create(file=uploaded, **done)
        tried = LabImport.objects.create(
            site=participant.site, file=uploaded, name="results.csv", mapping=MAPPING, report={}, **done
        )
        sheet = request_reading(participant, photograph(), user=lin)
        ranges = request_preview(participant.site, RANGES, "ranges.csv", user=lin)
        event_page = CrfPage.objects.create(form="ae", participant=participant, repeat=1, state="submitted", version=1)
        serious = AdverseEvent.objects.create(page=event_page, ae_term="Fever", ae_ser="Y")
        sae_report = SaeReport.objects.create(page=event_page, number=1, kind="initial", requested_by=lin)
        dictionary = import_release(archive(), user=wang)
        factor = SecondFactor.objects.create(user=lin, kind="totp", name="App", secret=encrypt("A" * 32))
        case = blind_case(participant, qin)
        waiting = AccountRequest.objects.create(person=zhao, kind="email", value="zhao@example.org", by=adm)
    compared = request_comparison(run.cut, finished({"version": 2, "outputs": {}}, chen).cut, user=chen)
    with acting(chen):
        CutComparison.objects.filter(id=compared.id).update(file=uploaded)
    query = raise_query(page, "icf_date", "Is this right?", user=wang)
    token, _ = issue(NewToken("A copy", "read", "", f"{timezone.localdate()}"), user=lin)
    of_page, of_participant = {"page_id": page.id}, {"number": participant.number}
    places = {
        "accounts:invitation": {"secret": "nothing"},
        "accounts:end_factor": {"factor_id": factor.id},
        "accounts:end_session": {"session_id": 1},
        "accounts:switch": {"membership_id": lin.memberships.get().id},
        "accounts:decide": {"request_id": waiting.id},
        "visits:participant": of_participant,
        "visits:add": of_participant,
        "entry:page": of_page,
        "entry:draft": of_page,
        "trail:history": of_page,
        "entry:void": of_page,
        "review:ask": of_page,
        "review:verify": of_page,
        "review:decide": {"act_id": requested_release(zhao, wang, page).id},
        "review:ready_pages": {"code": "missing"},
        "paper:print_crf": {"kind": "blank", "language": "en"},
        "visits:calendar": of_participant | {"language": "zh"},
        "visits:appointments": of_participant | {"language": "zh"},
        "paper:print_casebook": of_participant | {"language": "en"},
        "paper:printout": {"printout_id": printing.request_printout("blank", "en", user=lin).id},
        "review:say": {"query_id": query.id},
        "review:assign": {"query_id": query.id},
        "visits:sae": {"page_id": serious.page.id},
        "visits:sae_report": {"report_id": sae_report.id, "language": "en"},
        "visits:sae_case": {"report_id": sae_report.id, "format": "xml"},
        "coding:release": {"dictionary_id": dictionary.id},
        "labs:course": of_participant,
        "analysis:participant": of_participant,
        "analysis:plan_pdf": {"language": "en"},
        "entry:suggestions": {"name": "ctcae"},
        "labs:mapping": {"file_id": uploaded.id},
        "labs:report": {"import_id": tried.id},
        "labs:range_preview": {"preview_id": ranges.id},
        "labs:refused_lines": {"import_id": tried.id},
        "labs:sheet": {"sheet_id": sheet.id},
        "labs:sheet_picture": {"sheet_id": sheet.id},
        "analysis:output": {"run_id": run.id, "code": "hazard_ratios"},
        "analysis:output_file": {"run_id": run.id, "code": "hazard_ratios", "name": "hr", "kind": "csv"},
        "analysis:report": {"run_id": run.id, "language": "en"},
        "analysis:run": {"run_id": run.id},
        "analysis:cancel": {"run_id": run.id},
        "analysis:again": {"run_id": run.id},
        "analysis:compare_csv": {"what": "numbers"},
        "exports:download": {"job_id": export.id},
        "exports:bundle": {"job_id": export.id},
        **{key: {"comparison_id": compared.id} for key in ("exports:comparison", "exports:comparison_file")},
        "endpoint_review:case": {"number": case.number},
        "endpoint_review:reopen": {"number": case.number},
        "exports:checked": {"check_id": request_check(b"no zip", "bundle.zip", user=chen).id},
        "accounts:revoke_token": {"token_id": token.id},
        "accounts:revoke_token_of": {"token_id": token.id},
        "api:participant": of_participant,
        **dict.fromkeys(
            ("api:page", "api:validate", "api:history", "api:void", "api:restore", "api:verification"), of_page
        ),
        "api:say": {"query_id": query.id, "act": "answer"},
        "api:assign": {"query_id": query.id},
        "api:decide": {"act_id": 1, "word": "grant"},
        **{key: {"job_id": export.id} for key in ("api:export", "api:export_file")},
        "visits:api_pages": of_participant,
        **{key: {"import_id": tried.id} for key in ("labs:api_import", "labs:api_commit")},
        **{key: {"run_id": run.id} for key in ("analysis:api_run", "analysis:api_cancel")},
        "analysis:api_numbers": {"run_id": run.id, "code": "hazard_ratios"},
    }
    everyone = (lin, zhao, wang, chen, adm, mei, qin, eve, None)
    return World(places, dict(zip(PEOPLE, everyone, strict=True)), uploaded, client_of)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_gets_what_the_table_says(world, name):
    column = PEOPLE.index(name)
    wrong = [
        f"{url}: {answer}, expected {url.expected[column]}"
        for url in URLS
        if (answer := world.answer(url, name)) != url.expected[column]
    ]
    assert not wrong, "\n".join(wrong)


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}"


def test_no_url_is_missing_from_the_table_and_none_in_it_is_stale():
    there, listed = set(_names(get_resolver().url_patterns)), {url.name for url in URLS}
    assert there - listed == set(), "URLs without a row in tests/access/url_table.py"
    assert listed - there == set(), "rows of tests/access/url_table.py for URLs that are gone"
    for name in listed:
        assert {url.method for url in URLS if url.name == name} == {GET, POST}, f"{name} needs a row per method"


BY_ARM = ("analysis:by_arm", "analysis:output", "analysis:output_file", "analysis:report")


def test_an_investigator_without_a_grant_sees_no_arms_and_exports_nothing(world, zhao):
    _grant(zhao, "see_by_arm", world)
    _grant(zhao, "export", world)
    refused = (*BY_ARM, "exports:index", "exports:bundle", "exports:download", "exports:ask", "exports:cuts",
               "exports:comparison", "exports:comparison_file")  # fmt: skip
    answers = {str(url): world.answer(url, "zhao") for url in URLS if url.name in refused}
    assert set(answers.values()) == {403}
    assert (ArmView.objects.count(), Download.objects.count()) == (0, 0)


def test_a_statistician_without_a_grant_sees_no_arms(world, chen):
    _grant(chen, "see_by_arm", world)
    for url in URLS:
        if url.name in BY_ARM:
            assert world.answer(url, "chen") == 403, url
    assert ArmView.objects.count() == 0


def _grant(person: User, right: str, world: World) -> None:
    """Give a right by name, or take it back."""
    switch(Membership.objects.get(user=person), right, user=world.people["adm"])


def test_the_pages_of_those_without_a_grant_offer_no_results_by_arm(world, zhao):
    _grant(zhao, "see_by_arm", world)
    for name in ("analysis:dashboard", "analysis:runs"):
        page = world.browser("zhao").get(reverse(name)).content.decode()
        assert reverse("analysis:by_arm") not in page
        assert ".pdf" not in page


def test_every_look_at_results_by_arm_and_every_download_is_on_record(world, zhao):
    browser = world.browser("zhao")
    browser.get(reverse("analysis:report", kwargs=world.places["analysis:report"]))
    browser.get(reverse("exports:download", kwargs=world.places["exports:download"]))
    assert [look.user for look in ArmView.objects.all()] == [zhao, zhao]
    assert [d.user for d in Download.objects.all()] == [zhao, zhao]


def test_who_left_the_study_team_may_do_nothing(world, lin):
    switch(Membership.objects.get(user=lin), "active", user=world.people["adm"])
    for url in URLS:
        if not url.name.startswith(("accounts:", "operations:")) and url.method == GET:
            assert world.answer(url, "lin") in (401, 403, 404, 405, LOGIN), url


@pytest.mark.parametrize("name", ["lin", "chen", "anonymous"])
def test_no_browser_keeps_a_page_a_refusal_or_a_download(world, name):
    assert {world.response(url, name).headers.get("Cache-Control") for url in URLS} == {"no-store"}


def test_no_browser_keeps_what_is_not_there_or_failed(world, monkeypatch):
    browser = world.browser("lin")
    browser.raise_request_exception = False
    monkeypatch.setattr("prtras.accounts.sessions.live_sessions", None)
    for address, status in (("/nowhere/", 404), ("/sign-in/?a=%00", 400), ("/account/", 500)):
        response = browser.get(address)
        assert (response.status_code, response.headers["Cache-Control"]) == (status, "no-store")


def test_a_file_of_another_site_cannot_be_opened_by_its_number(world):
    for stored in StoredFile.objects.all():
        answer = world.browser("eve").get(reverse("labs:mapping", args=[stored.id]))
        assert answer.status_code == 404


def test_the_web_server_alone_can_ask_a_worker():
    asks = "import prtras.wsgi; from analysis import tasks; tasks.run.delay_on_commit; print('asks')"
    done = subprocess.run([sys.executable, "-c", asks], cwd=env.ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "asks", done.stderr


#: The lines of the product description, section 2: coordinator, investigator, monitor, statistician, admin; then the
#: reviewers of the endpoint, who see nothing else.
#: "granted" is no without a grant and yes with one; nobody else can be granted it.
RIGHTS = {
    Action.SEE_IDENTIFIERS: ("yes", "yes", "yes", "no", "no", "no", "no"),
    Action.EDIT_PAGE:       ("yes", "yes", "no", "no", "no", "no", "no"),
    Action.REGISTER:        ("yes", "yes", "no", "no", "no", "no", "no"),
    Action.IMPORT_RESULTS:  ("yes", "yes", "no", "no", "no", "no", "no"),
    Action.CODE_TERMS:      ("no", "yes", "yes", "no", "no", "no", "no"),  # not in the description (0022)
    Action.RAISE_QUERY:     ("no", "yes", "yes", "no", "no", "no", "no"),
    Action.CLOSE_QUERY:     ("no", "no", "yes", "no", "no", "no", "no"),
    Action.VERIFY:          ("no", "no", "yes", "no", "no", "no", "no"),
    Action.HOLD:            ("no", "no", "yes", "no", "no", "no", "no"),
    Action.SIGN:            ("no", "yes", "no", "no", "no", "no", "no"),
    Action.SEE_TRAIL:       ("yes", "yes", "yes", "no", "no", "no", "no"),
    Action.ANSWER_QUERY:    ("yes", "yes", "no", "no", "no", "no", "no"),
    Action.SEE_PAGES:       ("yes", "yes", "yes", "yes", "no", "no", "no"),
    Action.SEE_POOLED:      ("yes", "yes", "yes", "yes", "no", "no", "no"),
    Action.SEE_BY_ARM:      ("no", "granted", "no", "granted", "no", "no", "no"),
    Action.RUN_ANALYSIS:    ("no", "yes", "no", "yes", "no", "no", "no"),
    Action.EXPORT:          ("no", "granted", "no", "yes", "no", "no", "no"),
    Action.MANAGE_ACCOUNTS: ("no", "no", "no", "no", "yes", "no", "no"),
    READ:                   ("no", "no", "no", "no", "no", "yes", "no"),  # nor these two (0028)
    ADJUDICATE:             ("no", "no", "no", "no", "no", "no", "yes"),
}  # fmt: skip
ROLES = (
    Role.COORDINATOR, Role.INVESTIGATOR, Role.MONITOR, Role.STATISTICIAN, Role.ADMIN, REVIEWER, ADJUDICATOR
)  # fmt: skip


@pytest.mark.parametrize("action", RIGHTS)
def test_the_rights_are_those_of_the_product_description(action):
    everything = frozenset(RIGHTS)
    actual = tuple(
        "yes" if allowed(role, action) else "granted" if allowed(role, action, everything) else "no" for role in ROLES
    )
    assert actual == RIGHTS[action]


def test_the_lines_name_every_role_and_every_action_the_studys_too():
    assert set(OF_ROLES) - {Role.SYSTEM} == set(ROLES), "a role without a column in RIGHTS"
    assert {action for given in OF_ROLES.values() for action in given} == set(RIGHTS), "an action without a line"


#: Addresses that are opened and are no screen of their own in tests/browser/screens.py, and why.
NO_SCREEN = {
    "operations:alive": "an answer to a proxy",
    "accounts:session": "an answer to a script",
    "api:schema": "an answer to a program",
    "entry:page": "by its form: MRI, haematology, eligibility",
    "trail:history": "by its page: history",
    "trail:file": "a file",
    "paper:printout": "a file",
    "visits:calendar": "a file",
    "exports:dictionary_csv": "a file",
    "exports:download": "a file",
    "exports:comparison": "by its request: data cuts compared",
    "exports:comparison_file": "a file",
    "exports:checked": "by its upload: a bundle that was checked",
    "analysis:output": "by its figure: data and code",
    "analysis:output_file": "a file",
    "analysis:report": "a file",
    "analysis:plan_pdf": "a file",
    "visits:sae": "by its line: serious event",
    "entry:suggestions": "an answer to a script",
    "labs:mapping": "by its upload: lab mapping",
    "labs:report": "by its upload: lab report",
    "labs:range_preview": "by its upload: preview of normal ranges",
    "labs:sheets": "not there without an extra that the suite does not install",
    "labs:sheet": "not there without an extra that the suite does not install",
    "labs:sheet_picture": "a file",
    "coding:release": "by its upload: release of MedDRA",
    "review:ready_pages": "no screen yet",
    "endpoint_review:case": "by its line: case refused, case to adjudicate",
}


def test_every_address_that_opens_a_page_is_looked_at_in_a_browser():
    steps = (env.ROOT / "tests" / "browser" / "screens.py").read_text()
    opened = {url.name for url in URLS if url.method == GET and 200 in url.expected}
    unseen = {
        name for name in opened if not re.search(f"[\"']{re.sub('<[^>]*>', '[^/]+', addresses()[name])}[?\"']", steps)
    }
    assert unseen == set(NO_SCREEN), "a page without its line in tests/browser/screens.py"


def test_reviewers_of_the_endpoint_open_no_page_that_shows_the_study():
    own = ("accounts:", "endpoint_review:", "home", "operations:alive", "operations:ready")
    columns = [PEOPLE.index(name) for name in ("mei", "qin")]
    opened = [
        str(url)
        for url in URLS
        if not url.name.startswith(own) and {url.expected[column] for column in columns} & {200, 302}
    ]
    assert opened == []
