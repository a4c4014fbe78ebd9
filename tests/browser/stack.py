"""The whole product in a folder of its own: `python -m tests.browser.stack <folder> <port>`.

A real PostgreSQL, Redis, web server and worker, with people, a synthetic cohort and one night run. Says `ready` when
the sign-in page comes and ends everything it started when its standard input ends, so that nothing outlives the tests.
"""

import http.client
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from prtras import embedded

HOST = "127.0.0.1"
PARTICIPANTS = 40
#: The last entries are three weeks old, so that visits are overdue.
LAST_ENTRY = timedelta(days=21)
START_SECONDS, END_SECONDS = 60, 15
PYTHON = (sys.executable, "-W", "ignore")


def main(folder: Path, port: int) -> None:
    """Start everything, say so, and wait for the end of standard input."""
    with ExitStack() as running:
        embedded.postgres_host(folder / "postgres", durable=False)
        running.enter_context(embedded.redis_server(folder / "redis"))
        log = running.enter_context((folder / "log").open("ab", buffering=0))
        manage("migrate", "--verbosity", "0", log=log)
        manage(
            "demo_cohort",
            f"--participants={PARTICIPANTS}",
            "--stage=followup",
            f"--today={last_entry(date.today())}",
            log=log,
        )
        for command in (web_server(port), worker()):
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            running.callback(end, child)
        manage("night_run", log=log)
        wait_for_page(port)
        print("ready", flush=True)
        sys.stdin.read()


def last_entry(today: date) -> date:
    """Always a Monday: the cohort avoids week-ends, so that it is the same every day, moved by whole weeks."""
    day = today - LAST_ENTRY
    return day - timedelta(days=day.weekday())


def manage(*arguments: str, log: object) -> None:
    """One of Django's commands; raises when it fails."""
    subprocess.run([*PYTHON, "manage.py", *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)


def web_server(port: int) -> list[str]:
    """The web server as the demo starts it, with one process."""
    command = [*PYTHON, "-m", "gunicorn", "prtras.wsgi:application", "--bind", f"{HOST}:{port}", "--no-control-socket"]
    return [*command, "--workers", "1", "--threads", "6", "--graceful-timeout", "2", "--log-level", "warning"]


def worker() -> list[str]:
    """One worker on the real broker."""
    command = [*PYTHON, "-m", "celery", "--app", "prtras", "--quiet", "worker", "--pool", "solo"]
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"]


def end(child: "subprocess.Popen[bytes]") -> None:
    """Ask politely, wait, then kill."""
    child.terminate()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_for_page(port: int) -> None:
    """Until the sign-in page comes. Raises TimeoutError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/sign-in/")
            if connection.getresponse().status == http.client.OK:
                return
        except ConnectionError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise TimeoutError("The sign-in page does not come.")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
