"""A client of the PRTRAS EDC API. One file, Python 3.10 or newer, standard library only. Apache-2.0.

    from prtras_client import Client

    study = Client("https://edc.example.org", open("token.txt").read().strip())
    for participant in study.items("participants"):
        print(participant["number"], participant["state"])

A request that the server asks to repeat later (429, 503) is repeated. Every POST carries an Idempotency-Key of its own,
so that repeating it changes nothing twice.
"""

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

CHUNK = 1 << 16
#: Answers after which the same request is sent again, and how often.
LATER, ATTEMPTS = (429, 503), 5


class Problem(Exception):
    """The server refused: `status`, `detail` in the language of the client, and `errors`, each with item and check."""

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]]) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail, self.errors = status, detail, errors


class Damaged(Exception):
    """A download is not what the server sent."""


class Client:
    """The API of one installation, as the owner of a token. `pause` is called with seconds before another attempt."""

    def __init__(
        self, address: str, token: str, *, language: str = "en", timeout: float = 60,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.root = address.rstrip("/") + "/api/v1/"
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self.timeout, self.pause = timeout, pause

    # -- Asking --------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Any:
        """What stands at a path, such as `get("participants/01-001")`. Raises Problem."""
        with self._open("GET", path, query) as answer:
            return json.load(answer)

    def items(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every line of a list, over all its parts: `items("queries", state="open")`. Raises Problem."""
        while True:
            part = self.get(path, **query)
            yield from part["items"]
            if not part["next"] or part.get("more") is False:
                return
            query["after"] = part["next"]

    def changes(self, after: str | int | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """What changed since a cursor, each with the cursor to go on from; ends when there is no more for now."""
        while True:
            part = self.get("changes", **({} if after is None else {"after": after}))
            for line in part["items"]:
                yield str(line["id"]), line
            if not part["more"]:
                return
            after = part["next"]

    # -- Changing ------------------------------------------------------------------------------------

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> Any:
        """Carry out an act once, whatever happens on the way. Raises Problem."""
        with self._open("POST", path, {}, body or {}, {"Idempotency-Key": key or str(uuid.uuid4())}) as answer:
            return json.load(answer)

    def put(self, path: str, body: Mapping[str, Any], *, version: int | None = None) -> Any:
        """Store something whole on top of the version that was seen. Raises Problem: 412 when it has another one."""
        headers = {} if version is None else {"If-Match": str(version)}
        with self._open("PUT", path, {}, body, headers) as answer:
            return json.load(answer)

    # -- Bundles -------------------------------------------------------------------------------------

    def export(self, file: str | Path, *, every: float = 5, **request: Any) -> dict[str, Any]:
        """Request a bundle, wait for it, and store it: `export("bundle.zip", purpose="ANALYSIS", recipient="...",
        destination="CN")`. Raises Problem, Damaged, and RuntimeError for one that could not be built.
        """
        job: dict[str, Any] = self.post("exports", request)
        while job["status"] in ("queued", "running"):
            self.pause(every)
            job = self.get(f"exports/{job['id']}")
        if job["status"] != "done":
            raise RuntimeError(f"the bundle {job['id']} is {job['status']}")
        self.download(f"exports/{job['id']}/file", file)
        return job

    def download(self, path: str, file: str | Path) -> str:
        """Store a file piece by piece; its SHA-256, which was compared with the server's. Raises Problem, Damaged."""
        checksum, part = hashlib.sha256(), Path(f"{file}.part")
        with self._open("GET", path, {}, headers={"Accept": "application/zip"}) as answer, part.open("wb") as stored:
            while chunk := answer.read(CHUNK):
                checksum.update(chunk)
                stored.write(chunk)
            expected = answer.headers.get("X-Content-SHA256", "")  # type: ignore[attr-defined]
        if checksum.hexdigest() != expected:
            part.unlink()
            raise Damaged(f"{path}: SHA-256 {checksum.hexdigest()}, the server says {expected or 'none'}")
        part.replace(file)
        return expected

    # -- Within --------------------------------------------------------------------------------------

    def _open(
        self, method: str, path: str, query: Mapping[str, Any], body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> IO[bytes]:  # fmt: skip
        address = self.root + urllib.parse.quote(path) + ("?" + urllib.parse.urlencode(query) if query else "")
        content = None if body is None else json.dumps(body).encode()
        sent = {**self.headers, **({"Content-Type": "application/json"} if content else {}), **(headers or {})}
        for attempt in range(1, ATTEMPTS + 1):
            request = urllib.request.Request(address, content, sent, method=method)  # noqa: S310 (the user's address)
            try:
                answer: IO[bytes] = urllib.request.urlopen(request, timeout=self.timeout)  # noqa: S310
            except urllib.error.HTTPError as refused:
                if refused.code not in LATER or attempt == ATTEMPTS:
                    raise _problem(refused) from None
                self.pause(float(refused.headers.get("Retry-After") or 2**attempt))
            else:
                return answer
        raise AssertionError("unreachable")


def _problem(refused: urllib.error.HTTPError) -> Problem:
    """The refusal as the server words it."""
    try:
        answered = json.load(refused)
    except ValueError:
        answered = {}
    return Problem(refused.code, answered.get("detail") or str(refused.reason), answered.get("errors", []))
