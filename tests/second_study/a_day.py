"""One day of HTN-002, through the pages that people use; writes what it saw as JSON.

`python -m tests.second_study.a_day` runs in a process of its own on a migrated, empty database.
"""

import csv
import io
import json
import re
import sys
import zipfile
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.test import Client  # noqa: E402 - models can be imported from here on
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

import prtras.celery  # noqa: E402, F401 - as the web server does
from prtras.accounts.access import system_user  # noqa: E402
from prtras.accounts.managing import NewAccount, accept_policies, open_account, set_up_installation, switch  # noqa: E402
from prtras.accounts.models import ArmView, Membership, User  # noqa: E402
from prtras.accounts.policies import POLICIES  # noqa: E402
from prtras.audit.models import AuditEvent  # noqa: E402
from prtras.audit.replay import unexplained  # noqa: E402
from prtras.crf.models import CrfPage, Participant  # noqa: E402
from prtras.entry.nightly_checks import run_checks  # noqa: E402
from prtras.exports.models import ExportJob  # noqa: E402
from prtras.review.models import Query  # noqa: E402
from tests.exports.releases import FIELDS  # noqa: E402

PASSWORD = "correct-horse-0"
TODAY = timezone.localdate()
PEOPLE = {"nora": "nurse", "ivo": "investigator", "mona": "monitor", "stan": "statistician"}


def open_accounts() -> dict[str, Client]:
    """The installation opens an account for everyone; everyone signs in."""
    set_up_installation("A", "甲院", "Hospital A", "adam", PASSWORD)
    for name, role in PEOPLE.items():
        new = NewAccount(username=name, display_name=name.title(), site="A", role=role)
        open_account(new, user=system_user(), password=PASSWORD)
    return {name: sign_in(name) for name in ("adam", *PEOPLE)}


