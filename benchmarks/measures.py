"""What is measured."""

import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

import prtras.urls
from benchmarks.timing import Line, compare
from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.entry.parsing import typed_from
from prtras.exports import building
from prtras.exports.release import Release
from prtras.files import storing
from visits.models import AdverseEvent, MriObservation

SAME = "the same ORM save, no audit"
COLUMNS = {field.attname for field in MriObservation._meta.concrete_fields} - {"id", "row"}


class Bare(models.Model):
    """The table of MRI observations (42 columns) with its keys and without the audit trigger."""

    class Meta:
        app_label = "visits"
        managed = False
        db_table = "bench_bare"


for column in MriObservation._meta.concrete_fields:
    if column.name not in ("id", "page"):
        Bare.add_to_class(column.name, column.clone())
Bare.add_to_class("page_id", models.UUIDField())


def _as_owner(*statements: str) -> None:
    import psycopg2

    settings = connection.settings_dict
    with psycopg2.connect(host=settings["HOST"], user="prtras_owner", dbname=settings["NAME"]) as owner:
        for statement in statements:
            owner.cursor().execute(statement)


def _observation() -> tuple[User, dict[str, object]]:
    _as_owner(
        "DROP TABLE IF EXISTS bench_bare",
        "CREATE TABLE bench_bare (LIKE visits_mriobservation INCLUDING ALL)",
        "ALTER TABLE bench_bare ADD FOREIGN KEY (page_id) REFERENCES crf_crfpage DEFERRABLE INITIALLY DEFERRED",
        "GRANT ALL ON bench_bare TO prtras_app",
    )
    row = MriObservation.objects.filter(lr_cat__isnull=False, page__hold="").first()
    assert row is not None
    return User.objects.get(username="lin"), {name: getattr(row, name) for name in COLUMNS}


def save_page_row() -> Line:
    """INSERT of a 42-column row: ORM save in a transaction, without and with the audit trail."""
    user, values = _observation()

    def bare(i: int) -> None:
        with transaction.atomic():
            Bare(row=1000 + i, **values).save(force_insert=True)

    def audited(i: int) -> None:
        with acting(user):
            MriObservation(row=1000 + i, **values).save(force_insert=True)

    return compare(
        "create a 42-column row, audited", "the same ORM save, no audit", bare, audited, rounds=300, limit=1.35
    )


def change_page_row() -> Line:
    """UPDATE of 3 of 42 columns under a row lock."""
    user, values = _observation()
    with acting(user):
        ours = MriObservation.objects.create(row=999, **values)
    base = Bare._default_manager.create(row=999, **values)
    columns = ("size_mm", "aphe", "lr_reason")

    def change(model: type[models.Model], key: int, i: int) -> None:
        row: Any = model._default_manager.select_for_update().get(pk=key)
        row.size_mm, row.aphe, row.lr_reason = 10 + i % 50, ("NONRIM", "NONE")[i % 2], f"reading {i}"
        row.save(update_fields=columns)

    def bare(i: int) -> None:
        with transaction.atomic():
            change(Bare, base.pk, i)

    def audited(i: int) -> None:
        with acting(user):
            change(MriObservation, ours.pk, i)

    return compare(
        "change 3 of 42 columns, audited", "the same ORM save, no audit", bare, audited, rounds=300, limit=1.35
    )


def _bare_view(request: AuthenticatedRequest) -> HttpResponse:
    """What a bare Django view does: one ORM save, with the audit trail on."""
    row = MriObservation.objects.get(pk=request.POST["pk"])
    row.lr_reason = request.POST["text"]
    with acting(request.user):
        row.save(update_fields=["lr_reason"])
    return HttpResponse("ok")


urlpatterns = [*prtras.urls.urlpatterns, path("bench/", _bare_view)]


