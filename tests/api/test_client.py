"""The Python client and the R snippet of docs/clients, as their users run them."""

import io
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import pytest
from django.test import Client as Browser

from prtras import env
from prtras.audit.acting import acting
from prtras.exports import building, tasks
from prtras.exports.formats.csv import CSV
from prtras.exports.models import ExportJob
from prtras.review.models import Query
from tests.api.conftest import token_of  # noqa: F401 (a fixture)
from tests.exports.bundles import picture
from tests.exports.releases import FIELDS

CLIENTS = env.ROOT / "docs" / "clients"


def module() -> Any:
    spec = spec_from_file_location("prtras_client", CLIENTS / "python" / "prtras_client.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    sys.modules["prtras_client"] = loaded
    spec.loader.exec_module(loaded)
    return loaded


client = module()


class Answer(io.BytesIO):
    """What urllib gives."""

    def __init__(self, content: bytes, headers: Message) -> None:
        super().__init__(content)
        self.headers = headers


class Wire:
    """Hands the requests of urllib to the product, and keeps them; `refusals` come first, whatever is asked."""

    def __init__(self) -> None:
        self.requests: list[urllib.request.Request] = []
        self.refusals: list[tuple[int, dict[str, str]]] = []
        self.damage = False

    def open(self, request: urllib.request.Request, timeout: float) -> Answer:
        self.requests.append(request)
        if self.refusals:
            status, headers = self.refusals.pop(0)
            raise self._error(request, status, headers, b"not JSON")
        sent = {name: text for name, text in request.header_items() if name.lower() != "content-type"}
        answered = Browser(headers=sent).generic(
            request.get_method(), request.selector, request.data or b"", content_type="application/json"
        )
        content = b"".join(answered.streaming_content) if answered.streaming else answered.content
        if answered.status_code >= 400:
            raise self._error(request, answered.status_code, dict(answered.headers), content)
        return Answer(content[:-1] if self.damage else content, self._headers(dict(answered.headers)))

    def _error(
        self, request: urllib.request.Request, status: int, headers: dict[str, str], content: bytes
    ) -> urllib.error.HTTPError:
        return urllib.error.HTTPError(request.full_url, status, "refused", self._headers(headers), io.BytesIO(content))

    @staticmethod
    def _headers(headers: dict[str, str]) -> Message:
        message = Message()
        for name, text in headers.items():
            message[name] = text
        return message


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()
    monkeypatch.setattr(urllib.request, "urlopen", made.open)
    return made


@pytest.fixture
def study_of(wire: Wire, token_of) -> Iterator[Callable[..., Any]]:  # noqa: F811
    pauses: list[float] = []

    def make(person: Any, scope: str = "write") -> Any:
        made = client.Client("http://testserver/", token_of(person, scope), pause=pauses.append)
        made.pauses = pauses
        return made

    return make


def test_a_list_is_read_over_all_its_parts(participant, fill, study_of, lin, wire):
    fill(participant, "consent")
    study = study_of(lin, "read")
    every = [page["id"] for page in study.items("pages", limit=3)]
    assert len(every) == len(set(every)) == len(study.get("pages", limit=500)["items"]) > 3
    assert study.get("participants/01-001")["number"] == "01-001"
    assert {request.headers["Accept-language"] for request in wire.requests} == {"en"}


def test_the_feed_goes_on_where_it_was_left(participant, fill, study_of, lin, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    from prtras.api.views import changes

    monkeypatch.setattr(changes, "settled_until", lambda: timezone.now() + timedelta(hours=1))
    study = study_of(lin, "read")
    first = list(study.changes())
    fill(participant, "consent")
    cursor = first[-1][0]
    later = list(study.changes(cursor))
    assert {line["table"] for _, line in later} >= {"enrollment_consent"}
    assert [int(at) for at, _ in first + later] == sorted({int(at) for at, _ in first + later})


def test_what_is_refused_says_where_and_why(participant, fill, study_of, wang):
    page = fill(participant, "consent").page
    study = study_of(wang)
    raised = study.post("queries", {"page": str(page.id), "place": "icf_date", "text": "Right?"})
    assert Query.objects.get().pk == raised["id"]
    with pytest.raises(client.Problem, match="422") as refused:
        study.post("queries", {"page": str(page.id), "place": "nothing", "text": "Right?"})
    assert [error["item"] for error in refused.value.errors] == ["place"]
    with pytest.raises(client.Problem, match="412") as other:
        study.put(f"pages/{page.id}/verification", {}, version=99)
    assert other.value.status == 412


def test_a_request_that_is_to_come_later_comes_later_and_is_carried_out_once(participant, fill, study_of, wang, wire):
    page = fill(participant, "consent").page
    study = study_of(wang)
    wire.refusals = [(503, {"Retry-After": "7"}), (429, {}), (503, {"Retry-After": "1"})]
    study.post("queries", {"page": str(page.id), "place": "icf_date", "text": "Right?"})
    assert study.pauses == [7, 4, 1]
    assert len({request.headers["Idempotency-key"] for request in wire.requests}) == 1
    assert Query.objects.count() == 1
    wire.refusals = [(503, {})] * client.ATTEMPTS
    with pytest.raises(client.Problem, match="503"):
        study.get("pages")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is done while the client pauses."""
    from prtras.datacut import snapshot

    monkeypatch.setattr(snapshot, "CONNECTION", "default")
    monkeypatch.setattr(building, "_contributors", [])


def test_a_bundle_is_requested_awaited_and_stored_whole(participant, worker, study_of, chen, tmp_path):
    study = study_of(chen)
    study.pause = lambda seconds: tasks.build(str(ExportJob.objects.get().id))
    job = study.export(tmp_path / "bundle.zip", **FIELDS)
    stored = ExportJob.objects.get()
    assert (job["sha256"], stored.recipient) == (stored.file.sha256, FIELDS["recipient"])
    assert (tmp_path / "bundle.zip").stat().st_size == stored.file.size
    assert [path.name for path in tmp_path.glob("bundle*")] == ["bundle.zip"]


def test_a_download_that_was_damaged_on_its_way_leaves_no_file(participant, worker, study_of, chen, tmp_path, wire):
    study = study_of(chen)
    job = study.post("exports", FIELDS)
    tasks.build(job["id"])
    wire.damage = True
    with pytest.raises(client.Damaged, match="SHA-256"):
        study.download(f"exports/{job['id']}/file", tmp_path / "bundle.zip")
    assert not list(tmp_path.glob("bundle*"))


def test_a_bundle_that_failed_is_an_error(participant, study_of, chen, tmp_path):
    study = study_of(chen)

    def fail(seconds: float) -> None:
        with acting(chen):
            ExportJob.objects.update(status="failed", log="no")

    study.pause = fail
    with pytest.raises(RuntimeError, match="is failed"):
        study.export(tmp_path / "bundle.zip", **FIELDS)


def test_it_needs_the_standard_library_alone() -> None:
    code = f"import sys; sys.path = [p for p in sys.path if 'site-packages' not in p] + [{str(CLIENTS / 'python')!r}]"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{code}\nimport prtras_client, json; print(json.dumps('ok'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == "ok"


def test_r_loads_a_bundle_into_labelled_data_frames(tmp_path):
    for name, content in CSV.write(picture()).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    graded = (tmp_path / "data" / "ae.csv").read_bytes().decode().split("\r\n")
    column = graded[0].split(",").index("ae_out")
    first = graded[1].split(",")
    graded[1] = ",".join([*first[:column], "ODD", *first[column + 1 :]])
    (tmp_path / "data" / "ae.csv").write_text("\r\n".join(graded), "utf-8", newline="")
    code = f"""
    source({str(CLIENTS / "R" / "load_bundle.R")!r})
    study <- load_bundle(".", "en")
    cat(length(study), as.character(study$ae$ae_grade)[1], class(study$participants$DAY0),
        attr(study$ae$ae_grade, "label"),
        attr(load_bundle(".", "zh")$ae$ae_grade, "label"), study$ae$ae_out[1], sep = "|")
    """
    done = subprocess.run(
        ["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    tables = len(list((tmp_path / "data").glob("*.csv")))
    assert done.stdout.split("|")[:3] == [str(tables), "Grade 2 Moderate", "Date"]
    assert "CTCAE" in done.stdout
    assert done.stdout.endswith("|ODD")
    assert "ae ae_out: unknown code ODD" in done.stderr
