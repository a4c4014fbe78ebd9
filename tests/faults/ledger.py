"""People who work through everything, and write down what the server acknowledged."""

import http.client
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import cycle
from urllib.parse import urlencode

from prtras.demo.cohort.people import DEMO_PASSWORD
from tests.exports.releases import FIELDS

TIMEOUT = 15


@dataclass
class Ledger:
    """What was sent and what was acknowledged; a value that got no answer may be stored or not."""

    saved: dict[str, list[str]] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    jobs: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    slowest: float = 0


class Person:
    """Someone with a browser that knows cookies and nothing else."""

    def __init__(self, username: str, port: int, ledger: Ledger) -> None:
        self.username, self.port, self.ledger = username, port, ledger
        self.cookies: dict[str, str] = {}

    def send(self, method: str, address: str, fields: dict[str, object] | None = None) -> tuple[int, str, str]:
        """Status, place and text of the answer; status 0 when there was none."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        body = urlencode((fields or {}) | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}, doseq=True)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        try:
            connection.request(method, address, body if method == "POST" else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.ledger.answers["none"] += 1
            return 0, "", ""
        finally:
            connection.close()
            self.ledger.slowest = max(self.ledger.slowest, time.monotonic() - began)
        self.ledger.answers[str(answer.status)] += 1
        for header in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return answer.status, answer.headers.get("Location", ""), text

    def sign_in(self) -> None:
        """Until it works."""
        while True:
            self.send("GET", "/sign-in/")
            status, place, _ = self.send("POST", "/sign-in/", {"username": self.username, "password": DEMO_PASSWORD})
            if status == 302 and "sign-in" not in place:
                return
            time.sleep(0.5)

    def save(self, page: str, typed: dict[str, object]) -> bool | None:
        """Submit a page as it is now: True acknowledged, False refused, None nobody knows."""
        status, place, text = self.send("GET", f"/pages/{page}/")
        if status == 302:
            self.sign_in()
        version = re.search(r'name="version" value="(\d+)"', text)
        if not version:
            return False
        fields = typed | {"version": version[1], "reason.all": "ENTRY", "act": "stay"}
        status, place, text = self.send("POST", f"/pages/{page}/", fields)
        shown = re.search(r'name="shown" value="([^"]*)"', text)
        if status == 422 and shown:
            status, place, text = self.send("POST", f"/pages/{page}/", fields | {"shown": shown[1]})
        if status == 302:
            return "sign-in" not in place
        return None if status in (0, 500, 502, 503) else False


def enter(person: Person, pages: list[str], typed: dict[str, object], stop: threading.Event) -> None:
    """Change one value of a page after the other; each value is new."""
    person.sign_in()
    number = 0
    while not stop.is_set():
        number += 1
        page, value = pages[number % len(pages)], f"{person.username}{number}"
        acknowledged = person.save(page, typed | {"icf_version": value})
        if acknowledged is not False:
            column = person.ledger.saved if acknowledged else person.ledger.unsure
            column.setdefault(page, []).append(value)
        time.sleep(0.05 if acknowledged else 0.3)


def report(person: Person, patient: str, typed: dict[str, object], stop: threading.Event) -> None:
    """One serious adverse event after the other: a new page of the log, then saved until that is acknowledged."""
    person.sign_in()
    while not stop.is_set():
        _, place, _ = person.send("POST", f"/participants/{patient}/add/", {"form": "ae"})
        page = re.fullmatch(r"/pages/([0-9a-f-]+)/", place)
        number = len(person.ledger.events) + 1
        while page and not stop.is_set():
            _, _, text = person.send("GET", f"/pages/{page[1]}/")
            stored = re.search(r'name="version" value="[1-9]', text)
            if stored or person.save(page[1], typed | {"ae_term": f"Fever {number}"}):
                person.ledger.events.add(page[1])
                break
            stop.wait(0.3)
        if not page and "sign-in" in place:
            person.sign_in()
        stop.wait(5)


def ask(person: Person, stop: threading.Event) -> None:
    """Bundles and runs; each that was acknowledged has to be done."""
    person.sign_in()
    requests = cycle([("bundle", "/exports/new/"), ("run", "/runs/start/")])
    while not stop.is_set():
        kind, address = next(requests)
        status, place, _ = person.send("POST", address, FIELDS if kind == "bundle" else {})
        if status == 302 and "sign-in" in place:
            person.sign_in()
        elif status == 302:
            person.ledger.jobs[kind] += 1
        stop.wait(8)
