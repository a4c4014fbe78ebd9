"""The programs of the demo: how long their page may take, and how long they may take to end."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from prtras.demo import __main__ as demo

IGNORES = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
OBEYS = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))"


@pytest.fixture
def web(tmp_path: Path) -> demo.Program:
    """A web server that lives and wrote a line."""
    log = tmp_path / "web.log"
    log.write_text("Booting worker")
    return demo.Program("web", lambda: True, log)


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def quick() -> Iterator[int]:
    """The port of a server that answers at once."""
    with HTTPServer((demo.HOST, 0), Page) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("listens", [True, False])
def test_a_page_that_does_not_answer_in_time_ends_the_demo_and_names_the_log(
    web: demo.Program, monkeypatch: pytest.MonkeyPatch, listens: bool
) -> None:
    monkeypatch.setattr(demo, "START_SECONDS", 0.1)
    began = time.monotonic()
    with socket.socket() as silent:
        silent.bind((demo.HOST, 0))
        if listens:
            silent.listen()
        with pytest.raises(demo.DemoError) as ended:
            demo.wait_for_page(silent.getsockname()[1], [web])
    assert 0.1 <= time.monotonic() - began < 10
    assert f"{web.log}:\nBooting worker" in str(ended.value)


def test_a_page_that_answers_in_time_is_enough(web: demo.Program, quick: int) -> None:
    demo.wait_for_page(quick, [web])


@pytest.mark.parametrize(("at_the_end", "status"), [(IGNORES, -signal.SIGKILL), (OBEYS, 7)], ids=["ignores", "obeys"])
def test_a_program_that_does_not_end_in_time_is_killed(
    monkeypatch: pytest.MonkeyPatch, at_the_end: str, status: int
) -> None:
    monkeypatch.setattr(demo, "END_SECONDS", 0.2 if at_the_end == IGNORES else 60)
    code = f"import signal, sys\n{at_the_end}\nprint(flush=True)\nsignal.pause()"
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True) as child:
        assert child.stdout
        child.stdout.readline()
        demo.end(child)
        assert child.returncode == status
    assert time.monotonic() - began < 10