def form_post() -> Line:
    """One POST of an adverse event form (rights, checks, audit, query sync) against a bare audited view.

    0.4 times the requests per second (performance.md) is 2.5 times the time.
    """
    user = User.objects.get(username="lin")
    base = MriObservation.objects.filter(page__hold="").first()
    event = (
        AdverseEvent.objects.filter(ae_ser="N", page__hold="", page__queries__isnull=True)
        .select_related("page")
        .first()
    )
    assert base is not None
    assert event is not None
    page = event.page
    typed = typed_from(stored_page(page))
    with override_settings(ROOT_URLCONF="benchmarks.measures", ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(user)

        def bare(i: int) -> None:
            assert client.post("/bench/", {"pk": base.pk, "text": f"text {i}"}).status_code == 200

        def ours(i: int) -> None:
            sent = {**typed, "ae_term": [f"Fever {i}"], "version": [str(page.version)], "reason.all": ["ENTRY"]}
            answer = client.post(f"/pages/{page.pk}/", sent)
            assert answer.status_code == 302, answer.content[:500]
            page.version += 1

        return compare(
            "form POST through the whole stack", "Django view, one audited ORM save", bare, ours, rounds=150, limit=2.5
        )


def night_run(manage: Callable[..., float]) -> Line:
    """The night run of 332 participants and R's time for the same fits, both as processes with their start-up."""
    release, chen = Release("ANALYSIS", "Benchmark", "CN", profile="ANALYSIS"), User.objects.get(username="chen")
    job = building.build(building.request_export(release, user=chen).id)
    assert job is not None and job.file is not None  # noqa: PT018
    folder = Path(tempfile.mkdtemp())
    zipfile.ZipFile(BytesIO(storing.content(job.file))).extractall(folder)
    if shutil.which("Rscript") is None:
        raise SystemExit("R is not on this machine: apt-get install r-base-core r-cran-survival")
    fits = ["Rscript", str(folder / "recompute.R")]
    base = lambda i: subprocess.run(fits, cwd=folder, check=True, capture_output=True)  # noqa: E731
    ours = lambda i: manage("night_run")  # noqa: E731
    try:
        return compare("night run: cut, fits, figures, PDF", "R: the same fits", base, ours, rounds=5, limit=3.0)
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Counts:
    """Queries per page at 332 and at 3,320 participants."""

    text: str
    good: bool


PAGES = ("/worklist/", "/participants/", "/participants/01-033/", "/queries/")


def query_counts() -> Counts:
    """Worklist and participant page: at most 25 queries, and no more with ten times the participants."""
    few = _count_queries()
    _ten_times()
    many = _count_queries()
    lines = [f"{'page':<28}{'queries 332':>12}{'ms':>8}{'queries 3,320':>15}{'ms':>8}"]
    lines += [f"{p:<28}{few[p][0]:>12}{few[p][1]:>8.0f}{many[p][0]:>15}{many[p][1]:>8.0f}" for p in PAGES]
    return Counts("\n".join(lines), all(few[p][0] == many[p][0] <= 25 for p in PAGES))


def _count_queries() -> dict[str, tuple[int, float]]:
    client = Client()
    client.force_login(User.objects.get(username="lin"))
    counted = {}
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for address in PAGES:
            client.get(address)
            started = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counted[address] = (len(queries), 1000 * (time.perf_counter() - started))
    return counted


def _ten_times() -> None:
    """Nine copies of every participant with visits and pages, by SQL, with the audit on."""
    system = User.objects.get(username="system")
    number = {name: f"o.{name} || '~' || %(c)s" for name in ("number", "screening_number")}
    people = _copy(Participant, number | {"hold": "''"}) + " WHERE o.number NOT LIKE '%%~%%'"
    of_copies = (
        " JOIN crf_participant p ON p.id = o.participant_id"
        " JOIN crf_participant n ON n.number = p.number || '~' || %(c)s"
    )
    visits = _copy(Visit, {"participant_id": "n.id"}) + of_copies
    placed = {"id": "gen_random_uuid()", "participant_id": "n.id", "visit_id": "w.id"}
    fresh = {"hold": "''", "verified": "''", "signed": "false"}
    pages = (
        _copy(CrfPage, placed | fresh)
        + of_copies
        + (
            " LEFT JOIN crf_visit v ON v.id = o.visit_id LEFT JOIN crf_visit w ON w.participant_id = n.id"
            " AND w.code = v.code AND w.sequence = v.sequence"
        )
    )
    with acting(system, source="bench"), connection.cursor() as cursor:
        for copy in range(1, 10):
            for statement in (people, visits, pages):
                cursor.execute(statement, {"c": str(copy)})
    assert Participant.objects.count() > 3300
    _as_owner("ANALYZE")


def _copy(model: type[models.Model], other: Mapping[str, str]) -> str:
    """Copies the rows `o` of a model with all their columns, but for those that are something `other`."""
    columns = [str(each.column) for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]
    values = [other.get(column, f"o.{column}") for column in columns]
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} o"