def sign_in(name: str) -> Client:
    """A browser in which someone signed in; they read English."""
    accept_policies(User.objects.get(username=name), [policy.code for policy in POLICIES])
    client = Client(headers={"accept-language": "en"})
    answer = client.post(reverse("accounts:sign_in"), {"username": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def send(client: Client, page: CrfPage, **typed: Any) -> tuple[int, str]:
    """Submit a page as the browser does: status and what the page says. Two underscores stand for a dot."""
    page.refresh_from_db()
    sent = {name.replace("__", "."): value for name, value in typed.items()}
    answer = client.post(reverse("entry:page", args=[page.id]), sent | {"version": page.version, "act": "next"})
    return answer.status_code, answer.content.decode()


def page_of(participant: Participant, form: str, visit: str | None = None) -> CrfPage:
    """The page of a form, at a visit where there are several."""
    return CrfPage.objects.get(participant=participant, form=form, **({"visit__code": visit} if visit else {}))


def enter(nora: Client) -> dict[str, Any]:
    """The nurse registers someone and fills pages; the checks refuse, ask, and open a query."""
    seen: dict[str, Any] = {}
    first = nora.post(reverse("htn:join"))
    participant = Participant.objects.get()
    agreement, blood = page_of(participant, "agree"), page_of(participant, "bp", "V1")
    seen["first page"] = first["Location"] == reverse("entry:page", args=[agreement.id])
    seen["opens"] = [nora.get(reverse("entry:page", args=[page.id])).status_code for page in (agreement, blood)]
    agreed = TODAY - timedelta(days=30)
    seen["agreement"] = send(nora, agreement, agreed_on=f"{agreed}", leaflet="2.0", initials="ABC")[0]
    readings = {"bp_date": f"{agreed}", "cuff": "L", "pulse": "70", "row__1__sbp": "150", "row__2__sbp": "144"}
    status, text = send(nora, blood, **readings, row__1__dbp="152", row__2__dbp="88")
    seen["refused"] = (status, "Diastolic must be below systolic." in text)
    seen["saved"] = send(nora, blood, **readings, row__1__dbp="92", row__2__dbp="88")[0]
    nora.post(reverse("htn:add", args=[participant.number]), {"what": "visit"})
    extra = page_of(participant, "bp", "X")
    again = {"bp_date": f"{agreed + timedelta(days=3)}", "cuff": "R", "pulse": "115", "row__1__sbp": "139",
             "row__1__dbp": "80"}  # fmt: skip
    status, text = send(nora, extra, **again)
    shown = re.search(r'name="shown" value="([^"]*)"', text)
    seen["questioned"] = (status, "Pulse rose by more than 40" in text, shown and shown[1])
    seen["saved with a query"] = send(nora, extra, **again, shown=shown[1] if shown else "")[0]
    nora.post(reverse("htn:add", args=[participant.number]), {"what": "event"})
    event = page_of(participant, "event")
    seen["event"] = send(nora, event, what="Dizzy", began=f"{agreed:%Y-%m}", serious="N")[0]
    seen["queries"] = list(Query.objects.values_list("check_id", "state", "page__form"))
    seen["reminded of"] = participant.number in nora.get(reverse("htn:reminders")).content.decode()
    return seen


def review(browsers: dict[str, Client]) -> dict[str, Any]:
    """The query is answered and closed; pages are verified, signed and locked; then nobody changes them."""
    nora, ivo, mona = (browsers[name] for name in ("nora", "ivo", "mona"))
    participant, query = Participant.objects.get(), Query.objects.get()
    say = reverse("review:say", args=[query.id])
    nora.post(say, {"act": "answer", "text": "Measured twice."})
    mona.post(say, {"act": "close", "text": "Thank you."})
    query.refresh_from_db()
    pages = [page_of(participant, "agree"), page_of(participant, "bp", "V1"), page_of(participant, "bp", "X"),
             page_of(participant, "event")]  # fmt: skip
    for page in pages:
        mona.post(reverse("review:verify", args=[page.id]), {"place": "", "version": page.version})
    keys = [f"{page.id}:{page.version}" for page in pages]
    signed = ivo.post(reverse("review:sign"), {"page": keys, "meaning": "CONFIRMED", "password": PASSWORD})
    for page in pages:
        mona.post(reverse("review:hold"), {"page": str(page.id), "act": "locked", "reason": "Clean."})
        page.refresh_from_db()
    states = [(page.verified, page.signed, page.hold) for page in pages]
    version = pages[0].version
    send(nora, pages[0], agreed_on=f"{TODAY}", leaflet="9", reason__all="SOURCE")
    pages[0].refresh_from_db()
    return {
        "query": query.state,
        "sign": signed.status_code,
        "pages": states,
        "unchanged when locked": pages[0].version == version,
    }


def export(stan: Client) -> dict[str, Any]:
    """The statistician asks for a bundle; the worker builds it; its tables as they are read back."""
    requested = stan.post(reverse("exports:ask"), FIELDS)
    job = ExportJob.objects.get()
    answer = stan.get(reverse("exports:download", args=[job.id]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    tables = {}
    for name in archive.namelist():
        if name.startswith("data/"):
            rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            tables[name.removeprefix("data/").removesuffix(".csv")] = list(rows)
    return {
        "requested": requested.status_code,
        "job": [job.status, job.log],
        "file": answer["Content-Disposition"],
        "names": sorted(archive.namelist()),
        "study": json.loads(archive.read("manifest.json"))["study"],
        "head": archive.read("data/participants.csv").decode("utf-8-sig").splitlines()[0],
        "tables": tables,
        "looks at results by arm": ArmView.objects.count(),
    }


def export_odm(stan: Client) -> list[str]:
    """The same as ODM, which was read back before it was offered: the tables that it defines."""
    stan.post(reverse("exports:ask"), FIELDS | {"format": "odm"})
    job = ExportJob.objects.get(format="odm")
    answer = stan.get(reverse("exports:download", args=[job.id]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    assert archive.read("odm/transactional.xml").count(b"<AuditRecord>") > 10
    return re.findall(r'<ItemGroupDef OID="IG.(\w+)"', archive.read("odm/metadata.xml").decode())


def look_around(browsers: dict[str, Client]) -> dict[str, Any]:
    """Every screen of the platform: its status, and which of PRTRAS's words stand on it."""
    page, participant = CrfPage.objects.filter(version__gt=0).first(), Participant.objects.get()
    assert page
    screens = {
        "adam": ["accounts:people", "accounts:access_review", "accounts:my_account", "accounts:policies", "trail:list"],
        "mona": ["review:inbox", "review:checks", "review:readiness", "trail:list", "trail:data_review"],
        "ivo": ["review:sign", "accounts:my_account"],
        "stan": ["exports:index", "exports:dictionary", "exports:dictionary_csv"],
        "nora": ["htn:people"],
    }
    places = [(name, reverse(view)) for name, views in screens.items() for view in views]
    places += [("nora", reverse("entry:page", args=[page.id])), ("mona", reverse("entry:page", args=[page.id])),
               ("mona", reverse("trail:history", args=[page.id])), ("nora", reverse("htn:participant", args=["A-1"])),
               ("nora", "/nowhere/")]  # fmt: skip
    for code in ("queried", "missing", "unverified", "unsigned"):
        places.append(("mona", reverse("review:ready_pages", args=[code])))
    answers = [(address, browsers[name].get(address)) for name, address in places]
    answers.append(("signed out", Client(headers={"accept-language": "en"}).get(reverse("accounts:sign_in"))))
    printed = []
    for view, names in (("paper:print_crf", ["annotated", "en"]), ("paper:print_casebook", ["A-1", "zh"])):
        waiting = browsers["nora"].post(reverse(view, args=names))
        answer = browsers["nora"].get(waiting["Location"])
        printed.append((b"".join(answer) if answer.streaming else answer.content)[:5].decode())
    return {
        "start": {name: browsers[name].get("/")["Location"] for name in browsers},
        "status": {address: answer.status_code for address, answer in answers},
        "words of PRTRAS": {
            address: words
            for address, answer in answers
            if (words := re.findall(r"PRTRAS-001|NCT07120750|IIT-2024|results by arm|by arm", answer.content.decode()))
        },
        "nurse is offered": 'value="nurse"' in browsers["adam"].get(reverse("accounts:people")).content.decode(),
        "reminders": {name: browsers[name].get(reverse("htn:reminders")).status_code for name in browsers},
        "roles in the trail": sorted(set(AuditEvent.objects.filter(actor_name="nora").values_list("role", flat=True))),
        "links to the participant": reverse("htn:participant", args=[participant.number])
        in browsers["mona"].get(reverse("entry:page", args=[page.id])).content.decode(),
        "names the study": "HTN-002 · NCT00000002" in answers[-1][1].content.decode(),
        "printed": printed,
    }


def main() -> None:
    """The day in order."""
    browsers = open_accounts()
    switch(Membership.objects.get(user__username="ivo"), "export", user=User.objects.get(username="adam"))
    seen: dict[str, Any] = {"entry": enter(browsers["nora"]), "review": review(browsers)}
    seen["export"] = export(browsers["stan"])
    seen["odm"] = export_odm(browsers["stan"])
    batch = run_checks(user=User.objects.get(username="system"))
    seen["night"] = {"pages": batch.pages, "opened": batch.opened}
    seen["around"] = look_around(browsers)
    seen["trail explains every row"] = unexplained() == []
    seen["modules"] = sorted({name.split(".")[0] for name in sys.modules})
    print(json.dumps(seen, ensure_ascii=False))


if __name__ == "__main__":
    main()
